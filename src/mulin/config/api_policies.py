"""Policies of the API's own routes and of the small lists; those of requests stand beside their operations."""

from __future__ import annotations

from mulin.identity.policy import Policy, anyone, needs

POLICIES: dict[str, Policy] = {
    "GET api/v1/": anyone(),  # answers 404 to everyone
    "GET api/v1/openapi.json": anyone(),
    "GET api/v1/areas": needs("areas.view"),
    "GET api/v1/partners": needs("partners.view"),
}
