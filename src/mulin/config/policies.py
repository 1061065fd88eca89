"""Every route's policy, joined from the parts; a route that stands in none of them is denied."""

from __future__ import annotations

from importlib import import_module

from mulin.identity.policy import Policy

SOURCES = (
    "mulin.portals.policies",
    "mulin.parts.areas.policies",
    "mulin.parts.registry.policies",
    "mulin.parts.partners.policies",
    "mulin.parts.service_requests.policies",
    "mulin.config.api_policies",
)


def joined(sources: tuple[str, ...]) -> dict[str, Policy]:
    """All policies by route; two declarations of one route are an error."""
    policies: dict[str, Policy] = {}
    for source in sources:
        own: dict[str, Policy] = import_module(source).POLICIES
        twice = policies.keys() & own.keys()
        if twice:
            raise ValueError(f"{source} declares again: {', '.join(sorted(twice))}")
        policies |= own
    return policies


POLICIES = joined(SOURCES)
