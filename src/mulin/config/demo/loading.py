"""The demo county, put together in one transaction: it is there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mulin.base import packs, settings_store
from mulin.config.demo import accounts, pictures, requests
from mulin.config.demo.lives import Life
from mulin.config.demo.partners import Guild, gather_partners
from mulin.config.demo.people import settle
from mulin.config.demo.places import County, build_county
from mulin.config.demo.scale import PEOPLE_DEFAULT, SEED_DEFAULT, Scale
from mulin.config.demo.showcase import Showcase
from mulin.config.demo.staff import Staff, employ
from mulin.config.demo.texts import writer
from mulin.config.demo.wang import house_wang
from mulin.identity.models import User
from mulin.kernel.clock import COUNTY_TIME_ZONE, SeededRandomness
from mulin.kernel.errors import Conflict
from mulin.parts.areas.models import Area, Body, PostHolding, TreeVersion
from mulin.parts.partners.models import Partner
from mulin.parts.registry.models import Dwelling, Household, Person, Source
from mulin.parts.service_requests.models import RequestEvent, ServiceRequest
from mulin.parts.service_requests.rules import Status
from mulin.parts.service_requests.services.telling import (
    leave_telling,
    must_be_told_in_person,
    tell_community,
    tell_offer,
)

Report = Callable[[str, int, int], None]
IN_FORCE_SINCE = timedelta(days=730)
NOTICES = 12


@dataclass(frozen=True)
class Chance:
    """One source of chance for each piece, so that a change in one leaves the others as they were."""

    seed: int

    def of(self, piece: str) -> SeededRandomness:
        return SeededRandomness(
            self.seed * 1_000_003 + sum(ord(sign) * 31**place for place, sign in enumerate(piece))
        )


def load_demo_if_empty(
    *, now: datetime, report: Report, people: int = PEOPLE_DEFAULT, seed: int = SEED_DEFAULT
) -> bool:
    """Load it unless the database holds areas or accounts already; whether it did."""
    if not is_empty():
        return False
    load_demo(people=people, seed=seed, now=now, report=report)
    return True


def load_demo(*, people: int, seed: int, now: datetime, report: Report) -> dict[str, int]:
    """Load the county with so many people; how many rows of each thing there are.

    Raises Conflict when the database is not empty: the demo is never mixed with real data.
    """
    if not is_empty():
        raise Conflict(
            zh="数据库里已有数据，演示县只能装入空的数据库。请另设一个 MULIN_HOME，例如 MULIN_HOME=/tmp/demo mulin demo load。",
            en="The database holds data already; the demo goes into an empty one only. "
            "Choose another MULIN_HOME, for example MULIN_HOME=/tmp/demo mulin demo load.",
            code="database-not-empty",
        )
    packs.load_packs(settings.MULIN_PACKS, ["qinghe"])
    with transaction.atomic():
        build(Scale(people), Chance(seed), now, report)
    return counts()


def is_empty() -> bool:
    return not Area.objects.exists() and not User.objects.exists()


def build(scale: Scale, chance: Chance, now: datetime, report: Report) -> None:
    today = now.astimezone(COUNTY_TIME_ZONE).date()
    report(_("区域"), 0, 1)
    county = build_county(
        scale, packs=settings.MULIN_PACKS, valid_from=today - IN_FORCE_SINCE, rng=chance.of("places")
    )
    TreeVersion.objects.get_or_create(id=1)
    report(_("区域"), 1, 1)
    source = Source.objects.create(
        kind="import", name="青禾县人口信息采集（演示）", on=today - timedelta(days=90)
    )
    settle(
        county,
        source=source,
        today=today,
        rng=chance.of("people"),
        report=lambda done, total: report(_("居民"), done, total),
    )
    report(_("队伍"), 0, 1)
    staff = employ(county, now=now, rng=chance.of("staff"))
    house_wang(county, staff, source, today)
    report(_("队伍"), 1, 1)
    report(_("合伙人"), 0, 1)
    guild = gather_partners(county, staff, now=now, rng=chance.of("partners"))
    report(_("合伙人"), 1, 1)
    write_and_illustrate(county, staff, guild, scale, chance, now, report)
    mark(county, scale, chance, now)


def write_and_illustrate(
    county: County, staff: Staff, guild: Guild, scale: Scale, chance: Chance, now: datetime, report: Report
) -> None:
    texts = writer(settings.MULIN_SHARED_DATA, chance.of("texts"))
    author = requests.author_of(county, staff, guild, texts, now=now, rng=chance.of("requests"))
    first = list(Showcase(author).lives())
    requests.store(first)
    for lives in requests.write_requests(
        author, scale.requests - len(first), lambda done, total: report(_("事项"), done, total)
    ):
        first = first if len(first) > requests.CHUNK else [*first, *lives]
    with_pictures = [life for life in first if life.request.type_id in {"repair", "environment"}]
    pictures.add_pictures(with_pictures[: scale.photos], now=now, rng=chance.of("pictures"))
    tell(first, now)


def tell(lives: list[Life], now: datetime) -> None:
    """Leave the newest matters in the inboxes of whoever has to do with them, and what to say to whom no message
    reaches, as the services do."""
    newest = sorted(lives, key=lambda life: life.request.raised_at, reverse=True)
    for life in [life for life in newest if life.status is Status.RAISED][:NOTICES]:
        tell_community(life.request, now)
    for life in [life for life in newest if life.open_offer][:NOTICES]:
        if life.open_offer:
            tell_offer(life.open_offer, now)
    done = [life for life in newest if life.status is Status.HANDLED]
    for life in [life for life in done if must_be_told_in_person(life.request)][:NOTICES]:
        leave_telling(life.request, "已办理，请您确认：解决了吗？", life.request.handled_at or now)


def mark(county: County, scale: Scale, chance: Chance, now: datetime) -> None:
    """Remember that this is the demo, and where its visitor begins."""
    settings_store.put(
        key=accounts.MARK,
        value={
            "people": scale.people,
            "seed": chance.seed,
            "page_code": county.communities[0].area.page_code,
        },
        valid_from=now.astimezone(COUNTY_TIME_ZONE).date(),
        source="mulin demo load",
    )


def counts() -> dict[str, int]:
    """How many rows of each thing there are, by its English name."""
    return {
        "areas": Area.objects.count(),
        "dwellings": Dwelling.objects.count(),
        "households": Household.objects.count(),
        "people": Person.objects.count(),
        "accounts": User.objects.count(),
        "posts_held": PostHolding.objects.count(),
        "bodies": Body.objects.count(),
        "partners": Partner.objects.count(),
        "requests": ServiceRequest.objects.count(),
        "events": RequestEvent.objects.count(),
    }
