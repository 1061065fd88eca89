"""A partner looks at its own file and corrects how it is reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mulin.kernel.errors import MulinError
from mulin.parts.partners import selectors, services
from mulin.parts.partners.models import Partner
from mulin.parts.partners.views import words
from mulin.web.drafts import initial_from_draft
from mulin.web.formats import listed
from mulin.web.pages import page
from mulin.web.typed import Typed

FIELDS = ("contact_name", "phone", "address", "introduction")


@dataclass(frozen=True)
class ProfilePage:
    """Words of partners/profile.html."""

    partner: Partner
    status: dict[str, str]
    kind: str
    categories: str
    service_areas: str
    form: Typed
    done: bool
    form_errors: bool


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    partner = selectors.own_partner(actor)
    stored = {name: getattr(partner, name) for name in FIELDS}
    form = Typed.kept(stored | initial_from_draft(request, "partners:profile"))
    if request.method == "POST":
        form = Typed.sent(request)
        try:
            changes = {name: form.text(name) for name in FIELDS}
            services.partner_change(partner=partner, actor=actor, now=request.clock.now(), **changes)  # type: ignore[attr-defined]
            return HttpResponseRedirect(f"{reverse('partners:profile')}?done=1")
        except MulinError as error:
            form.refuse(error)
    context = ProfilePage(
        partner=partner,
        status=words.status(partner),
        kind=words.kind_name(partner),
        categories=words.categories_text(partner.categories.all()),
        service_areas=listed(selectors.service_area_names(partner)),
        form=form,
        done="done" in request.GET,
        form_errors=form.is_bad,
    )
    return page(request, "partners/profile.html", context, status=422 if form.is_bad else 200)
