"""The Jinja2 environment that all templates share."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from mulin.web import formats


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


@cache
def static_url(path: str) -> str:
    """The address of a style sheet, a script or an icon; asked for dozens of times a page, always the same."""
    return static(path)


def map_tiles(address: str) -> dict[str, Any] | None:
    """What a map needs to ask for tiles; None while the county has set no address, and maps stay on plain ground."""
    return {"url": address, "attribution": "", "subdomains": "01234567"} if address else None


def environment(**options: Any) -> Environment:
    """Autoescaping, newstyle gettext, and StrictUndefined: a template that asks for what is not there fails loudly."""
    options.setdefault("undefined", StrictUndefined)
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
        url=url, static=static_url, is_demo=settings.MULIN_IS_DEMO, language=translation.get_language
    )
    result.filters.update(formats.FILTERS)
    return result
