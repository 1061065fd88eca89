"""One error shape: a designed page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language

from mulin.kernel import errors
from mulin.web.pages import page

STATUS: tuple[tuple[type[errors.MulinError], HTTPStatus], ...] = (
    (errors.NotFound, HTTPStatus.NOT_FOUND),
    (errors.SignInRequired, HTTPStatus.UNAUTHORIZED),
    (errors.Conflict, HTTPStatus.CONFLICT),
    (errors.LimitReached, HTTPStatus.TOO_MANY_REQUESTS),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (errors.InvalidInput, HTTPStatus.UNPROCESSABLE_ENTITY),
)
PAGES = {400, 403, 404, 413, 429, 500, 503}


def status_of(error: errors.MulinError) -> int:
    return next((int(status) for kind, status in STATUS if isinstance(error, kind)), 400)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def error_response(request: HttpRequest, error: errors.MulinError) -> HttpResponse:
    status = status_of(error)
    message = error.text.in_language(get_language() or "zh-hans")
    if wants_json(request):
        return problem(status, code=error.code, detail=message, fields=field_problems(error))
    return error_page(request, status, message)


def field_problems(error: errors.MulinError) -> list[dict[str, str]]:
    language = get_language() or "zh-hans"
    problems = getattr(error, "problems", None) or []
    return [{"field": item.field, "message": item.text.in_language(language)} for item in problems]


def problem(
    status: int, *, code: str, detail: str, fields: list[dict[str, str]] | None = None
) -> JsonResponse:
    """An RFC 9457 body: type, title, status, detail, and the fields at fault."""
    body: dict[str, object] = {
        "type": f"urn:mulin:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if fields:
        body["errors"] = fields
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    name = status if status in PAGES else 400 if status < 500 else 500
    return page(request, f"errors/{name}.html", {"message": message, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain(request, 400, "bad-request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain(request, 403, "forbidden")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return plain(request, 404, "not-found")


def server_error(request: HttpRequest) -> HttpResponse:
    return plain(request, 500, "server-error")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return plain(request, 403, "form-expired")


def plain(request: HttpRequest, status: int, code: str) -> HttpResponse:
    if wants_json(request):
        return problem(status, code=code, detail=HTTPStatus(status).phrase)
    return error_page(request, status)
