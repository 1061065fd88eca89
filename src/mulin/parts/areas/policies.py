"""Who may use which page of areas; the doorway to each area checks that it lies in the actor's own."""

from mulin.identity.policy import Policy, needs

POLICIES: dict[str, Policy] = {
    "areas:list": needs("areas.view"),
    "areas:area": needs("areas.view"),
    "areas:notice": needs("areas.view"),
    "areas:staffing": needs("areas.view"),
    "areas:points": needs("areas.view"),
    "areas:create": needs("areas.manage"),
    "areas:create_top": needs("areas.manage"),
    "areas:change": needs("areas.manage"),
    "areas:boundaries": needs("areas.manage"),
    "areas:establish": needs("areas.manage"),
    "areas:dissolve": needs("areas.manage"),
    "areas:appoint": needs("posts.manage"),
    "areas:leave": needs("posts.manage"),
    "areas:cover": needs("posts.manage"),
    "areas:hand_over": needs("posts.manage"),
}
