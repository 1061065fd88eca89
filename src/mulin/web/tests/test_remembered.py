"""What is remembered of a page: the same piece for the same key, and never somebody's own."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from mulin.web import remembered as module
from mulin.web.remembered import HoldsToken, remembered

PIECE = '{% call remembered("test piece", key) %}<p>{{ words }} {{ _("关闭") }}</p>{% endcall %}'


def drawn(key: object, words: str) -> str:
    return engines["jinja2"].from_string(PIECE).render({"key": key, "words": words})


def test_a_piece_is_drawn_once_for_its_key_and_anew_for_another() -> None:
    assert "one" in drawn(("a", 1), "one")
    assert "one" in drawn(("a", 1), "two")
    assert "two" in drawn(("a", 2), "two")


def test_each_language_has_its_own() -> None:
    assert "关闭" in drawn("language", "")
    with translation.override("en"):
        assert "关闭" not in drawn("language", "")


def test_what_is_remembered_stays_escaped_and_is_not_escaped_twice() -> None:
    for _ in range(2):
        assert drawn("escaped", "<b>&") == "<p>&lt;b&gt;&amp; 关闭</p>"


def test_a_form_with_a_token_is_refused() -> None:
    template = engines["jinja2"].from_string(
        '{% call remembered("test form", 1) %}{{ csrf_input }}{% endcall %}'
    )
    with pytest.raises(HoldsToken):
        template.render({}, RequestFactory().get("/"))


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECES_KEPT", 3)
    monkeypatch.setattr(module, "_pieces", {})
    for number in range(10):
        assert remembered("test many", number, lambda number=number: str(number)) == str(number)
    assert len(module._pieces) <= 3
