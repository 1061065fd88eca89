"""What may not be seen and what does not exist are one answer: the same status, the same length, for every route that
names a thing. Somebody with every right in another county asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from mulin.base.models import ImportRun, Job, Notice, OutboxMessage, StoredFile
from mulin.identity import services as identity
from mulin.identity.access import SYSTEM
from mulin.parts.areas import services as areas
from mulin.parts.areas.models import BodyKind
from mulin.parts.areas.tests.helpers import FIRST_DAY, appoint, load_kinds
from mulin.parts.registry import services as registry
from mulin.parts.registry.tests.test_registry import create as create_person
from mulin.parts.registry.tests.test_registry import facts
from mulin.parts.service_requests import services as requests
from mulin.parts.service_requests.models import RequestPhoto
from tests.access.test_policies import PAGES
from tests.support.world import World, role

pytestmark = pytest.mark.django_db
NOBODY = "2222222222222222222222"
# All but running the house, whose machinery is the same wherever one stands.
EVERYTHING = [
    "areas.view", "areas.manage", "posts.manage", "users.view", "users.manage", "grants.manage", "audit.view",
    "registry.view", "registry.look", "registry.import", "partners.view", "partners.manage", "partner.act",
    "requests.view", "requests.take_in", "requests.dispatch", "requests.handle", "requests.close", "requests.look",
    "requests.export", "requests.import", "requests.statistics",
]  # fmt: skip
# Not a thing of anybody's: the code of a poster, a secret, a kind of table, a message of the house.
WITHOUT_OWNER = {
    "portals:styleguide_page", "portals:import_upload", "portals:import_template", "portals:resend",
    "service_requests:code_page", "service_requests:new", "service_requests:by_secret", "service_requests:slip",
    "service_requests:photo", "service_requests:draft_photo",
}  # fmt: skip


@dataclass
class Things:
    """One of everything, all in the community, by the word that stands for it in ROUTES."""

    by_name: dict[str, str]

    def words(self, name: str) -> list[str]:
        return [self.by_name.get(word, word) for word in ROUTES[name]]


ROUTES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("areas:area", "areas:create", "areas:appoint", "areas:establish", "areas:notice"), ("area",)),
    "areas:change": ("area", "rename"),
    **dict.fromkeys(("areas:leave", "areas:cover", "areas:hand_over"), ("holding",)),
    "areas:dissolve": ("body",),
    **dict.fromkeys(("registry:person", "registry:look"), ("person",)),
    "registry:household": ("household",),
    **dict.fromkeys(("partners:one", "partners:look", "partners:decide", "partners:account"), ("partner",)),
    "portals:open_notice": ("notice",),
    "portals:revoke_token": ("token",),
    **dict.fromkeys(
        ("portals:user", "portals:give_grant", "portals:reset_password", "portals:deactivate_user"), ("user",)
    ),
    "portals:end_grant": ("grant",),
    **dict.fromkeys(
        (
            "portals:import_run", "portals:apply_import", "portals:cancel_import", "portals:rejected_rows",
            "service_requests:work_import_run", "service_requests:work_import_start",
            "service_requests:work_import_cancel", "service_requests:work_import_rejects",
        ),
        ("run",),
    ),
    **dict.fromkeys(
        (
            "portals:job", "portals:cancel_job", "service_requests:work_job", "service_requests:work_job_cancel",
            "service_requests:work_job_file",
        ),
        ("job",),
    ),
    **dict.fromkeys(
        (
            "service_requests:work_one", "service_requests:work_dispatch", "service_requests:work_look",
            "service_requests:work_slip", "service_requests:work_slip_qr", "service_requests:partner_work",
            "service_requests:mine",
        ),
        ("request",),
    ),
    "service_requests:work_act": ("request", "accept"),
    **dict.fromkeys(("service_requests:work_photo", "service_requests:partner_photo"), ("request", "photo")),
}  # fmt: skip


def test_every_route_that_names_a_thing_is_asked():
    named = {name for pattern, name in PAGES if "<" in pattern}
    assert named == ROUTES.keys() | WITHOUT_OWNER


@pytest.fixture
def things(world: World) -> Things:
    load_kinds()
    now, worker = world.now, world.users["worker"]
    token, _secret = identity.token_create(
        user=worker, name="程序", scopes=["requests.view"], days=3, actor=world.actor("worker"), now=now,
        today=world.clock.today(),
    )  # fmt: skip
    body = areas.body_establish(
        kind=BodyKind.objects.get(code="community_party_committee"), area=world.community, name="党委", address="",
        valid_from=FIRST_DAY, actor=SYSTEM, now=now,
    )  # fmt: skip
    source = registry.source_create(kind="desk", name="社区登记", on=world.clock.today())
    message = OutboxMessage.objects.create(
        channel="inbox", recipient=worker, body="", once_key="one", created_at=now, not_before=now
    )
    run = ImportRun.objects.create(
        kind="service_requests.messages", area_path=world.community.path, source_name="t.csv", asked_by=worker,
        created_at=now, state="previewed",
    )  # fmt: skip
    dwelling = registry.dwelling_create(
        draft=registry.DwellingDraft(world.building, "101", "3号楼101室", "1"),
        source=source,
        actor=SYSTEM,
        now=now,
    )
    household = registry.household_create(
        draft=registry.HouseholdDraft(dwelling, "H1"), source=source, actor=SYSTEM, now=now
    )
    rows = {
        "area": world.community,
        "holding": appoint("community_worker", world.community, worker, now),
        "body": body,
        "person": create_person(world, source, facts(), household),
        "household": household,
        "partner": world.partner,
        "notice": Notice.objects.create(recipient=worker, message=message, subject="一件事", created_at=now),
        "token": token,
        "user": worker,
        "grant": worker.grants.first(),
        "run": run,
        "job": Job.objects.create(
            kind="service_requests.export", title="导出", asked_by=worker, created_at=now, state="done"
        ),
        **taken_request(world),
    }
    return Things({name: row.public_id for name, row in rows.items()})


def taken_request(world: World) -> dict[str, Any]:
    """A request that the partner has taken, with a picture; it is the resident's."""
    request = requests.request_dispatch_to_partners(
        request=world.raise_request(for_user_id=world.users["resident"].pk),
        partner_ids=[world.partner.pk],
        actor=world.actor("worker"),
        now=world.now,
    )
    requests.offer_take(offer=request.offers.get(), actor=world.actor("shop"), now=world.now)
    file = StoredFile.objects.create(
        purpose="service_request", original_name="a.jpg", media_type="image/jpeg", size_bytes=1, sha256="",
        created_at=world.now,
    )  # fmt: skip
    RequestPhoto.objects.create(request=request, file=file, step="raise", added_at=world.now)
    return {"request": request, "photo": file}


