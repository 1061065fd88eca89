"""Two months of requests with their timelines and offers, stored in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mulin.base.calendars import work_calendar
from mulin.base.ids import new_public_id
from mulin.config.demo.lives import Life
from mulin.config.demo.names import surname
from mulin.config.demo.numbers import mobile
from mulin.config.demo.partners import Guild
from mulin.config.demo.places import Community, County, Grid
from mulin.config.demo.plots import Story
from mulin.config.demo.scale import DAYS
from mulin.config.demo.staff import Staff
from mulin.config.demo.texts import Writer
from mulin.identity.models import User
from mulin.kernel.calendars import WorkCalendar
from mulin.kernel.clock import COUNTY_TIME_ZONE, SeededRandomness
from mulin.kernel.identifiers import new_short_code
from mulin.parts.partners.models import Partner
from mulin.parts.service_requests.links import link_digest, link_secret
from mulin.parts.service_requests.models import Offer, RequestEvent, RequestType, ServiceRequest
from mulin.parts.service_requests.rules import Channel
from mulin.parts.service_requests.services.raising import phone_index, title_of

CHUNK = 500
PHONES_FROM = 80_000_000
TYPES = {
    "community_order": 26, "repair": 24, "environment": 16, "neighbours": 8, "consultation": 13, "suggestion": 6,
    "hotline_12345": 7,
}  # fmt: skip
CHANNELS = {Channel.CODE_PAGE: 58, Channel.WEB: 9, Channel.TELEPHONE: 18, Channel.DESK: 9, Channel.VISIT: 6}
BY_STAFF = frozenset({Channel.TELEPHONE, Channel.DESK, Channel.VISIT})
FOR_PARTNERS = frozenset({"community_order", "repair", "environment"})
CATEGORIES_OF_ORDERS = (
    "haircut",
    "appliance_repair",
    "meals",
    "errands",
    "elder_care",
    "child_care",
    "housekeeping",
)
# Of a hundred: raised in the last hours; raised in the last days; left lying by the community, so that it is overdue.
JUST_NOW_SHARE, JUST_NOW_HOURS = 0.03, 2.5
RECENT_SHARE, RECENT_DAYS = 0.10, 3
SLOW_SHARE, SLOW_DAYS, SLOW_PACE = 0.012, 4, 60.0
FIRST_COMMUNITY_SHARE, FIRST_COMMUNITY_SHARE_NOW = 0.16, 0.4
RESIDENTS_OWN = 6


@dataclass(frozen=True)
class Occasion:
    """What happened to be raised: which kind, where, how, when, and how fast the community is."""

    kind: RequestType
    community: Community
    grid: Grid
    channel: Channel
    worker: User
    raised_at: datetime
    is_own: bool
    is_just_now: bool
    pace: float


@dataclass
class Author:
    """Everything that a request is drawn from."""

    county: County
    staff: Staff
    guild: Guild
    writer: Writer
    now: datetime
    rng: SeededRandomness
    types: dict[str, RequestType]
    calendar: WorkCalendar
    numbers: set[str] = field(default_factory=set)
    count: int = 0

    def life(self) -> Life:
        """One request, told up to the present."""
        self.count += 1
        occasion = self.occasion()
        request = self.request(occasion)
        life = Life(request, self.calendar, occasion.community.area.name)
        clerk = occasion.worker if occasion.channel in BY_STAFF else None
        label = clerk.display_name if clerk else request.requester.display_name if request.requester else ""
        life.raised(occasion.raised_at, clerk or request.requester, label)
        workers = self.staff.community_workers[occasion.community.area.pk]
        story = Story(
            life=life,
            now=self.now,
            at=occasion.raised_at,
            rng=self.rng,
            workers=[occasion.worker, *(one for one in workers if one is not occasion.worker)],
            grid_worker=self.staff.grid_workers.get(occasion.grid.area.pk),
            candidates=self.candidates(occasion.kind, occasion.grid),
            acting=lambda partner: self.guild.acting[partner.pk],
            pace=occasion.pace,
            is_on_duty=occasion.is_just_now,
        )
        return story.tell()

    def occasion(self) -> Occasion:
        """What, where, how and when. The first few are Grandmother Wang's own."""
        kind = self.types[self.rng.choices(list(TYPES), list(TYPES.values()))[0]]
        is_own = self.count <= RESIDENTS_OWN and kind.residents_may_raise
        is_just_now = self.rng.random() < JUST_NOW_SHARE
        is_slow = not is_just_now and self.rng.random() < SLOW_SHARE
        first_share = FIRST_COMMUNITY_SHARE_NOW if is_just_now or is_slow else FIRST_COMMUNITY_SHARE
        is_first = is_own or self.rng.random() < first_share
        community = self.county.communities[0] if is_first else self.rng.choice(self.county.communities)
        workers = self.staff.community_workers[community.area.pk]
        return Occasion(
            kind=kind,
            community=community,
            grid=community.grids[0] if is_own else self.rng.choice(community.grids),
            channel=self.channel(kind, is_own),
            worker=workers[0] if self.rng.random() < 0.5 else self.rng.choice(workers),
            raised_at=self.moment(is_just_now, is_slow),
            is_own=is_own,
            is_just_now=is_just_now,
            pace=SLOW_PACE if is_slow else 1.0,
        )

    def channel(self, kind: RequestType, is_own: bool) -> Channel:
        if kind.code == "hotline_12345":
            return Channel.TELEPHONE
        return Channel.CODE_PAGE if is_own else self.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]

    def moment(self, is_just_now: bool, is_slow: bool) -> datetime:
        """Within the last hours, days or months; what is older is raised by day."""
        if is_just_now:
            return self.now - timedelta(hours=self.rng.uniform(0.05, JUST_NOW_HOURS))
        longest = SLOW_DAYS if is_slow else RECENT_DAYS if self.rng.random() < RECENT_SHARE else DAYS
        local = (self.now - timedelta(days=self.rng.uniform(0.2, longest))).astimezone(COUNTY_TIME_ZONE)
        hour = round(self.rng.triangular(6, 22, 10))
        at = local.replace(
            hour=hour, minute=self.rng.randint(0, 59), second=self.rng.randint(0, 59), microsecond=0
        )
        return min(at, self.now - timedelta(minutes=self.rng.randint(4, 50)))

    def request(self, occasion: Occasion) -> ServiceRequest:
        kind, grid, channel = occasion.kind, occasion.grid, occasion.channel
        building = self.rng.choice(grid.buildings) if grid.buildings else None
        place = building.name if building else f"{grid.area.name}{self.rng.randint(1, 60)}号附近"
        message = self.writer.message(kind.code, place, grid.compound or occasion.community.area.name)
        longitude, latitude = grid.cell.at(self.rng.uniform(0.1, 0.9), self.rng.uniform(0.1, 0.9))
        public_id = new_public_id()
        phone = mobile(PHONES_FROM + self.count) if self.rng.random() < 0.88 else ""
        request = ServiceRequest(
            public_id=public_id,
            number=self.number(),
            link_digest=link_digest(link_secret(public_id)),
            type=kind,
            area=occasion.community.area,
            grid=grid.area,
            area_path=grid.area.path,
            place=place,
            longitude=round(longitude, 6),
            latitude=round(latitude, 6),
            title=message.title or title_of(message.text),
            text=message.text,
            channel=channel,
            requester_name=self.caller(),
            phone=phone,
            phone_index=phone_index(phone),
            phone_tail=phone[-4:],
            wants_visit=channel in BY_STAFF and self.rng.random() < 0.4,
            taken_in_by=occasion.worker if channel in BY_STAFF else None,
            demo=True,
        )
        request.outcome, request.return_count, request.comment = "", 0, ""
        if occasion.is_own:
            request.requester = self.staff.demo["wangnainai"]
            request.requester_name = request.requester.display_name
        return request

    def number(self) -> str:
        while (number := new_short_code(self.rng)) in self.numbers:
            continue
        self.numbers.add(number)
        return number

    def caller(self) -> str:
        return surname(self.rng) + self.rng.choice(("女士", "先生", "大爷", "大娘", "师傅", "女士", "先生"))

    def candidates(self, kind: RequestType, grid: Grid) -> list[Partner]:
        """Up to three partners who may serve there, the fitting ones first; none for what staff handle themselves."""
        if kind.code not in FOR_PARTNERS:
            return []
        category = kind.category or self.rng.choice(CATEGORIES_OF_ORDERS)
        serving = self.guild.serving(grid.area.path, category)[:8]
        return self.rng.sample(serving[:4], min(3, len(serving[:4])))


def write_requests(author: Author, count: int, report: Callable[[int, int], None]) -> Iterator[list[Life]]:
    """Store `count` requests and give each stored chunk back."""
    for start in range(0, count, CHUNK):
        lives = [author.life() for _ in range(min(CHUNK, count - start))]
        store(lives)
        report(min(start + CHUNK, count), count)
        yield lives


def store(lives: list[Life]) -> None:
    ServiceRequest.objects.bulk_create([life.request for life in lives], batch_size=200)
    for life in lives:
        for event in life.events:
            event.request_id = life.request.pk
        for offer in life.offers:
            offer.request_id = life.request.pk
    RequestEvent.objects.bulk_create([event for life in lives for event in life.events], batch_size=500)
    Offer.objects.bulk_create([offer for life in lives for offer in life.offers], batch_size=500)


def author_of(
    county: County, staff: Staff, guild: Guild, writer: Writer, *, now: datetime, rng: SeededRandomness
) -> Author:
    types = {kind.code: kind for kind in RequestType.objects.filter(code__in=TYPES)}
    return Author(county, staff, guild, writer, now, rng, types, work_calendar(county.area.path))
