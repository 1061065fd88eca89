"""The first day of a real county, done as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction

from mulin.base import packs
from mulin.cli.accounts import Made, account_add
from mulin.cli.area_tables import COUNTY_DIGITS, tree_rows
from mulin.cli.places import has_areas
from mulin.config.environment import keep_variables
from mulin.identity.access import SYSTEM
from mulin.identity.selectors import users_visible_to
from mulin.kernel.clock import Clock
from mulin.kernel.errors import Conflict, FieldProblem, InvalidInput
from mulin.parts.areas.selectors import area_by_code
from mulin.parts.areas.services import tree_import

LOGIN_NAMES = {
    "system_administrator": "system.admin",
    "security_administrator": "security.admin",
    "audit_administrator": "audit.admin",
}
COUNTIES_SHOWN = 400
PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class FirstDay:
    """What was set up; the passwords are told once and kept nowhere."""

    county: str
    code: str
    areas: int
    accounts: list[Made]

    def as_dict(self) -> dict[str, object]:
        accounts = [
            {
                "role": one.role,
                "name": one.display_name,
                "login_name": one.login_name,
                "password": one.password,
            }
            for one in self.accounts
        ]
        return {"county": self.county, "code": self.code, "areas": self.areas, "accounts": accounts}


def refuse_unless_empty() -> None:
    """Raise Conflict when there are areas or accounts."""
    if has_areas() or users_visible_to(SYSTEM).exists():
        raise Conflict(
            zh="数据库里已有数据。init 只用于第一天；要增改请用网页或 mulin areas import、mulin users add。",
            en="The database is not empty. init is for the first day; later use the pages, "
            "mulin areas import or mulin users add.",
            code="database-not-empty",
        )


def keep_channels(variables: Mapping[str, str]) -> None:
    """Write what was said about channels into the instance's own file; it holds from the next start on."""
    if variables:
        keep_variables(settings.MULIN_HOME, variables)


def counties_in(table: Path) -> dict[str, str]:
    """The counties of a table by code; raises InvalidInput when there is none."""
    found = {
        row.code: row.name
        for row in tree_rows(table)
        if len(row.code) == COUNTY_DIGITS and row.code.isdigit()
    }
    if not found:
        raise InvalidInput(
            zh="表格里没有县（6 位编码）。请检查“编码”一列。",
            en="The table holds no county (a code of six digits). Please check its codes.",
            code="no-county",
            field="areas",
        )
    return dict(islice(found.items(), COUNTIES_SHOWN))


@transaction.atomic
def begin(*, areas: Path, county: str, administrators: Mapping[str, str], clock: Clock) -> FirstDay:
    """Base pack, areas and the three administrators. One bad line of the table, and nothing was done."""
    packs.load_packs(settings.MULIN_PACKS, ["base"])
    report = tree_import(
        rows=tree_rows(areas, county), valid_from=clock.today(), actor=SYSTEM, now=clock.now()
    )
    if report.rejected:
        raise InvalidInput(
            problems=[
                FieldProblem(f"line {one.line}", one.reason, "area-line")
                for one in report.rejected[:PROBLEMS_SHOWN]
            ]
        )
    root = area_by_code(county)
    if root is None:
        raise InvalidInput(
            zh=f"表格里没有编码为 {county} 的县。",
            en=f"The table has no county {county}.",
            code="county-unknown",
            field="county",
        )
    accounts = [
        account_add(login_name=LOGIN_NAMES[role], display_name=name, role=role, area_code=county, clock=clock)
        for role, name in administrators.items()
    ]
    return FirstDay(root.name, root.code, report.created, accounts)
