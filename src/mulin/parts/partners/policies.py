"""Who may use which page of partners."""

from mulin.identity.policy import Policy, anyone, needs

POLICIES: dict[str, Policy] = {
    "partners:work_list": needs("partners.view"),
    "partners:work_new": needs("partners.manage"),
    "partners:work_one": needs("partners.view"),
    "partners:work_look": needs("partners.view"),
    "partners:work_decide": needs("partners.manage"),
    "partners:work_account": needs("partners.manage"),
    "partners:join": anyone(),
    "partners:join_sent": anyone(),
    "partners:profile": needs("partner.act"),
}
