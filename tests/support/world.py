"""Standing places and people: a resident, her community's worker, a stranger from the next community, a partner.

Everything stands on one fixed moment, a Thursday morning in the county's time; tests move the clock themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from mulin.identity.access import Actor
from mulin.kernel.clock import FixedClock

MORNING = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
PASSWORD = "correct horse 8 battery"
CLOCKS = {
    "accept_minutes": 60,
    "dispatch_minutes": 120,
    "offer_minutes": 30,
    "handle_minutes": None,
    "handle_working_days": 3,
    "confirm_days": 3,
    "reopen_days": 7,
}


@dataclass
class World:
    """What stands in every test that asks for it. `actor("worker")` acts as that person."""

    clock: FixedClock
    county: Any
    subdistrict: Any
    community: Any
    grid: Any
    building: Any
    other_community: Any
    other_county: Any
    kind: Any
    partner: Any
    second_partner: Any
    users: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def actor(self, name: str) -> Actor:
        from mulin.identity.selectors import actor_for

        return actor_for(self.users[name], today=self.clock.today())

    def user(self, name: str, role: str, area: Any, phone: str = "") -> Any:
        """Add a person who holds `role` over `area`."""
        from mulin.identity.models import Grant, User

        user = User(login_name=name, display_name=f"{name}某", created_at=self.now)
        user.set_password(PASSWORD)
        user.save()
        Grant.objects.create(
            user=user, role_id=role, area_path=area.path, valid_from=date(2026, 1, 1), created_at=self.now
        )
        self.users[name] = user
        return user

    def raise_request(self, **changes: Any) -> Any:
        """A request raised on the code page of the grid by somebody with a telephone; returns the row."""
        return self.raised(**changes).request

    def raised(self, **changes: Any) -> Any:
        from mulin.identity.access import ANONYMOUS
        from mulin.parts.service_requests.rules import Channel
        from mulin.parts.service_requests.services import RequestInput, request_raise

        given: dict[str, Any] = {
            "type": self.kind,
            "area": self.community,
            "grid": self.grid,
            "text": "三号楼门口的路灯不亮，晚上老人不敢出门。",
            "channel": Channel.CODE_PAGE,
            "requester_name": "王秀英",
            "phone": "13805371234",
        }
        return request_raise(data=RequestInput(**given | changes), actor=ANONYMOUS, now=self.now)


def area(code: str, name: str, kind: str, parent: Any = None, **more: Any) -> Any:
    from mulin.parts.areas.models import Area
    from mulin.parts.areas.rules import child_path

    path = child_path(parent.path if parent else "", code, parent.code if parent else "")
    depth = parent.depth + 1 if parent else 0
    return Area.objects.create(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        path=path,
        depth=depth,
        valid_from=date(2020, 1, 1),
        **more,
    )


def role(code: str, permissions: list[str], home: str = "workbench") -> None:
    from mulin.identity.models import Role

    Role.objects.update_or_create(
        code=code, defaults={"name_zh": code, "name_en": code, "permissions": permissions, "home": home}
    )


ROLES: dict[str, list[str]] = {
    "resident": [],
    "community_worker": [
        "areas.view", "registry.view", "registry.look", "partners.view", "partners.look", "requests.view", "requests.take_in",
        "requests.dispatch", "requests.handle", "requests.close", "requests.look", "requests.export", "requests.import",
        "requests.statistics",
    ],
    "grid_worker": ["areas.view", "registry.view", "requests.view", "requests.take_in", "requests.handle"],
    "county_manager": ["areas.view", "partners.view", "requests.view", "requests.statistics", "requests.export"],
    "partner": ["partner.act"],
    "security_administrator": ["users.view", "users.manage", "grants.manage"],
    "audit_administrator": ["audit.view"],
    "system_administrator": ["operations.view", "operations.manage", "settings.manage", "packs.manage"],
}  # fmt: skip


def partner_of(world_area: Any, user: Any, name: str, now: datetime) -> Any:
    from mulin.parts.partners.models import Partner, PartnerMember, ServiceArea

    partner = Partner.objects.create(
        name=name, kind="market_entity", state="admitted", area=world_area, area_path=world_area.path,
        applied_at=now, admitted_at=now,
    )  # fmt: skip
    ServiceArea.objects.create(partner=partner, area=world_area, area_path=world_area.path)
    PartnerMember.objects.create(partner=partner, user=user, created_at=now)
    return partner


@pytest.fixture
def world(db: None) -> World:
    """One county with two communities, their people, two partners, and one kind of request."""
    from mulin.parts.service_requests.models import RequestType

    for code, permissions in ROLES.items():
        role(
            code,
            permissions,
            home="partner" if code == "partner" else "workbench" if permissions else "resident",
        )
    county = area("990101", "青禾县", "county")
    subdistrict = area("990101001", "青禾街道", "subdistrict", county)
    community = area(
        "990101001001", "青禾社区", "community", subdistrict, page_code="K7QM-4XWT", telephone="0537-2000001"
    )
    grid = area("990101001001001", "青禾社区第一网格", "grid", community)
    building = area("990101001001001B03", "3号楼", "building", grid)
    other_community = area("990101001002", "柳园社区", "community", subdistrict)
    other_county = area("990202", "别县", "county")
    kind = RequestType.objects.create(code="repair", name_zh="设施报修", name_en="Repairs", clocks=CLOCKS)
    built = World(
        clock=FixedClock(MORNING), county=county, subdistrict=subdistrict, community=community, grid=grid,
        building=building, other_community=other_community, other_county=other_county, kind=kind,
        partner=None, second_partner=None,
    )  # fmt: skip
    built.user("worker", "community_worker", community)
    built.user("grid_worker", "grid_worker", grid)
    built.user("stranger", "community_worker", other_community)
    built.user("foreigner", "community_worker", other_county)
    built.user("manager", "county_manager", county)
    built.user("resident", "resident", community)
    built.user("security", "security_administrator", county)
    shop, second = built.user("shop", "partner", community), built.user("second_shop", "partner", community)
    built.partner = partner_of(community, shop, "老李修理铺", MORNING)
    built.second_partner = partner_of(community, second, "邻里维修队", MORNING)
    return built
