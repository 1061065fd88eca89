"""Staff at their posts, with a few posts vacant; bodies, with a few missing; and the demo's own accounts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from mulin.config.demo.accounts import ACCOUNTS, PASSWORD, Account
from mulin.config.demo.names import full_name
from mulin.config.demo.numbers import mobile
from mulin.config.demo.places import Community, County
from mulin.identity.backends import phone_index
from mulin.identity.models import Grant, User
from mulin.kernel.clock import SeededRandomness
from mulin.parts.areas.models import Area, Body, PostHolding, PostKind

PHONES_FROM = 90_000_000
UNUSABLE = "!"
WORKERS_A_COMMUNITY = 3
OFFICERS_A_SUBDISTRICT = 2
GRID_VACANT_EVERY = 19
SECRETARY_VACANT_EVERY = 11
HEADS_VACANT_EVERY = 7
SERVING = timedelta(days=400)


@dataclass
class Staff:
    """Who works where. Keys are areas' primary keys."""

    grid_workers: dict[int, User] = field(default_factory=dict)
    community_workers: dict[int, list[User]] = field(default_factory=dict)
    secretaries: dict[int, User] = field(default_factory=dict)
    officers: dict[int, list[User]] = field(default_factory=dict)
    demo: dict[str, User] = field(default_factory=dict)


@dataclass
class Employer:
    """Gathers users, grants and holdings, and stores them together."""

    now: datetime
    rng: SeededRandomness
    post_kinds: dict[str, PostKind]
    users: list[User] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    holdings: list[PostHolding] = field(default_factory=list)

    def user(self, login_name: str, name: str = "", area_path: str = "", password: str = UNUSABLE) -> User:
        """an account; UNUSABLE as its password means that nobody can sign in to it."""
        phone = mobile(PHONES_FROM + len(self.users))
        user = User(
            login_name=login_name,
            display_name=name or full_name(self.rng, self.rng.randint(26, 55), self.rng.random() < 0.45),
            password=password,
            phone=phone,
            phone_index=phone_index(phone),
            phone_tail=phone[-4:],
            area_path=area_path,
            created_at=self.now - SERVING,
        )
        self.users.append(user)
        return user

    def grant(self, user: User, role: str, area_path: str, reason: str) -> Grant:
        grant = Grant(
            user=user,
            role_id=role,
            area_path=area_path,
            valid_from=(self.now - SERVING).date(),
            reason=reason,
            created_at=self.now - SERVING,
        )
        self.grants.append(grant)
        return grant

    def appoint(self, user: User, post: str, area: Area) -> User:
        """The post and, where it brings a role, its grant."""
        kind = self.post_kinds[post]
        grant = self.grant(user, kind.role_code, area.path, kind.name_zh) if kind.role_code else None
        self.holdings.append(
            PostHolding(
                kind=kind, area=area, holder=user, valid_from=(self.now - SERVING).date(), grant=grant
            )
        )
        return user

    def store(self) -> None:
        User.objects.bulk_create(self.users, batch_size=500)
        for grant in self.grants:
            grant.user_id = grant.user.pk
        Grant.objects.bulk_create(self.grants, batch_size=500)
        for holding in self.holdings:
            holding.holder_id = holding.holder.pk
            holding.grant_id = holding.grant.pk if holding.grant else None
        PostHolding.objects.bulk_create(self.holdings, batch_size=500)


def employ(county: County, *, now: datetime, rng: SeededRandomness) -> Staff:
    """Fill the posts of the county."""
    employer = Employer(now, rng, {kind.code: kind for kind in PostKind.objects.all()})
    staff = Staff()
    secret = make_password(PASSWORD)
    for account in ACCOUNTS:
        path = place_of(account, county).path if account.place != "whole" else ""
        staff.demo[account.login_name] = employer.user(account.login_name, account.display_name, path, secret)
    appoint_demo(employer, staff, county)
    for subdistrict in county.subdistricts:
        staff.officers.setdefault(subdistrict.pk, []).extend(
            employer.appoint(
                employer.user(f"o{subdistrict.code[6:]}-{number}", "", subdistrict.path),
                "subdistrict_officer",
                subdistrict,
            )
            for number in range(1, OFFICERS_A_SUBDISTRICT + 1)
        )
    for number, community in enumerate(county.communities):
        employ_community(employer, staff, community, number)
    employer.store()
    found_bodies(county, employer)
    return staff


