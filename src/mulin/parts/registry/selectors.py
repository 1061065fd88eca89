"""Reads of people, households and dwellings: scoped by the actor's grants, masked, at a fixed number of queries.

One reads through the mask by `look_at_person` alone: it asks for a reason and writes it into the audit trail before
anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from mulin.base.crypto import blind_index
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.errors import FieldProblem, InvalidInput, NotFound, Text
from mulin.kernel.identifiers import check_resident_id, mask_address, mask_name
from mulin.parts.registry.models import Household, Person
from mulin.parts.registry.rules import age_on

VIEW, LOOK = "registry.view", "registry.look"
REASON_LENGTH = 4, 200
# What a list never reads: the database gives it out only for one person, for a reason.
SEALED = ("id_number", "phone")


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """What a list is asked for. The ID number must be whole: it is found by its index, never by a part of it."""

    name: str = ""
    phone_tail: str = ""
    id_number: str = ""
    area_path: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.phone_tail or self.id_number or self.area_path)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person as they are shown before anybody looks behind the mask."""

    public_id: str
    name: str
    sex: str
    age: int | None
    id_number: str
    phone: str
    address: str
    relation_to_head: str
    source: str
    source_on: date
    area_path: str
    household_public_id: str


@dataclass(frozen=True, slots=True)
class PersonInFull:
    """One person, unmasked, for somebody who said why. Never keep it, never log it."""

    public_id: str
    name: str = field(repr=False)
    sex: str
    birth_date: date | None = field(repr=False)
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some lines of the list, and whether more follow. The whole is not counted: nobody reads it, and it is slow."""

    cards: list[PersonCard]
    has_more: bool


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """One household with its masked members, the head first."""

    public_id: str
    number: str
    address: str
    area_path: str
    source: str
    source_on: date
    members: list[PersonCard]


def id_number_index(number: str) -> str:
    """The blind index under which a person's checked ID number is found."""
    return blind_index(number, "person.id_number")


def phone_index(phone: str) -> str:
    """The blind index under which a person's normalised phone is found."""
    return blind_index(phone, "person.phone")


def people_page(
    actor: Actor, search: PersonSearch, *, on: date, start: int = 0, limit: int = 25
) -> PeoplePage:
    """People the actor may see, in the order of their places. One query, whatever the number of lines.

    Raises InvalidInput for an ID number that cannot be one and a phone tail that is not four digits.
    """
    rows = list(
        found(visible(actor), search, on).order_by("area_path", "name", "pk")[start : start + limit + 1]
    )
    return PeoplePage([card(person, on) for person in rows[:limit]], has_more=len(rows) > limit)


def person_for(actor: Actor, public_id: str, *, on: date) -> PersonCard:
    """The doorway to one person, masked. Raises NotFound when they are not there or not for this actor."""
    person = visible(actor).filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return card(person, on)


@transaction.atomic
def look_at_person(actor: Actor, public_id: str, reason: str, now: datetime) -> PersonInFull:
    """One person, unmasked. The look and its reason are in the audit trail before this returns.

    Raises InvalidInput (reason) and NotFound when the person is not there or the actor may not look at them.
    """
    reason = checked_reason(reason)
    person = (
        Person.objects.filter(actor.filter(LOOK), public_id=public_id)
        .select_related("household__dwelling")
        .first()
    )
    if person is None:
        raise NotFound
    audit.record(
        actor=actor,
        act="registry.look",
        about=f"registry.person:{person.public_id}",
        area_path=person.area_path,
        reason=reason,
        now=now,
    )
    return PersonInFull(
        public_id=person.public_id,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        id_number=person.id_number,
        phone=person.phone,
        address=address_of(person),
    )


def household_for(actor: Actor, public_id: str, *, on: date) -> HouseholdView:
    """The doorway to one household, its members masked. Two queries. Raises NotFound."""
    household = (
        Household.objects.filter(actor.filter(VIEW), public_id=public_id)
        .select_related("dwelling", "source")
        .first()
    )
    if household is None:
        raise NotFound
    members = visible(actor).filter(household=household).order_by("birth_date", "pk")
    cards = sorted((card(person, on) for person in members), key=lambda one: one.relation_to_head != "户主")
    return HouseholdView(
        public_id=household.public_id,
        number=household.number,
        address=mask_address(household.dwelling.address) if household.dwelling else "",
        area_path=household.area_path,
        source=household.source.name,
        source_on=household.source.on,
        members=cards,
    )


def visible(actor: Actor) -> QuerySet[Person]:
    """The people an actor may see, without their sealed columns."""
    return (
        Person.objects.filter(actor.filter(VIEW))
        .select_related("household__dwelling", "source")
        .defer(*SEALED)
    )


def found(people: QuerySet[Person], search: PersonSearch, on: date) -> QuerySet[Person]:
    problems: list[FieldProblem] = []
    wanted = Q()
    if search.area_path:
        wanted &= Q(area_path__startswith=search.area_path)
    if search.name.strip():
        wanted &= Q(name__startswith=search.name.strip()[:60])
    if search.phone_tail.strip():
        wanted &= Q(phone_tail=checked_tail(search.phone_tail, problems))
    if search.id_number.strip():
        wanted &= Q(id_number_index=checked_number(search.id_number, on, problems))
    if problems:
        raise InvalidInput(problems=problems)
    return people.filter(wanted)


def checked_tail(text: str, problems: list[FieldProblem]) -> str:
    tail = text.strip()
    if not (len(tail) == 4 and tail.isascii() and tail.isdigit()):
        problems.append(
            FieldProblem(
                "phone_tail",
                Text(
                    zh="请填手机号的后四位数字。", en="Please enter the last four digits of the phone number."
                ),
                "phone-tail-invalid",
            )
        )
    return tail


def checked_number(text: str, on: date, problems: list[FieldProblem]) -> str:
    try:
        return id_number_index(check_resident_id(text, on, field="id_number").number)
    except InvalidInput as error:
        problems.extend(error.problems)
        return ""


def checked_reason(text: str) -> str:
    reason = " ".join(text.split())
    least, most = REASON_LENGTH
    if len(reason) < least:
        raise InvalidInput(
            zh=f"请写明为什么要看，至少 {least} 个字，例如“上门核实低保”。",
            en=f'Please say why you need to look, in at least {least} characters, as in "home visit today".',
            code="reason-missing",
            field="reason",
        )
    return reason[:most]


def card(person: Person, on: date) -> PersonCard:
    return PersonCard(
        public_id=person.public_id,
        name=mask_name(person.name),
        sex=person.sex,
        age=age_on(person.birth_date, on) if person.birth_date else None,
        id_number=f"{'*' * 16}{person.id_number_tail[-2:]}" if person.id_number_tail else "",
        phone=f"{'*' * 7}{person.phone_tail}" if person.phone_tail else "",
        address=mask_address(address_of(person)),
        relation_to_head=person.relation_to_head,
        source=person.source.name,
        source_on=person.source.on,
        area_path=person.area_path,
        household_public_id=person.household.public_id if person.household else "",
    )


def address_of(person: Person) -> str:
    household = person.household
    return household.dwelling.address if household and household.dwelling else ""
