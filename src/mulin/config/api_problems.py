"""Every refusal of the API as problem+json, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from mulin.config.api_access import TooOften
from mulin.kernel.errors import InvalidInput, MulinError, Text
from mulin.web.errors import error_response, problem

SIGN_IN = Text(
    zh="请在 Authorization 请求头里带上有效的令牌：Bearer <令牌>。",
    en="Please send a valid token in the Authorization header: Bearer <token>.",
)
NOT_JSON = Text(
    zh="请求体不是有效的 JSON（UTF-8）。", en="The body of the request is not valid JSON in UTF-8."
)
NOT_THIS_TYPE = Text(
    zh="请求体请用 JSON，并带上请求头 Content-Type: application/json。",
    en="Please send JSON with the header Content-Type: application/json.",
)
TOO_LARGE = Text(zh="请求体太大了，最多 2 MB。", en="The body of the request is too large; 2 MB is the most.")
FORM_EXPIRED = Text(
    zh="页面已过期，请刷新后重新提交。", en="The page has expired. Please reload it and send it again."
)

# What pydantic calls a fault → what a person is told.
FAULTS: dict[str, Text] = {
    "missing": Text(zh="缺少这一项。", en="This is missing."),
    "extra_forbidden": Text(zh="没有这一项，请检查拼写。", en="There is no such field. Please check the spelling."),
    "string_type": Text(zh="应为文字。", en="This should be a text."),
    "string_unicode": Text(zh="文字里有无法识别的字符。", en="The text holds signs that are not valid Unicode."),
    "string_too_long": Text(zh="太长了，最多 {max_length} 个字。", en="Too long; {max_length} characters are the most."),
    "string_too_short": Text(zh="太短了，至少 {min_length} 个字。", en="Too short; {min_length} characters are the least."),
    "string_pattern_mismatch": Text(zh="含有不能用的字符。", en="It holds signs that cannot be used here."),
    "too_long": Text(zh="太多了，最多 {max_length} 个。", en="Too many; {max_length} are the most."),
    "too_short": Text(zh="太少了，至少 {min_length} 个。", en="Too few; {min_length} are the least."),
    "enum": Text(zh="只能是其中之一：{expected}。", en="It must be one of: {expected}."),
    "literal_error": Text(zh="只能是其中之一：{expected}。", en="It must be one of: {expected}."),
    "greater_than_equal": Text(zh="不能小于 {ge}。", en="It cannot be less than {ge}."),
    "less_than_equal": Text(zh="不能大于 {le}。", en="It cannot be more than {le}."),
    "timezone_aware": Text(zh="时间要带时区，例如 2026-03-01T08:00:00+08:00。", en="A time needs its zone, as in 2026-03-01T08:00:00+08:00."),
}  # fmt: skip
FAULT_FAMILIES: dict[str, Text] = {
    "int": Text(zh="应为整数。", en="This should be a whole number."),
    "float": Text(zh="应为数字。", en="This should be a number."),
    "finite": Text(zh="应为数字。", en="This should be a number."),
    "bool": Text(zh="应为 true 或 false。", en="This should be true or false."),
    "date": Text(zh="应为日期，例如 2026-03-01。", en="This should be a date such as 2026-03-01."),
    "datetime": Text(zh="应为时间，例如 2026-03-01T08:00:00+08:00。", en="This should be a time such as 2026-03-01T08:00:00+08:00."),
    "list": Text(zh="应为列表。", en="This should be a list."),
    "model": Text(zh="应为 JSON 对象。", en="This should be a JSON object."),
    "dict": Text(zh="应为 JSON 对象。", en="This should be a JSON object."),
}  # fmt: skip
ANY_FAULT = Text(zh="这一项的内容不对。", en="This value cannot be used.")


class WrongMediaType(Exception):
    """The body is not declared as JSON."""


def said(text: Text) -> str:
    return text.in_language(get_language() or "zh-hans")


def fault(item: Mapping[str, Any]) -> dict[str, str]:
    """One field at fault, in words: where it is and what is wrong with it."""
    kind, context = str(item["type"]), item.get("ctx") or {}
    text = FAULTS.get(kind) or FAULT_FAMILIES.get(kind.split("_", 1)[0], ANY_FAULT)
    # The first two steps are where it was sent and the name of our own parameter for a body.
    steps = [str(step) for step in item["loc"]]
    field = ".".join(steps[2:] if steps[0] == "body" else steps[1:])
    return {"field": field or steps[0], "message": said(text).format_map(context)}


def install(api: NinjaAPI) -> None:
    """Let `api` answer every refusal in the one shape."""

    @api.exception_handler(MulinError)
    def on_mulin_error(request: HttpRequest, error: MulinError) -> HttpResponse:
        return error_response(request, error)

    @api.exception_handler(TooOften)
    def on_too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
        response = error_response(request, error)
        response.headers["Retry-After"] = str(error.wait_seconds)
        return response

    @api.exception_handler(AuthenticationError)
    def on_no_one(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = problem(401, code="sign-in-required", detail=said(SIGN_IN))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, WrongMediaType):
            return problem(415, code="media-type", detail=said(NOT_THIS_TYPE))
        if error.status_code == 403:
            return problem(403, code="form-expired", detail=said(FORM_EXPIRED))
        assert error.status_code == 400, "ninja itself raises no other"
        return problem(400, code="not-json", detail=said(NOT_JSON))

    @api.exception_handler(RequestDataTooBig)
    def on_too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(413, code="too-large", detail=said(TOO_LARGE))

    @api.exception_handler(ValidationError)
    def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [fault(item) for item in error.errors]
        return problem(422, code="invalid-input", detail=said(InvalidInput.default_text), fields=fields)
