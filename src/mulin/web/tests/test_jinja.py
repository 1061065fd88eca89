"""Templates have their texts in them when they are compiled, in the language that is spoken when they are drawn."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils import translation

CLOSE = {"zh-hans": "关闭", "en": "Close"}


def drawn(source: str, **words: object) -> str:
    return engines["jinja2"].from_string(source).render(words)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_text_is_in_the_language_that_is_spoken(language: str) -> None:
    with translation.override(language):
        assert drawn('{{ _("关闭") }}') == CLOSE[language]
        assert drawn('{% set words = _("关闭") %}<i title="{{ words }}">') == f'<i title="{CLOSE[language]}">'


def test_the_languages_take_turns_with_the_same_template() -> None:
    pages = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            pages.append(engines["jinja2"].get_template("components/pagination.html").template.module)
    assert pages[0].pagination(next_url="/") == pages[2].pagination(next_url="/")
    assert "下一页" in pages[0].pagination(next_url="/")
    assert "下一页" not in pages[1].pagination(next_url="/")


def test_with_no_language_chosen_it_is_chinese() -> None:
    with translation.override(None):
        assert drawn('{{ _("关闭") }}') == "关闭"


def test_what_is_filled_in_is_escaped_and_the_text_around_it_is_not() -> None:
    assert drawn('{{ _("a < b") }}') == "a < b"
    assert drawn('{{ _("%(name)s < b", name=name) }}', name="<i>") == "&lt;i&gt; < b"
    assert drawn("{{ _(name) }}", name="关闭") == "关闭"


def test_a_percent_sign_is_written_as_it_is_where_nothing_is_filled_in() -> None:
    assert drawn('{{ _("100%%") }}') == "100%"
