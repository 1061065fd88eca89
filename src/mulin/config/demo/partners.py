"""154 applications to be a community partner, of which some 110 were admitted; each with its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeGuard

from mulin.config.demo.accounts import ACCOUNTS
from mulin.config.demo.names import full_name
from mulin.config.demo.numbers import credit_code, mobile
from mulin.config.demo.partner_words import LUCKY, TRADES, Trade
from mulin.config.demo.places import Community, County
from mulin.config.demo.staff import Staff
from mulin.identity.backends import phone_index
from mulin.identity.models import Grant, User
from mulin.kernel.clock import SeededRandomness
from mulin.parts.areas.models import Area
from mulin.parts.partners.models import Partner, PartnerEvent, PartnerMember, ServiceArea
from mulin.parts.partners.rules import EventKind, PartnerKind, PartnerState

APPLICATIONS = 154
PHONES_FROM = 95_000_000
# Of 154: the first three belong to the demo accounts.
STATES = (
    [PartnerState.ADMITTED] * 108
    + [PartnerState.APPLIED] * 21
    + [PartnerState.REFUSED] * 11
    + [PartnerState.SUSPENDED] * 7
    + [PartnerState.LEFT] * 4
)
DEMO_TRADES = {"weixiu": 0, "lifa": 2, "wuye": 9}
REFUSALS = ("营业执照已过期，请更新后再申请。", "经营地址不在本县。", "服务内容与社区需求不符。")
SUSPENSIONS = ("连续三次超时未接单，暂停一个月。", "居民投诉服务态度，整改中。")
LEAVINGS = ("店铺已搬离本县。", "负责人申请退出。")


@dataclass
class Guild:
    """The admitted partners, and who acts for each."""

    partners: list[Partner] = field(default_factory=list)
    acting: dict[int, User] = field(default_factory=dict)
    categories: dict[int, tuple[str, ...]] = field(default_factory=dict)
    areas: dict[int, list[str]] = field(default_factory=dict)

    def serving(self, area_path: str, category: str) -> list[Partner]:
        """Who may be offered a matter of that place; those who offer the category first."""
        there = [
            one for one in self.partners if any(area_path.startswith(path) for path in self.areas[one.pk])
        ]
        return sorted(there, key=lambda one: category not in self.categories[one.pk])


@dataclass
class Applicant:
    """One application before it is stored."""

    partner: Partner
    trade: Trade
    serves: list[Area]
    officer: User
    user: User | None = None
    events: list[PartnerEvent] = field(default_factory=list)


def gather_partners(county: County, staff: Staff, *, now: datetime, rng: SeededRandomness) -> Guild:
    """Store the applications, their files, their accounts, and return those that can be offered matters."""
    states = [*([PartnerState.ADMITTED] * len(DEMO_TRADES)), *rng.sample(STATES, len(STATES))]
    assert len(states) == APPLICATIONS, "every application has a state"
    demo = list(DEMO_TRADES)
    taken: set[str] = set()
    applicants = [
        applicant(county, staff, state, demo[number] if number < len(demo) else "", taken, now, rng, number)
        for number, state in enumerate(states)
    ]
    store(applicants, now)
    return guild_of(applicants)


def applicant(
    county: County,
    staff: Staff,
    state: PartnerState,
    login_name: str,
    taken: set[str],
    now: datetime,
    rng: SeededRandomness,
    number: int,
) -> Applicant:
    trade = (
        TRADES[DEMO_TRADES[login_name]]
        if login_name
        else rng.choices(TRADES, [one.weight for one in TRADES])[0]
    )
    community = county.communities[0] if login_name else rng.choice(county.communities)
    contact = next((one.display_name for one in ACCOUNTS if one.login_name == login_name), "")
    contact = contact or full_name(rng, rng.randint(28, 68), rng.random() < 0.6)
    applied_at = now - timedelta(
        days=rng.uniform(5, 20) if state is PartnerState.APPLIED else rng.uniform(80, 380)
    )
    admitted_at = applied_at + timedelta(days=rng.uniform(1, 6))
    was_admitted = state in {PartnerState.ADMITTED, PartnerState.SUSPENDED, PartnerState.LEFT}
    phone = mobile(PHONES_FROM + number)
    partner = Partner(
        name=name_of(trade, contact, taken, rng),
        kind=trade.kind,
        state=state,
        uscc=credit_code(trade.credit, rng) if trade.credit else "",
        contact_name=contact,
        phone=phone,
        phone_tail=phone[-4:],
        address=f"{community.subdistrict.name}{community.area.name}和谐路 {rng.randint(1, 180)} 号",
        introduction=trade.introduction,
        area=community.area,
        area_path=community.area.path,
        applied_at=applied_at,
        admitted_at=admitted_at if was_admitted else None,
    )
    officer = rng.choice(staff.officers[community.subdistrict.pk])
    serves = [community.subdistrict] if login_name else serves_of(trade, community, county, rng)
    made = Applicant(partner, trade, serves, officer)
    made.user = user_of(staff, login_name, partner, contact, phone, number) if was_admitted else None
    made.events = file_of(made, now, admitted_at, rng)
    return made


def name_of(trade: Trade, contact: str, taken: set[str], rng: SeededRandomness) -> str:
    pattern = rng.choice(trade.names)
    while True:
        name = pattern.format(rng.choice(LUCKY), name=contact)
        if name not in taken or "{name}" in pattern:
            break
        pattern = rng.choice((*trade.names, "{}" + trade.names[0].replace("{}", rng.choice(LUCKY))))
    taken.add(name)
    return name


def serves_of(trade: Trade, community: Community, county: County, rng: SeededRandomness) -> list[Area]:
    """A neighbour serves their community, a shop its subdistrict, a firm now and then the county."""
    if trade.kind is PartnerKind.COMMUNITY_TALENT or rng.random() < 0.25:
        return [community.area]
    return [county.area] if rng.random() < 0.3 else [community.subdistrict]


def user_of(staff: Staff, login_name: str, partner: Partner, contact: str, phone: str, number: int) -> User:
    if login_name:
        user = staff.demo[login_name]
        partner.phone, partner.phone_tail = user.phone, user.phone_tail
        return user
    return User(
        login_name=f"p{number:03d}",
        display_name=contact,
        password="!",  # noqa: S106 (nobody can sign in with it)
        phone=phone,
        phone_index=phone_index(phone),
        phone_tail=phone[-4:],
        area_path=partner.area_path,
        created_at=partner.admitted_at or partner.applied_at,
    )


def file_of(
    made: Applicant, now: datetime, admitted_at: datetime, rng: SeededRandomness
) -> list[PartnerEvent]:
    """The lines of its file, in the order of rules.NEXT_STATES."""
    partner = made.partner
    events: list[PartnerEvent] = []

    def line(kind: EventKind, at: datetime, note: str = "", user: User | None = None) -> None:
        who = user or made.officer
        label = partner.contact_name if kind is EventKind.APPLIED else who.display_name
        actor = None if kind is EventKind.APPLIED else who
        events.append(
            PartnerEvent(partner=partner, kind=kind, at=at, actor=actor, actor_label=label, note=note)
        )

    line(EventKind.APPLIED, partner.applied_at)
    if partner.admitted_at:
        line(EventKind.ADMITTED, admitted_at)
        line(EventKind.MEMBER_ADDED, admitted_at + timedelta(minutes=20))
    endings = {
        PartnerState.REFUSED: (EventKind.REFUSED, REFUSALS),
        PartnerState.SUSPENDED: (EventKind.SUSPENDED, SUSPENSIONS),
        PartnerState.LEFT: (EventKind.LEFT, LEAVINGS),
    }
    state = PartnerState(partner.state)
    if state in endings:
        kind, reasons = endings[state]
        partner.state_reason = rng.choice(reasons)
        at = admitted_at if state is PartnerState.REFUSED else now - timedelta(days=rng.uniform(2, 40))
        line(kind, at, partner.state_reason)
    return events


def store(applicants: Sequence[Applicant], now: datetime) -> None:
    made = (one.user for one in applicants)
    User.objects.bulk_create(filter(is_new, made))
    Partner.objects.bulk_create([one.partner for one in applicants])
    through = Partner.categories.through
    through.objects.bulk_create(
        through(partner_id=one.partner.pk, servicecategory_id=code)
        for one in applicants
        for code in one.trade.categories
    )
    ServiceArea.objects.bulk_create(
        ServiceArea(partner=one.partner, area=area, area_path=area.path)
        for one in applicants
        for area in one.serves
    )
    members = [one for one in applicants if one.user]
    has_left = {
        one.partner.pk: one.events[-1].at for one in members if one.partner.state == PartnerState.LEFT
    }
    PartnerMember.objects.bulk_create(
        PartnerMember(
            partner=one.partner,
            user=one.user,
            created_at=one.partner.admitted_at or now,
            ended_at=has_left.get(one.partner.pk),
        )
        for one in members
    )
    Grant.objects.bulk_create(
        Grant(
            user=one.user,
            role_id="partner",
            area_path=one.partner.area_path,
            valid_from=(one.partner.admitted_at or now).date(),
            ended_at=has_left.get(one.partner.pk),
            reason="合伙人账号",
            created_at=one.partner.admitted_at or now,
        )
        for one in members
    )
    for one in applicants:
        for event in one.events:
            event.partner_id = one.partner.pk
    PartnerEvent.objects.bulk_create([event for one in applicants for event in one.events])


def is_new(user: User | None) -> TypeGuard[User]:
    """The demo's own accounts are stored already."""
    return user is not None and user.pk is None


def guild_of(applicants: Sequence[Applicant]) -> Guild:
    guild = Guild()
    for one in applicants:
        if one.partner.state == PartnerState.ADMITTED and one.user:
            guild.partners.append(one.partner)
            guild.acting[one.partner.pk] = one.user
            guild.categories[one.partner.pk] = one.trade.categories
            guild.areas[one.partner.pk] = [area.path for area in one.serves]
    return guild
