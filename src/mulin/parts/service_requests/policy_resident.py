"""Residents need no account: a matter opens by its secret link. Partners act for the partner they belong to."""

from mulin.identity.policy import Policy, anyone, needs, signed_in

RESIDENT_POLICIES: dict[str, Policy] = {
    "service_requests:choose": anyone(),
    "service_requests:code_page": anyone(),
    "service_requests:new": anyone(),
    "service_requests:by_secret": anyone(),
    "service_requests:slip": anyone(),
    "service_requests:photo": anyone(),
    "service_requests:find": anyone(),
    "service_requests:draft_photo": anyone(),
    "service_requests:me": signed_in(),
    "service_requests:mine": signed_in(),
}

PARTNER_POLICIES: dict[str, Policy] = {
    "service_requests:partner_home": needs("partner.act"),
    "service_requests:partner_work": needs("partner.act"),
    "service_requests:partner_photo": needs("partner.act"),
    "service_requests:partner_history": needs("partner.act"),
}
