"""The OpenAPI document against the application itself, with whatever a generator thinks of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mulin.config.wsgi import application
from tests.api.conftest import new_token
from tests.support.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 400 if os.environ.get("MULIN_DRILL") == "1" else 12
CALLERS = ("worker", "manager", "shop", "nobody")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def one_connection_without_limit(settings: Any) -> Iterator[None]:
    """The calls stay inside the test's transaction, and there may be many of them."""
    settings.MULIN_API_CALLS_A_MINUTE = 1_000_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(standing: World) -> dict[str, Any]:
    """What is really there, so that generated calls reach further than the door."""
    request = standing.raise_request()
    return {
        "public_id": request.public_id,
        "type": standing.kind.code,
        "area_code": standing.grid.code,
        "area": standing.community.code,
        "parent": standing.community.code,
        "partners": [standing.partner.public_id],
    }


@pytest.fixture(params=CALLERS)
def token(request: pytest.FixtureRequest, standing: World) -> str:
    return "mulin-unknown" if request.param == "nobody" else new_token(standing, request.param)


@document.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_declared_and_none_is_a_failure(case: Any, token: str, known: dict[str, Any]) -> None:
    for part in (case.path_parameters, case.query, case.body):
        put_known(part, known)
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=CHECKS)
    assert not (token == "mulin-unknown" and answer.status_code < 400)


def put_known(part: Any, known: dict[str, Any]) -> None:
    """Half of the generated values give way to real ones; which half hangs on the generated value itself."""
    if not isinstance(part, dict):
        return
    for name in known.keys() & part.keys():
        if len(str(part[name])) % 2 == 0:
            part[name] = known[name]
