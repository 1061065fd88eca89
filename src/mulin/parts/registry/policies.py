"""Who may use which page of the registry; the doorway to each person checks that they live in the actor's area."""

from mulin.identity.policy import Policy, needs

POLICIES: dict[str, Policy] = {
    "registry:list": needs("registry.view"),
    "registry:person": needs("registry.view"),
    "registry:look": needs("registry.look"),
    "registry:household": needs("registry.view"),
}
