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
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
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


REFUSALS: dict[int, errors.Text] = {
    400: errors.Text(
        zh="请求不完整或有误，没有办理。", en="The request was incomplete or wrong; nothing was done."
    ),
    403: errors.Text(
        zh="页面已过期，请刷新后重新提交。", en="The page has expired. Please reload it and send it again."
    ),
    404: errors.NotFound.default_text,
    405: errors.Text(
        zh="这个地址不支持这种请求方法，可用的方法见 Allow 响应头。",
        en="This address does not take this method; the Allow header says which it takes.",
    ),
    413: errors.Text(zh="发送的内容太大了。", en="What was sent is too large."),
    500: errors.Text(
        zh="服务器出错了，没有办成，原因已记入日志。请稍后再试。",
        en="The server failed and nothing was done; the log says why. Please try again later.",
    ),
}


def plain(request: HttpRequest, status: int, code: str) -> HttpResponse:
    if wants_json(request):
        return plain_problem(status, code)
    return error_page(request, status)


def plain_problem(status: int, code: str) -> HttpResponse:
    text = REFUSALS.get(status, REFUSALS[500 if status >= 500 else 400])
    return problem(status, code=code, detail=text.in_language(get_language() or "zh-hans"))