@pytest.fixture
def elsewhere(world: World, client: Client) -> Client:
    """Somebody who may do everything, and acts for a partner, in the other county."""
    role("everything", EVERYTHING)
    user = world.user("everything", "everything", world.other_county)
    world.second_partner.members.update(user=user)
    client.force_login(user)
    return client


def asked(client: Client, method: str, address: str) -> tuple[int, int, str]:
    with transaction.atomic():
        answer = getattr(client, method)(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, len(body), answer.headers["Content-Type"]


def address_of(pattern: str, words: list[str]) -> str:
    left = iter(words)
    parts = [next(left) if part.startswith("<") else part for part in pattern.split("/")]
    return "/" + "/".join(parts)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("pattern", "name"), [(pattern, name) for pattern, name in PAGES if name in ROUTES])
def test_another_countys_thing_and_no_thing_are_one_answer(
    things: Things, elsewhere: Client, method: str, pattern: str, name: str
) -> None:
    words = things.words(name)
    theirs = asked(elsewhere, method, address_of(pattern, words))
    nothing = asked(elsewhere, method, address_of(pattern, [NOBODY[: len(words[0])], *words[1:]]))
    assert theirs == nothing
    assert theirs[0] in {404, 405, 302}


def test_the_one_who_may_is_answered_otherwise(things: Things, world: World, client: Client) -> None:
    client.force_login(world.users["worker"])
    assert client.get(f"/work/requests/{things.by_name['request']}/").status_code == 200
    assert client.get(f"/work/areas/{things.by_name['area']}/").status_code == 200
