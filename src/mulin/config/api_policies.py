"""Policies of the API's own routes; those of the parts stand beside their operations."""

from __future__ import annotations

from mulin.identity.policy import Policy, anyone

POLICIES: dict[str, Policy] = {
    "GET api/v1/openapi.json": anyone(),
}
