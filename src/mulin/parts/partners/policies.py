"""Who may use which page of partners."""

from mulin.identity.policy import Policy, anyone, needs

POLICIES: dict[str, Policy] = {
    "partners:list": needs("partners.view"),
    "partners:new": needs("partners.manage"),
    "partners:one": needs("partners.view"),
    "partners:look": needs("partners.look"),
    "partners:decide": needs("partners.manage"),
    "partners:account": needs("partners.manage"),
    "partners:join": anyone(),
    "partners:join_sent": anyone(),
    "partners:profile": needs("partner.act"),
}
