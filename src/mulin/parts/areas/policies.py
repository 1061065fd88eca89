from mulin.identity.policy import Policy

POLICIES: dict[str, Policy] = {}
