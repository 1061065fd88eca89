"""The root of the API: one OpenAPI document, one error shape, bearer tokens or the page's own session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import SimpleRateThrottle

from mulin import __version__
from mulin.identity.access import Actor
from mulin.identity.middleware import policies, policy_key
from mulin.kernel.errors import MulinError
from mulin.web.errors import error_response, problem


CODES = {404: "not-found", 429: "limit-reached"}


class ByActor(SimpleRateThrottle):
    """Counts what one actor asks in a minute; somebody unknown is counted by address."""

    def __init__(self) -> None:
        super().__init__("600/m")

    def get_cache_key(self, request: HttpRequest) -> str | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return f"api:{actor.public_id or self.get_ident(request)}"


class Bearer(HttpBearer):
    """A token in the Authorization header. The gate has already looked it up; here the operation's policy is asked."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return allowed(request)


class Session(APIKeyCookie):
    """The session of a signed-in page, protected by the page's own CSRF token."""

    param_name = "mulin"

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return allowed(request)


def allowed(request: HttpRequest) -> Actor | None:
    """The actor, when it may use this operation; None leads to 401."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    policy = policies()[policy_key(request)]
    if not actor.is_signed_in:
        return None
    if not policy.allows(actor):
        raise HttpError(404, _("没有找到，或者您没有查看的权限。"))
    return actor


api = NinjaAPI(
    title="Mulin",
    version=__version__,
    description="睦邻 · Needs meet help, promises are kept, and the books are open.",
    urls_namespace="api",
    docs_url=None,
    auth=[Bearer(), Session()],
    throttle=[ByActor()],
)
api.add_router("", "mulin.parts.service_requests.api.router")


@api.exception_handler(MulinError)
def on_mulin_error(request: HttpRequest, error: MulinError) -> HttpResponse:
    return error_response(request, error)


@api.exception_handler(AuthenticationError)
def on_no_one(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, code="sign-in-required", detail=_("请带上有效的访问令牌。"))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    code = CODES.get(error.status_code, "request-refused")
    return problem(error.status_code, code=code, detail=str(error))


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [{"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]} for item in error.errors]
    return problem(422, code="invalid-input", detail=_("填写的内容有问题，请改正后再提交。"), fields=fields)
