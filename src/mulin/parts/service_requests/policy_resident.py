from mulin.identity.policy import Policy

RESIDENT_POLICIES: dict[str, Policy] = {}
PARTNER_POLICIES: dict[str, Policy] = {}
