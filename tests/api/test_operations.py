"""A change that is sent twice, one after the other or at the same moment, happens once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from mulin.base import operations
from mulin.base.models import Operation
from mulin.parts.service_requests.links import link_digest
from mulin.parts.service_requests.models import RequestEvent, ServiceRequest
from tests.api.conftest import Program, new_token

pytestmark = pytest.mark.django_db


def test_the_same_operation_again_gives_the_same_answer_and_no_second_request(program, new_request):
    caller = program("worker")
    first, again = (caller.send("requests", new_request | {"operation_id": "visit-7"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ServiceRequest.objects.count() == 1


def test_the_header_says_it_as_well_as_the_body(program, new_request):
    caller = program("worker")
    caller.send("requests", new_request, **{"Idempotency-Key": "visit-8"})
    caller.send("requests", new_request | {"operation_id": "visit-8"})
    assert ServiceRequest.objects.count() == 1


def test_two_different_ids_in_one_call_are_refused(program, new_request):
    answer = program("worker").send(
        "requests", new_request | {"operation_id": "a"}, **{"Idempotency-Key": "b"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "operation-key-twice")


def test_the_same_id_for_something_else_is_a_conflict(program, new_request):
    caller = program("worker")
    caller.send("requests", new_request | {"operation_id": "visit-9"})
    other = caller.send("requests", new_request | {"operation_id": "visit-9", "text": "另一件事，电梯坏了。"})
    assert (other.status_code, other.json()["code"]) == (409, "operation-key-reused")
    assert ServiceRequest.objects.count() == 1


def test_the_same_id_from_somebody_else_is_a_conflict(program, new_request):
    program("worker").send("requests", new_request | {"operation_id": "visit-10"})
    answer = program("grid_worker", "requests.take_in").send(
        "requests", new_request | {"operation_id": "visit-10"}
    )
    assert answer.status_code == 409


STEPS = [
    ("accept", {"note": "收到"}, "accept"),
    ("reject", {"reason": "不属于本社区"}, "reject"),
    ("notes", {"note": "已电话联系"}, "note"),
    ("dispatch", {"partners": []}, "dispatch"),
]


@pytest.mark.parametrize(("path", "body", "name"), STEPS, ids=[step[0] for step in STEPS])
def test_a_step_sent_twice_is_taken_once(standing, program, path, body, name):
    request, caller = standing.raise_request(), program("worker")
    if "partners" in body:
        body = {"partners": [standing.partner.public_id]}
    answers = [
        caller.send(f"requests/{request.public_id}/{path}", body, **{"Idempotency-Key": "step"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert RequestEvent.objects.filter(request=request, step=name).count() == 1


def test_a_step_sent_twice_without_an_id_is_refused_the_second_time(standing, program):
    request, caller = standing.raise_request(), program("worker")
    answers = [caller.send(f"requests/{request.public_id}/accept", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]


def test_a_refused_operation_leaves_its_id_free(program, new_request):
    caller = program("worker")
    refused = caller.send("requests", new_request | {"operation_id": "visit-11", "type": "nothing"})
    taken = caller.send("requests", new_request | {"operation_id": "visit-11"})
    assert (refused.status_code, taken.status_code) == (422, 201)


SENDERS = 6


def send_at_once(world, body):
    """All senders stand at the start together; their answers."""
    token, start, answers = new_token(world, "worker"), threading.Barrier(SENDERS, timeout=30), []

    def send():
        caller = Program(token)
        start.wait()
        answer = caller.send("requests", body)
        answers.append((answer.status_code, answer.content))
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_one_operation_sent_by_many_at_once_happens_once(standing, new_request):
    answers = send_at_once(standing, new_request | {"operation_id": "race"})
    assert {status for status, _ in answers} == {201}
    assert len({content for _, content in answers}) == 1
    assert ServiceRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_key_table_it_would_happen_many_times(standing, new_request, monkeypatch):
    monkeypatch.setattr(operations, "claim", lambda key, digest, now: True)
    send_at_once(standing, new_request | {"operation_id": "race"})
    assert ServiceRequest.objects.count() == SENDERS


@pytest.mark.django_db(transaction=True)
def test_of_two_who_dispatch_at_once_one_is_told_to_look_again(standing):
    request, tokens = standing.raise_request(), [new_token(standing, "worker") for _ in range(2)]
    start, answers = threading.Barrier(2, timeout=30), []

    def send(token):
        start.wait()
        body = {"partners": [standing.partner.public_id, standing.second_partner.public_id]}
        answers.append(Program(token).send(f"requests/{request.public_id}/dispatch", body).status_code)
        connection.close()

    senders = [threading.Thread(target=send, args=[token]) for token in tokens]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(answers) == [200, 409]


def test_what_is_kept_of_an_operation_opens_no_request(program, new_request):
    answer = program("worker").send("requests", new_request | {"operation_id": "visit-11"})
    secret = answer.json()["link"].rstrip("/").rsplit("/", 1)[-1]
    assert ServiceRequest.objects.get().link_digest == link_digest(secret)
    assert secret not in str(Operation.objects.values_list("result", flat=True))
