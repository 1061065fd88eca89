"""The pages of the registry: masked, searched by what is sent, unmasked for a reason that stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mulin.identity.access import SYSTEM
from mulin.identity.middleware import Access
from mulin.identity.models import AuditEntry
from mulin.parts.registry import services
from mulin.parts.registry.policies import POLICIES
from mulin.parts.registry.rules import PersonFacts
from mulin.parts.registry.services import DwellingDraft, HouseholdDraft, PersonDraft
from mulin.parts.registry.tests.test_registry import TODAY, facts
from mulin.parts.registry.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(world):
    source = services.source_create(kind="desk", name="社区登记", on=TODAY)
    common = {"source": source, "actor": SYSTEM, "now": world.now}
    draft = DwellingDraft(world.building, "101", "锦绣小区3号楼1单元101室", "1")
    dwelling = services.dwelling_create(draft=draft, **common)
    return services.household_create(draft=HouseholdDraft(dwelling, "H1"), **common)


@pytest.fixture
def wang(world, home):
    return services.person_create(
        draft=PersonDraft(facts(relation_to_head="户主"), home),
        source=home.source,
        actor=SYSTEM,
        now=world.now,
    )


@pytest.fixture
def pages(world, client, monkeypatch):
    monkeypatch.setattr(Access, "clock", world.clock)
    client.force_login(world.users["worker"])
    return client


def at(route, *words):
    return reverse(f"registry:{route}", args=words)


def secrets_of(person):
    return (person.name, person.id_number, person.phone, "101室", "1944")


def test_every_page_has_a_policy():
    assert {f"registry:{pattern.name}" for pattern in urlpatterns} == set(POLICIES)


def test_list_person_and_household_are_masked(pages, wang, home):
    for address in (at("list"), at("person", wang.public_id), at("household", home.public_id)):
        text = pages.get(address).text
        assert "王**" in text
        assert not [secret for secret in secrets_of(wang) if secret in text]


def test_a_search_is_sent_and_never_linked(pages, wang):
    for sent in (
        {"name": "王秀英"},
        {"phone_tail": "1234"},
        {"id_number": wang.id_number},
        {"area": "990101001001"},
    ):
        answer = pages.post(at("list"), sent)
        assert at("person", wang.public_id) in answer.text
        assert "?" not in answer.request["PATH_INFO"]
    assert "没有找到这个人" in pages.post(at("list"), {"name": "李"}).text
    assert at("person", wang.public_id) in pages.get(at("list"), {"name": "李"}).text


def test_a_search_that_makes_no_sense_says_so_beside_the_field(pages):
    answer = pages.post(at("list"), {"phone_tail": "12a4", "area": ""})
    assert answer.status_code == 422
    assert 'id="id_phone_tail-error"' in answer.text
    assert pages.post(at("list"), {"area": "nowhere"}).status_code == 422


def test_looking_needs_a_reason_and_leaves_a_trace(pages, wang):
    refused = pages.post(at("look", wang.public_id), {"reason_note": ""})
    assert refused.status_code == 422
    assert wang.phone not in refused.text
    shown = pages.post(at("look", wang.public_id), {"reason_note": "上门核实低保"})
    assert all(secret in shown.text for secret in secrets_of(wang))
    assert "no-store" in shown["Cache-Control"]
    assert AuditEntry.objects.filter(act="registry.look", reason="上门核实低保").count() == 1
    assert pages.get(at("look", wang.public_id)).status_code == 405


@pytest.mark.parametrize("who", ["stranger", "foreigner", "resident", "manager"])
def test_others_learn_nothing_not_even_that_it_exists(pages, world, wang, home, who):
    pages.force_login(world.users[who])
    assert pages.get(at("person", wang.public_id)).status_code == 404
    assert pages.get(at("household", home.public_id)).status_code == 404
    assert pages.post(at("look", wang.public_id), {"reason_note": "上门核实低保"}).status_code == 404
    assert not AuditEntry.objects.filter(act="registry.look").exists()


def test_who_may_not_look_is_not_asked_for_a_reason(pages, world, wang):
    pages.force_login(world.users["grid_worker"])
    text = pages.get(at("person", wang.public_id)).text
    assert at("look", wang.public_id) not in text
    assert pages.post(at("look", wang.public_id), {"reason_note": "上门核实低保"}).status_code == 404


def test_the_list_costs_the_same_however_many_people(pages, world, home, django_assert_max_num_queries):
    drafts = [PersonDraft(PersonFacts(f"王{number:02}"), home) for number in range(60)]
    services.people_create_many(drafts=drafts, source=home.source, now=world.now)
    with django_assert_max_num_queries(8):
        text = pages.post(at("list"), {"page": "2"}).text
    assert "26–50" in text
    assert text.count("data-row-link") == 25


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(pages, wang, home, language):
    pages.cookies["mulin-language"] = language
    for address in (at("list"), at("person", wang.public_id), at("household", home.public_id)):
        assert pages.get(address).status_code == 200
