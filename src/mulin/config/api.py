"""The root of the API: one OpenAPI document, one error shape, bearer tokens or the page's own session."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from mulin import __version__
from mulin.config import api_problems
from mulin.config.api_access import Bearer, Session
from mulin.config.api_problems import WrongMediaType

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class JsonOnly(Parser):
    """Bodies are JSON and say so; what JSON itself does not allow (NaN, Infinity) is not taken either."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != JSON:
            raise WrongMediaType(request.content_type)
        return json.loads(request.body.decode("utf-8"), parse_constant=refuse_constant)


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


class Api(NinjaAPI):
    """Ninja's, with refusals declared under the media type that they are sent with."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {PROBLEM_JSON: response["content"][JSON]}
        return schema


api = Api(
    title="睦邻 Mulin",
    version=__version__,
    description=(
        "需求有人接，承诺看得见，账目都公开。Needs meet help, promises are kept, and the books are open.\n\n"
        "Ask with a token: `Authorization: Bearer <token>`. Give every change an `operation_id` (or the header "
        "`Idempotency-Key`): sent again, it happens once. Every refusal is problem+json in the language of "
        "`Accept-Language`. What you may not see does not exist: both are 404."
    ),
    urls_namespace="api",
    docs_url=None,
    auth=[Bearer(), Session()],
    parser=JsonOnly(),
)
for part in ("service_requests", "areas", "partners"):
    api.add_router("", f"mulin.parts.{part}.api.router")
api_problems.install(api)
