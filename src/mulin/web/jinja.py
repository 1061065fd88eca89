"""The Jinja2 environment that all templates share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from mulin.web import addresses, formats, small_marks
from mulin.web.remembered import remembered


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return (
        reverse(name, args=args or None, kwargs=kwargs or None) if args or kwargs else addresses.address(name)
    )


class Templates(Jinja2):
    """Django's backend with an environment for each language: what is compiled has its texts in it already."""

    by_language: dict[str, Environment]

    @property
    def env(self) -> Environment:
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        return self.by_language.get(spoken) or self.by_language[settings.LANGUAGE_CODE]

    @env.setter
    def env(self, plain: Environment) -> None:
        self.by_language = {code: spoken_in(plain, code) for code, _ in settings.LANGUAGES}


def spoken_in(plain: Environment, language: str) -> Environment:
    """A copy of `plain` with templates of its own, compiled for `language`."""
    result = plain.overlay(extensions=[Spoken])
    result.extend(spoken_language=language)
    return result


class Spoken(Extension):
    """`_("text")` becomes the text in the environment's language, safe as newstyle gettext gives it.

    A text with values to fill in stays a call: it is worded when they are known.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        waiting: list[Token] = []
        for token in stream:
            waiting.append(token)
            if len(waiting) == len(CALL) or not is_call(waiting):
                yield from self.worded(waiting) if is_call(waiting) else waiting
                waiting = []
        yield from waiting

    def worded(self, call: list[Token]) -> Iterator[Token]:
        language, line = self.environment.spoken_language, call[0].lineno  # type: ignore[attr-defined]
        with translation.override(language):
            text = translation.gettext(call[2].value) % {}
        marks = [("lparen", "("), ("string", text), ("pipe", "|"), ("name", "safe"), ("rparen", ")")]
        return (Token(line, kind, value) for kind, value in marks)


CALL = (("name", "_"), ("lparen", None), ("string", None), ("rparen", None))


def is_call(tokens: list[Token]) -> bool:
    """Whether these tokens are, or begin, `_("text")`."""
    return all(
        token.type == kind and word in (None, token.value)
        for token, (kind, word) in zip(tokens, CALL, strict=False)
    )


def map_tiles(address: str) -> dict[str, Any] | None:
    """What a map needs to ask for tiles; None while the county has set no address, and maps stay on plain ground."""
    return {"url": address, "attribution": "", "subdomains": "01234567"} if address else None


def environment(**options: Any) -> Environment:
    """Autoescaping, newstyle gettext, and StrictUndefined: a template that asks for what is not there fails loudly."""
    options["undefined"] = StrictUndefined  # Django's backend passes a lenient one of its own
    result = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    result.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    result.globals.update(
        url=url,
        static=small_marks.static_url,
        drawn_icon=small_marks.icon,
        drawn_chip=small_marks.chip,
        drawn_clock=small_marks.clock,
        remembered=remembered,
        is_demo=settings.MULIN_IS_DEMO,
        language=translation.get_language,
        map_tiles=map_tiles(settings.MULIN_TILE_ADDRESS),
    )
    result.filters.update(formats.FILTERS)
    return result
