"""Sources, dwellings, households and people: founded one by one, or by the hundred thousand.

Whether the actor may do it is asked by the view (`registry.import` over the place); what must hold whoever asks is
checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction

from mulin.base.models import ImportRun
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import Conflict, InvalidInput
from mulin.parts.areas.rules import AreaKind
from mulin.parts.registry.models import Dwelling, Household, Person, Source
from mulin.parts.registry.rules import PersonFacts, checked_person
from mulin.parts.registry.selectors import id_number_index, phone_index

__all__ = [
    "DwellingDraft",
    "HouseholdDraft",
    "PersonDraft",
    "dwelling_create",
    "dwellings_create_many",
    "household_create",
    "households_create_many",
    "id_number_index",
    "people_create_many",
    "person_create",
    "phone_index",
    "source_create",
]

CHUNK = 500


class Place(Protocol):
    """An area, as far as a dwelling needs to know it."""

    pk: Any
    kind: Any
    path: Any


@dataclass(frozen=True, slots=True)
class DwellingDraft:
    """One flat or house, before it is stored. `area` is the building, or the nearest area known."""

    area: Place
    room: str
    address: str
    unit: str = ""
    floor_area_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """One household, before it is stored; it lives in `dwelling`."""

    dwelling: Dwelling
    number: str = ""


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """One person, before they are stored: in a household, or at least in a place."""

    facts: PersonFacts
    household: Household | None = None
    area_path: str = ""


def source_create(*, kind: str, name: str, on: date, import_run: ImportRun | None = None) -> Source:
    """Say where facts come from: `kind` is import, visit, self-report, desk or department."""
    return Source.objects.create(
        kind=kind[:20], name=" ".join(name.split())[:200], on=on, import_run=import_run
    )


@transaction.atomic
def dwelling_create(*, draft: DwellingDraft, source: Source, actor: Actor, now: datetime) -> Dwelling:
    """Record a dwelling. Raises InvalidInput (room, area), Conflict when the door is recorded already."""
    dwelling = dwelling_of(draft, source)
    same_door = Dwelling.objects.filter(area_id=draft.area.pk, unit=dwelling.unit, room=dwelling.room)
    if same_door.exists():
        raise Conflict(
            zh="这个门牌已经登记过，请直接使用原来的房屋。",
            en="This door is recorded already; please use that dwelling.",
            code="dwelling-exists",
            field="room",
        )
    dwelling.save()
    about = f"registry.dwelling:{dwelling.public_id}"
    audit.record(
        actor=actor, act="registry.dwelling_create", about=about, area_path=dwelling.area_path, now=now
    )
    return dwelling


@transaction.atomic
def household_create(*, draft: HouseholdDraft, source: Source, actor: Actor, now: datetime) -> Household:
    """Record a household in its dwelling."""
    household = household_of(draft, source)
    household.save()
    about = f"registry.household:{household.public_id}"
    audit.record(
        actor=actor, act="registry.household_create", about=about, area_path=household.area_path, now=now
    )
    return household


@transaction.atomic
def person_create(*, draft: PersonDraft, source: Source, actor: Actor, now: datetime) -> Person:
    """Record a person; birth date and sex are taken from the ID number and must agree with what was said.

    Raises InvalidInput naming the fields, and Conflict when somebody with this ID number is recorded already.
    """
    person = person_of(draft, source, now.astimezone(COUNTY_TIME_ZONE).date())
    if person.id_number_index and Person.objects.filter(id_number_index=person.id_number_index).exists():
        raise Conflict(
            zh="这个身份证号码已经登记过。请先按号码查找，核对是不是同一个人。",
            en="This identity number is recorded already. Search for it first and see whether it is the same person.",
            code="person-exists",
            field="id_number",
        )
    person.save()
    about = f"registry.person:{person.public_id}"
    audit.record(actor=actor, act="registry.person_create", about=about, area_path=person.area_path, now=now)
    return person


@transaction.atomic
def dwellings_create_many(*, drafts: Iterable[DwellingDraft], source: Source) -> list[Dwelling]:
    """Record many dwellings at once, in the order given. Doors are not compared with those recorded before."""
    return Dwelling.objects.bulk_create([dwelling_of(draft, source) for draft in drafts], batch_size=CHUNK)


@transaction.atomic
def households_create_many(*, drafts: Iterable[HouseholdDraft], source: Source) -> list[Household]:
    """Record many households at once, in the order given."""
    return Household.objects.bulk_create([household_of(draft, source) for draft in drafts], batch_size=CHUNK)


@transaction.atomic
def people_create_many(*, drafts: Sequence[PersonDraft], source: Source, now: datetime) -> list[Person]:
    """Record many people at once, in the order given, each checked as `person_create` checks.

    Raises InvalidInput for the first bad draft, and Conflict when an ID number stands twice or is recorded already;
    then nothing is stored.
    """
    today = now.astimezone(COUNTY_TIME_ZONE).date()
    people = [person_of(draft, source, today) for draft in drafts]
    indexes = [person.id_number_index for person in people if person.id_number_index]
    if len(set(indexes)) < len(indexes) or are_recorded(indexes):
        raise Conflict(
            zh="有身份证号码重复，或者已经登记过，这一批没有保存。",
            en="An identity number stands twice or is recorded already; nothing of this batch was stored.",
            code="person-exists",
            field="id_number",
        )
    return Person.objects.bulk_create(people, batch_size=CHUNK)


def are_recorded(indexes: Sequence[str]) -> bool:
    return any(
        Person.objects.filter(id_number_index__in=indexes[start : start + CHUNK]).exists()
        for start in range(0, len(indexes), CHUNK)
    )


def dwelling_of(draft: DwellingDraft, source: Source) -> Dwelling:
    room = draft.room.strip()
    if not room:
        raise InvalidInput(
            zh="请填写房号；独院填“院”。",
            en="Please enter the room; for a house, “house”.",
            code="room-missing",
            field="room",
        )
    if AreaKind(draft.area.kind) in {AreaKind.PROVINCE, AreaKind.CITY, AreaKind.COUNTY}:
        raise InvalidInput(
            zh="请选择房屋所在的社区、小区或楼栋。",
            en="Please choose the community, compound or building of the dwelling.",
            code="dwelling-place",
            field="area",
        )
    return Dwelling(
        area_id=draft.area.pk,
        area_path=draft.area.path,
        unit=draft.unit.strip()[:20],
        room=room[:20],
        address=" ".join(draft.address.split())[:200],
        floor_area_m2=draft.floor_area_m2,
        source=source,
    )


def household_of(draft: HouseholdDraft, source: Source) -> Household:
    return Household(
        dwelling=draft.dwelling,
        area_path=draft.dwelling.area_path,
        number=draft.number.strip()[:30],
        source=source,
    )


def person_of(draft: PersonDraft, source: Source, today: date) -> Person:
    facts = checked_person(draft.facts, today)
    area_path = draft.household.area_path if draft.household else draft.area_path
    if not area_path:
        raise InvalidInput(
            zh="请选择这个人住在哪里：住户，或者至少是社区。",
            en="Please say where the person lives: a household, or at least a community.",
            code="person-place",
            field="household",
        )
    return Person(
        name=facts.name,
        id_number=facts.id_number,
        id_number_index=id_number_index(facts.id_number) if facts.id_number else "",
        id_number_tail=facts.id_number[-4:],
        phone=facts.phone,
        phone_index=phone_index(facts.phone) if facts.phone else "",
        phone_tail=facts.phone[-4:],
        sex=facts.sex,
        birth_date=facts.birth_date,
        household=draft.household,
        relation_to_head=facts.relation_to_head,
        area_path=area_path,
        source=source,
    )
