"""The prepared queries of the queue show exactly what the ORM would show, to everybody, on every view."""

from datetime import date, timedelta

import pytest

from mulin.base.prepared import Prepared
from mulin.identity.access import ANONYMOUS, SYSTEM
from mulin.identity.models import Grant
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import OPEN
from mulin.parts.service_requests.selectors import QueueFilter, queue_counts, queue_page
from mulin.parts.service_requests.selectors.lists import COUNTED_VIEWS, VIEWS, condition, visible

pytestmark = pytest.mark.django_db
PEOPLE = ("worker", "grid_worker", "stranger", "foreigner", "manager", "resident", "shop")


@pytest.fixture
def busy(world):
    """Matters of two communities in several states, one of them handed to a stranger, and a person with two areas."""
    for _ in range(2):
        world.raise_request()
        world.raise_request(area=world.other_community, grid=None)
    handed = world.raise_request()
    services.request_dispatch_to_staff(
        request=handed, user=world.users["foreigner"], actor=world.actor("worker"), now=world.now
    )
    Grant.objects.create(
        user=world.users["stranger"], role_id="community_worker", area_path=world.other_county.path,
        valid_from=date(2026, 1, 1), created_at=world.now,
    )  # fmt: skip
    world.clock.advance(timedelta(hours=3))
    return world


@pytest.mark.parametrize("name", [*PEOPLE, "nobody", "system"])
def test_whoever_asks_sees_the_same_rows_and_counts_as_by_the_orm(busy, name):
    actor = {"nobody": ANONYMOUS, "system": SYSTEM}.get(name) or busy.actor(name)
    counts = queue_counts(actor, now=busy.now)
    for view in VIEWS:
        asked = QueueFilter(view=view)
        rows = ServiceRequest.objects.filter(condition(actor, asked, busy.now), visible(actor))
        wanted = list(rows.order_by(*VIEWS[view].order).values_list("public_id", flat=True))
        assert [row.public_id for row in queue_page(actor, asked, now=busy.now).rows] == wanted
        if view in COUNTED_VIEWS:
            assert counts[view] == rows.filter(status__in=OPEN).count()


def test_somebody_who_may_see_nothing_sees_nothing_even_after_somebody_who_may(busy):
    assert queue_page(busy.actor("worker"), QueueFilter(view="all"), now=busy.now).rows
    assert queue_page(busy.actor("resident"), QueueFilter(view="all"), now=busy.now).rows == []


def test_a_value_that_the_query_does_not_use_is_a_mistake():
    forgetful = Prepared(lambda shape, values: ServiceRequest.objects.values_list("number"))
    with pytest.raises(AssertionError, match="user_id"):
        forgetful.rows(None, {"user_id": 7})
