"""Two senders of one operation at the same moment."""

import threading

import pytest
from django.db import connection

from mulin.base import operations
from mulin.base.tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def send_twice_at_once():
    """Both senders stand at the start together; the number of times it happened."""
    happened, start, answers = [], threading.Barrier(2, timeout=30), []

    def send():
        start.wait()
        answers.append(
            operations.run_once(
                key="race",
                actor_key="user:1",
                request_digest="same",
                now=NOON,
                action=lambda: happened.append(1) or {"n": len(happened)},
            )
        )
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return len(happened), answers


def test_two_senders_at_once_make_one_operation():
    times, answers = send_twice_at_once()
    assert times == 1
    assert answers == [{"n": 1}, {"n": 1}]


def test_without_the_key_table_it_would_happen_twice(monkeypatch):
    monkeypatch.setattr(operations, "claim", lambda key, digest, now: True)
    assert send_twice_at_once()[0] == 2
