from mulin.identity.policy import Policy

WORK_POLICIES: dict[str, Policy] = {}
