"""What the parts offer is joined once, and the packs that come along can be loaded."""

from __future__ import annotations

import pytest
from django.conf import settings

from mulin.base import packs, periodic
from mulin.config.registrations import register_all
from mulin.config.tests.conftest import NOW
from mulin.kernel.clock import FixedClock
from mulin.kernel.errors import InvalidInput
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.packs import ClocksEntry


def test_registering_again_changes_nothing():
    before = list(packs.registered()), list(periodic.registered())
    register_all()
    assert (list(packs.registered()), list(periodic.registered())) == before


def test_the_packs_that_come_along_have_no_mistake():
    assert packs.check_packs(settings.MULIN_PACKS) == ["base", "qinghe"]


@pytest.mark.django_db
def test_loading_the_base_pack_again_changes_nothing():
    assert packs.load_packs(settings.MULIN_PACKS, ["base"]).is_change
    assert not packs.load_packs(settings.MULIN_PACKS, ["base"]).is_change


@pytest.mark.django_db
def test_the_hotline_has_five_working_days_and_neighbours_are_not_public():
    packs.load_packs(settings.MULIN_PACKS, ["base"])
    hotline = RequestType.objects.get(code="hotline_12345")
    assert hotline.clocks["handle_working_days"] == 5
    assert not hotline.residents_may_raise
    assert not RequestType.objects.get(code="neighbours").is_public


def test_a_type_with_two_clocks_for_handling_is_refused():
    clocks = dict.fromkeys(ClocksEntry.model_fields, 1)
    with pytest.raises(InvalidInput) as refused:
        ClocksEntry(**clocks)
    assert refused.value.code == "clock-of-handling"


@pytest.mark.django_db
def test_everything_periodic_runs_on_an_empty_county():
    clock = FixedClock(NOW)
    for item in periodic.registered().values():
        assert isinstance(item.function(clock), str)
