"""People, households, dwellings: checked when they come in, masked when they are shown, each look recorded."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.identity.access import SYSTEM
from mulin.identity.models import AuditEntry
from mulin.kernel.errors import Conflict, InvalidInput, NotFound
from mulin.parts.registry import selectors, services
from mulin.parts.registry.models import Person
from mulin.parts.registry.rules import PersonFacts, age_on, checked_person
from mulin.parts.registry.selectors import PersonSearch
from mulin.parts.registry.services import DwellingDraft, HouseholdDraft, PersonDraft

TODAY = date(2026, 3, 5)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(birth: date, serial: int) -> str:
    """A number whose check fits; its region is one that no county bears."""
    body = f"370100{birth:%Y%m%d}{serial:03}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def facts(serial: int = 2, **more) -> PersonFacts:
    given_facts = {"name": "王秀英", "id_number": id_number(date(1944, 3, 6), serial), "phone": "13805371234"}
    return PersonFacts(**given_facts | more)


@pytest.fixture
def source(db):
    return services.source_create(kind="desk", name="社区登记", on=TODAY)


@pytest.fixture
def home(world, source):
    """A household in room 101 of the standing building."""
    draft = DwellingDraft(world.building, "101", "青禾县青禾街道锦绣小区3号楼1单元101室", "1")
    dwelling = services.dwelling_create(draft=draft, source=source, actor=SYSTEM, now=world.now)
    return services.household_create(
        draft=HouseholdDraft(dwelling, "H1"), source=source, actor=SYSTEM, now=world.now
    )


@pytest.fixture
def wang(world, source, home):
    return create(world, source, facts(), home)


def create(world, source, person_facts, home=None, area_path=""):
    draft = PersonDraft(person_facts, home, area_path)
    return services.person_create(draft=draft, source=source, actor=SYSTEM, now=world.now)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_birth_and_sex_come_from_the_number(birth, serial):
    found = checked_person(facts(id_number=id_number(birth, serial)), TODAY)
    assert found.birth_date == birth
    assert found.sex == ("1" if serial % 2 else "2")


def test_what_contradicts_the_number_is_named_field_by_field():
    with pytest.raises(InvalidInput) as caught:
        checked_person(facts(name="", phone="12", sex="男", birth_date=date(1944, 3, 7)), TODAY)
    assert {problem.field for problem in caught.value.problems} == {"name", "phone", "sex", "birth_date"}


def test_a_number_is_refused_without_being_repeated():
    with pytest.raises(InvalidInput) as caught:
        checked_person(facts(id_number="370100194403060021"), TODAY)
    assert caught.value.problems[0].field == "id_number"
    assert "37010019" not in str(caught.value)


def test_unknown_stays_unknown():
    found = checked_person(PersonFacts("无名"), TODAY)
    assert (found.sex, found.birth_date, found.phone, found.id_number) == ("0", None, "", "")


@given(st.dates(date(1900, 1, 1), TODAY))
def test_age_counts_full_years(birth):
    age = age_on(birth, TODAY)
    assert birth.year + age <= TODAY.year
    assert age >= 0
    assert age == TODAY.year - birth.year - (f"{TODAY:%m%d}" < f"{birth:%m%d}")


def test_numbers_and_phones_are_unreadable_in_the_database(wang, django_assert_num_queries):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM registry_person")
        stored = " ".join(cursor.fetchone())
    assert "1944" not in stored
    assert "1380537" not in stored
    assert Person.objects.get().phone == "13805371234"


def test_one_number_is_one_person(world, source, wang):
    with pytest.raises(Conflict):
        create(world, source, facts(name="另一个"), None, world.community.path)
    assert Person.objects.count() == 1


def test_a_person_needs_a_place(world, source):
    with pytest.raises(InvalidInput):
        create(world, source, facts())


def test_a_door_is_recorded_once(world, source, home):
    with pytest.raises(Conflict):
        services.dwelling_create(
            draft=DwellingDraft(world.building, "101", "同一个门", "1"),
            source=source,
            actor=SYSTEM,
            now=world.now,
        )


def test_people_are_seen_only_in_ones_own_area(world, wang):
    def names(who):
        return [card.name for card in selectors.people_page(world.actor(who), PersonSearch(), on=TODAY).cards]

    assert names("worker") == names("grid_worker") == ["王**"]
    assert names("stranger") == names("foreigner") == names("resident") == []
    with pytest.raises(NotFound):
        selectors.person_for(world.actor("stranger"), wang.public_id, on=TODAY)


def test_a_card_gives_nothing_away(world, wang):
    card = selectors.person_for(world.actor("worker"), wang.public_id, on=TODAY)
    assert (card.name, card.age, card.phone) == ("王**", 81, "*******1234")
    assert "101" not in card.address
    assert wang.id_number[:16] not in str(card)
    assert "1944" not in str(card)


@pytest.mark.parametrize(
    ("search", "count"),
    [
        (PersonSearch(name="王秀"), 1),
        (PersonSearch(name="李"), 0),
        (PersonSearch(phone_tail="1234"), 1),
        (PersonSearch(phone_tail="4321"), 0),
        (PersonSearch(id_number=id_number(date(1944, 3, 6), 2).lower()), 1),
        (PersonSearch(id_number=id_number(date(1944, 3, 6), 4)), 0),
        (PersonSearch(area_path="990101/002/"), 0),
    ],
)
def test_people_are_found_by_name_tail_or_whole_number(world, wang, search, count):
    assert len(selectors.people_page(world.actor("worker"), search, on=TODAY).cards) == count


def test_a_search_that_makes_no_sense_says_so(world):
    with pytest.raises(InvalidInput) as caught:
        selectors.people_page(
            world.actor("worker"), PersonSearch(phone_tail="12a4", id_number="3701"), on=TODAY
        )
    assert {problem.field for problem in caught.value.problems} == {"phone_tail", "id_number"}


def test_looking_behind_the_mask_is_recorded_with_its_reason(world, wang):
    seen = selectors.look_at_person(world.actor("worker"), wang.public_id, "上门核实低保", world.now)
    assert (seen.name, seen.phone) == ("王秀英", "13805371234")
    entry = AuditEntry.objects.get(act="registry.look")
    assert (entry.actor, entry.reason) == (world.users["worker"], "上门核实低保")
    assert entry.about == f"registry.person:{wang.public_id}"
    assert "13805371234" not in repr(seen)


@pytest.mark.parametrize(("who", "reason", "error"), [
    ("worker", " ", InvalidInput),
    ("stranger", "上门核实低保", NotFound),
    ("grid_worker", "上门核实低保", NotFound),
])  # fmt: skip
def test_without_reason_or_right_nothing_is_shown_and_nothing_recorded(world, wang, who, reason, error):
    with pytest.raises(error):
        selectors.look_at_person(world.actor(who), wang.public_id, reason, world.now)
    assert not AuditEntry.objects.filter(act="registry.look").exists()


def test_the_head_of_a_household_stands_first(world, source, home):
    create(world, source, facts(3, name="王小明", relation_to_head="子"), home)
    create(world, source, facts(5, name="王建国", relation_to_head="户主"), home)
    view = selectors.household_for(world.actor("worker"), home.public_id, on=TODAY)
    assert [member.relation_to_head for member in view.members] == ["户主", "子"]
    assert view.address == "青禾县青禾街道锦绣小区***"
    with pytest.raises(NotFound):
        selectors.household_for(world.actor("stranger"), home.public_id, on=TODAY)


def test_reads_cost_the_same_however_many_people_there_are(world, source, home, django_assert_num_queries):
    drafts = [PersonDraft(facts(serial, phone=""), home) for serial in range(10, 40)]
    people = services.people_create_many(drafts=drafts, source=source, now=world.now)
    actor = world.actor("worker")
    with django_assert_num_queries(1):
        page = selectors.people_page(actor, PersonSearch(), on=TODAY)
    assert (len(page.cards), page.has_more) == (25, True)
    with django_assert_num_queries(1):
        selectors.person_for(actor, people[0].public_id, on=TODAY)
    with django_assert_num_queries(2):
        assert len(selectors.household_for(actor, home.public_id, on=TODAY).members) == 30


def test_many_come_in_whole_or_not_at_all(world, source, home, wang):
    for drafts in ([facts(8), facts(8)], [facts(8), facts()], [facts(8), facts(9, phone="12")]):
        with pytest.raises((Conflict, InvalidInput)):
            services.people_create_many(
                drafts=[PersonDraft(one, home) for one in drafts], source=source, now=world.now
            )
    assert Person.objects.count() == 1


def test_many_homes_come_in_at_once_in_their_order(world, source, django_assert_num_queries):
    drafts = [DwellingDraft(world.building, str(room), f"3号楼{room}") for room in range(101, 111)]
    dwellings = services.dwellings_create_many(drafts=drafts, source=source)
    households = services.households_create_many(
        drafts=[HouseholdDraft(dwelling) for dwelling in dwellings], source=source
    )
    assert [household.dwelling.room for household in households] == [str(room) for room in range(101, 111)]
    assert all(household.pk and household.area_path == world.building.path for household in households)
