from datetime import timedelta

import pytest
from django.db import connection

from mulin.base import drafts
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import LimitReached

pytestmark = pytest.mark.django_db
TYPED = {"text": "水管坏了 𠮷\u202e" * 100, "kinds": ["a", "b"]}


def test_what_was_typed_comes_back_until_it_is_sent():
    token = drafts.new_token()
    drafts.save(token, "request", TYPED, NOON)
    drafts.save(token, "other", {"text": "别的"}, NOON)
    assert drafts.load(token, "request") == TYPED
    drafts.forget(token, "request")
    assert drafts.load(token, "request") is None
    assert drafts.load(token, "other") == {"text": "别的"}


def test_the_last_save_counts():
    drafts.save("t", "request", {"text": "一"}, NOON)
    drafts.save("t", "request", {"text": "二"}, NOON)
    assert drafts.load("t", "request") == {"text": "二"}


def test_a_stranger_with_another_token_finds_nothing():
    drafts.save(drafts.new_token(), "request", TYPED, NOON)
    assert drafts.load(drafts.new_token(), "request") is None


def test_passwords_and_tokens_are_never_kept():
    drafts.save("t", "f", {"new_password": "x", "csrfmiddlewaretoken": "y", "name": "王"}, NOON)
    assert drafts.load("t", "f") == {"name": "王"}


def test_the_database_holds_neither_text_nor_token():
    drafts.save("secret-token", "f", {"text": "canary"}, NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_digest, fields FROM base_draft")
        row = str(cursor.fetchall())
    assert "canary" not in row
    assert "secret-token" not in row


def test_old_drafts_go():
    drafts.save("t", "f", {"a": "b"}, NOON)
    assert drafts.forget_before(NOON) == 0
    assert drafts.forget_before(NOON + timedelta(seconds=1)) == 1


def test_what_is_too_long_is_refused_in_words():
    with pytest.raises(LimitReached, match="太长"):
        drafts.save("t", "f", {"text": "a" * 1_000_001}, NOON)
