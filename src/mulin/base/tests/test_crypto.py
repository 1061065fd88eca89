import base64

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from mulin.base import crypto
from mulin.base.models import Draft
from mulin.base.tests.conftest import NOON
from mulin.kernel.errors import Unavailable

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_what_is_encrypted_comes_back(text):
    assert crypto.decrypt(crypto.encrypt(text)) == text


@given(texts.filter(bool), st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(text, place, change):
    head, body = crypto.encrypt(text).rsplit(".", 1)
    raw = bytearray(base64.b64decode(body))
    raw[place % len(raw)] ^= change
    with pytest.raises(Unavailable, match="密钥"):
        crypto.decrypt(f"{head}.{base64.b64encode(raw).decode()}")


@pytest.mark.parametrize("value", ["", "plain", "aesgcm.k1.", "aesgcm.k1.!!!", "aesgcm.k1.AAAA"])
def test_what_was_never_encrypted_is_refused(value):
    with pytest.raises(Unavailable):
        crypto.decrypt(value)


def test_the_same_text_never_looks_the_same():
    assert crypto.encrypt("13800131234") != crypto.encrypt("13800131234")


def test_equal_values_are_found_by_purpose_only():
    assert crypto.blind_index("13800131234", "phone") == crypto.blind_index("13800131234", "phone")
    assert crypto.blind_index("13800131234", "phone") != crypto.blind_index("13800131234", "id")


@pytest.mark.django_db
def test_a_column_is_unreadable_in_the_database_and_cannot_be_searched():
    Draft.objects.create(token_digest="t", form="f", fields="王小明", updated_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM base_draft")
        assert cursor.fetchone()[0].startswith("aesgcm.k1.")
    assert Draft.objects.get().fields == "王小明"
    with pytest.raises(TypeError, match="blind index"):
        Draft.objects.filter(fields="王小明").exists()
