"""Pages of trouble say whom to call, as long as the database can tell."""

import pytest
from django.db import DatabaseError

from mulin.parts.areas.models import Area


@pytest.fixture
def one_county(world):
    """The county has a telephone, and is the only one."""
    Area.objects.filter(pk=world.other_county.pk).update(valid_to=world.clock.today())
    Area.objects.filter(pk=world.county.pk).update(telephone="0537-2000000")
    return world


def test_a_page_that_is_not_there_gives_the_countys_telephone(one_county, client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert 'href="tel:05372000000"' in answer.text


def test_where_two_counties_stand_none_is_given(world, client):
    Area.objects.filter(kind="county").update(telephone="0537-2000000")
    assert "tel:" not in client.get("/nowhere/").text


def test_without_a_database_the_page_still_stands(one_county, client, monkeypatch):
    def gone():
        raise DatabaseError("secret words of the server")

    monkeypatch.setattr("mulin.portals.frame.county", gone)
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.text
    assert "secret words" not in answer.text


def test_public_pages_name_the_county_and_its_telephone(one_county, client):
    page = client.get("/").text
    assert "青禾县" in page
    assert 'href="tel:05372000000"' in page
