"""What kinds of partners there are and which states a partner passes through."""

from __future__ import annotations

from enum import StrEnum


class PartnerKind(StrEnum):
    """Who a partner is; the kind decides which papers are asked for."""

    DOUBLE_REPORTING_UNIT = "double_reporting_unit"
    MARKET_ENTITY = "market_entity"
    PROFESSIONAL = "professional"
    COMMUNITY_TALENT = "community_talent"
    SOCIAL_ORGANIZATION = "social_organization"
    PROPERTY_COMPANY = "property_company"


class PartnerState(StrEnum):
    """Only an admitted partner is offered anything; a suspended one leaves the offers at once."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    LEFT = "left"


NEXT_STATES: dict[PartnerState, frozenset[PartnerState]] = {
    PartnerState.APPLIED: frozenset({PartnerState.ADMITTED, PartnerState.REFUSED, PartnerState.LEFT}),
    PartnerState.ADMITTED: frozenset({PartnerState.SUSPENDED, PartnerState.LEFT}),
    PartnerState.SUSPENDED: frozenset({PartnerState.ADMITTED, PartnerState.LEFT}),
    PartnerState.REFUSED: frozenset({PartnerState.APPLIED}),
    PartnerState.LEFT: frozenset({PartnerState.APPLIED}),
}


def may_become(state: PartnerState, wanted: PartnerState) -> bool:
    """Whether a partner in `state` may be put into `wanted`."""
    return wanted in NEXT_STATES[state]
