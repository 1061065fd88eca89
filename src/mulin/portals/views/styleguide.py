"""The living pages of components."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mulin.kernel.errors import NotFound
from mulin.web.pages import page
from mulin.web.styleguide import styleguide_context, styleguide_template


@require_safe
def show(request: HttpRequest, name: str = "") -> HttpResponse:
    template = styleguide_template(name)
    if template is None:
        raise NotFound
    return page(request, template, styleguide_context())
