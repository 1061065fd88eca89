"""The Jinja2 environment that all templates share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from mulin.web import formats, small_marks


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


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
        is_demo=settings.MULIN_IS_DEMO,
        language=translation.get_language,
        map_tiles=map_tiles(settings.MULIN_TILE_ADDRESS),
    )
    result.filters.update(formats.FILTERS)
    return result