def place_of(account: Account, county: County) -> Area:
    """The area of a demo account: all of them belong to the first grid, community and subdistrict."""
    first = county.communities[0]
    places = {
        "grid": first.grids[0].area,
        "community": first.area,
        "partner": first.area,
        "subdistrict": first.subdistrict,
        "county": county.area,
    }
    return places[account.place]


def appoint_demo(employer: Employer, staff: Staff, county: County) -> None:
    """Those who hold a post get it, the others a plain grant; partners are given theirs with their partner."""
    posts = {
        "grid_worker": "full_time_grid_worker",
        "community_worker": "community_worker",
        "community_secretary": "community_secretary",
        "subdistrict_officer": "subdistrict_officer",
        "county_manager": "county_manager",
    }
    for account in ACCOUNTS:
        user = staff.demo[account.login_name]
        if account.role in posts:
            employer.appoint(user, posts[account.role], place_of(account, county))
        elif account.role != "partner":
            path = "" if account.place == "whole" else place_of(account, county).path
            employer.grant(user, account.role, path, account.role_zh)
    first = county.communities[0]
    staff.grid_workers[first.grids[0].area.pk] = staff.demo["wanggeyuan"]
    staff.community_workers[first.area.pk] = [staff.demo["xiaoli"]]
    staff.secretaries[first.area.pk] = staff.demo["shuji"]
    staff.officers[first.subdistrict.pk] = [staff.demo["jiedao"]]


def employ_community(employer: Employer, staff: Staff, community: Community, number: int) -> None:
    area = community.area
    workers = staff.community_workers.setdefault(area.pk, [])
    for place in range(len(workers) + 1, WORKERS_A_COMMUNITY + 1):
        user = employer.user(f"w{area.code[6:]}-{place}", "", area.path)
        workers.append(employer.appoint(user, "community_worker", area))
    if area.pk not in staff.secretaries and number % SECRETARY_VACANT_EVERY != SECRETARY_VACANT_EVERY - 1:
        user = employer.user(f"s{area.code[6:]}", "", area.path)
        staff.secretaries[area.pk] = employer.appoint(user, "community_secretary", area)
    for place, grid in enumerate(community.grids):
        is_vacant = (number * 6 + place) % GRID_VACANT_EVERY == GRID_VACANT_EVERY - 1
        if grid.area.pk not in staff.grid_workers and not is_vacant:
            user = employer.user(f"g{grid.area.code[6:]}", "", grid.area.path)
            staff.grid_workers[grid.area.pk] = employer.appoint(user, "full_time_grid_worker", grid.area)
        if community.is_urban and place % 3 == 0:
            employer.appoint(
                employer.user(f"r{grid.area.code[6:]}", "", grid.area.path), "red_steward", grid.area
            )
        for building_number, building in enumerate(grid.buildings):
            if (number + place + building_number) % HEADS_VACANT_EVERY != HEADS_VACANT_EVERY - 1:
                head = employer.user(f"b{building.code[6:].lower()}", "", building.path)
                employer.appoint(head, "building_head", building)


def found_bodies(county: County, employer: Employer) -> None:
    """Committees, branches and groups, from the subdistrict down to the building; some grids still lack theirs."""
    bodies: list[Body] = []

    def found(kind: str, area: Area, name: str) -> None:
        leader = full_name(employer.rng, employer.rng.randint(35, 58), employer.rng.random() < 0.6)
        bodies.append(
            Body(
                kind_id=kind,
                area=area,
                name=name,
                leader_name=leader,
                address=area.address,
                valid_from=(employer.now - SERVING).date(),
            )
        )

    for subdistrict in county.subdistricts:
        found(
            "subdistrict_party_working_committee",
            subdistrict,
            f"{subdistrict.name}党工委" if subdistrict.name.endswith("街道") else f"{subdistrict.name}党委",
        )
    for number, community in enumerate(county.communities):
        word = "居民" if community.is_urban else "村民"
        found(
            "community_party_committee",
            community.area,
            f"{community.area.name}党{'委' if community.is_urban else '支部'}",
        )
        if number % 9 != 8:
            found("residents_committee", community.area, f"{community.area.name}{word}委员会")
        for compound in community.compounds:
            found("compound_party_branch", compound, f"{compound.name}党支部")
        for place, grid in enumerate(community.grids):
            if (number + place) % 8 != 7:
                found("grid_party_branch", grid.area, f"{grid.area.name}党支部")
            for building_number, building in enumerate(grid.buildings):
                if (place + building_number) % 4 != 3:
                    found("building_party_group", building, f"{building.name}党小组")
    Body.objects.bulk_create(bodies, batch_size=500)
