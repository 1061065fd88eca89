"""One box asks every part; each finds its own, masked, and nothing beyond the actor's areas."""

import pytest
from django.urls import reverse

from mulin.identity.access import SYSTEM
from mulin.parts.registry.models import Source
from mulin.parts.registry.rules import PersonFacts
from mulin.parts.registry.services import PersonDraft, person_create


@pytest.fixture
def person(world):
    """Somebody with an ID number and a telephone in the community."""
    source = Source.objects.create(kind="visit", name="入户走访", on=world.clock.today())
    facts = PersonFacts(name="王秀英", id_number="11010519491231002X", phone="13805371234")
    draft = PersonDraft(facts=facts, area_path=world.community.path)
    return person_create(draft=draft, source=source, actor=SYSTEM, now=world.now)


def ask(client, text: str) -> str:
    answer = client.post("/work/search/", {"text": text})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("text", ["王秀", "1234", "138 0537 1234", "11010519491231002x"])
def test_a_person_is_found_by_name_tail_telephone_or_id_and_stays_masked(world, signed_in, person, text):
    page = ask(signed_in("worker"), text)
    assert reverse("registry:person", args=[person.public_id]) in page
    found = page.split("居民</h2>")[1]
    assert "王秀英" not in found
    assert "13805371234" not in found
    assert "19491231" not in found


@pytest.mark.parametrize("text", ["王秀", "1234", "13805371234", "11010519491231002X"])
def test_a_stranger_finds_nobody(world, signed_in, person, text):
    assert person.public_id not in ask(signed_in("stranger"), text)


def test_a_part_of_an_id_number_finds_nobody(world, signed_in, person):
    assert person.public_id not in ask(signed_in("worker"), "11010519491231")


def test_a_partner_is_found_by_a_part_of_its_name(world, signed_in):
    address = reverse("partners:one", args=[world.partner.public_id])
    assert address in ask(signed_in("worker"), "修理")
    assert address not in ask(signed_in("stranger"), "修理")
    assert address not in ask(signed_in("grid_worker"), "修理")


@pytest.mark.parametrize("by_number", [True, False])
def test_a_request_is_found_by_its_number_or_its_words(world, signed_in, by_number):
    request = world.raise_request(text="三号楼电梯停了")
    text = request.number if by_number else "电梯"
    address = reverse("service_requests:work_one", args=[request.public_id])
    assert address in ask(signed_in("worker"), text)
    assert address not in ask(signed_in("stranger"), text)


def test_what_is_searched_for_never_comes_by_the_address(world, signed_in, person):
    assert person.public_id not in signed_in("worker").get("/work/search/?text=王秀").text


@pytest.mark.parametrize("text", ["%", "𠮷野", "'; --", "王" * 200, "\u202e王秀", "１２３４"])
def test_strange_words_are_answered(world, signed_in, person, text):
    ask(signed_in("worker"), text)
