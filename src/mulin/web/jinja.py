"""The Jinja2 environment that all templates share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from mulin.web import formats


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


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
    result.globals.update(url=url, static=static, is_demo=settings.MULIN_IS_DEMO, language=translation.get_language)
    result.filters.update(formats.FILTERS)
    return result
