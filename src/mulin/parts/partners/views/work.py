"""The register of partners, for staff: who applied, who serves, and the decisions about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import MulinError, NotFound
from mulin.kernel.identifiers import mask_phone
from mulin.parts.partners import selectors, services
from mulin.parts.partners.forms import LONGEST_PAGE, application_of, filter_of
from mulin.parts.partners.models import Partner
from mulin.parts.partners.rules import STATE_NAMES, PartnerState, may_become
from mulin.parts.partners.selectors import PartnerFilter
from mulin.parts.partners.services import OpenedAccount
from mulin.parts.partners.views import words
from mulin.parts.partners.views.join import FormPage, form_page
from mulin.web.formats import listed
from mulin.web.pages import page
from mulin.web.typed import Typed

ROWS = 25


@dataclass(frozen=True)
class ListPage:
    """Words of partners/list.html."""

    rows: list[dict[str, Any]]
    views: list[dict[str, Any]]
    filters: list[dict[str, Any]]
    hidden: list[tuple[str, str]]
    total: int
    position_text: str
    previous_url: str
    next_url: str
    may_add: bool
    is_filtered: bool


@require_GET
def list_partners(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    asked, number = filter_of(request.GET)
    found = selectors.partner_list(actor, asked, offset=(number - 1) * ROWS, limit=ROWS)
    counts = selectors.partner_counts(actor, asked)
    last = number * ROWS
    context = ListPage(
        rows=[row_of(partner) for partner in found.rows],
        views=state_views(asked, counts),
        filters=filter_fields(asked),
        hidden=[("state", asked.state)] if asked.state else [],
        total=found.total,
        position_text=position_text((number - 1) * ROWS + 1, min(last, found.total), found.total),
        previous_url=list_url(asked, number - 1) if number > 1 else "",
        next_url=list_url(asked, number + 1) if last < found.total and number < LONGEST_PAGE else "",
        may_add=actor.may("partners.manage"),
        is_filtered=bool(asked.kind or asked.category or asked.words or asked.state),
    )
    return page(request, "partners/list.html", context)


def position_text(first: int, last: int, total: int) -> str:
    return (
        _("第 %(first)s–%(last)s 家，共 %(total)s 家") % {"first": first, "last": last, "total": total}
        if total
        else ""
    )


def row_of(partner: Partner) -> dict[str, Any]:
    return {
        "id": partner.public_id,
        "url": reverse("partners:one", args=[partner.public_id]),
        "name": partner.name,
        "kind": words.kind_name(partner),
        "categories": words.categories_text(partner.categories.all()),
        "area": partner.area.name,
        "status": words.status(partner),
        "applied_at": partner.applied_at,
    }


def list_url(asked: PartnerFilter, number: int = 1) -> str:
    pairs = {"state": asked.state, "kind": asked.kind, "category": asked.category, "words": asked.words}
    query = {name: text for name, text in pairs.items() if text} | (
        {"page": str(number)} if number > 1 else {}
    )
    return reverse("partners:list") + (f"?{urlencode(query)}" if query else "")


def state_views(asked: PartnerFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    every = {
        "label": _("全部"),
        "url": list_url(replace(asked, state="")),
        "count": sum(counts.values()),
        "current": not asked.state,
    }
    return [every] + [
        {
            "label": words.said(STATE_NAMES[state]),
            "url": list_url(replace(asked, state=state.value)),
            "count": counts.get(state, 0),
            "current": asked.state == state,
            "tone": "accent" if state is PartnerState.APPLIED and counts.get(state) else "",
        }
        for state in PartnerState
    ]


def filter_fields(asked: PartnerFilter) -> list[dict[str, Any]]:
    kinds = [("", _("全部"))] + [(option["value"], option["label"]) for option in words.kind_options()]
    categories = [("", _("全部"))] + [
        (category.code, words.category_name(category)) for category in selectors.service_categories()
    ]
    return [
        {
            "name": "words",
            "label": _("名称"),
            "kind": "search",
            "value": asked.words,
            "placeholder": _("按名称找"),
        },
        {"name": "kind", "label": _("类型"), "kind": "select", "value": asked.kind, "options": kinds},
        {
            "name": "category",
            "label": _("服务"),
            "kind": "select",
            "value": asked.category,
            "options": categories,
        },
    ]


@dataclass(frozen=True)
class Decision:
    """Something that may be done with a partner now."""

    step: str
    label: str
    kind: str
    icon: str
    needs_reason: bool
    hint: str = ""


@dataclass(frozen=True)
class OnePage:
    """Words of partners/one.html."""

    partner: Partner
    status: dict[str, str]
    facts: list[dict[str, str]]
    person: dict[str, Any]
    look_error: str
    may_look: bool
    file: list[words.Line]
    members: list[dict[str, str]]
    decisions: list[Decision]
    may_open_account: bool
    opened: OpenedAccount | None
    form: Typed
    done: str
    form_errors: bool


def decisions_for(partner: Partner) -> list[Decision]:
    state = PartnerState(partner.state)
    back = state is PartnerState.SUSPENDED
    every = [
        (
            PartnerState.ADMITTED,
            Decision(
                "admit",
                _("恢复派单") if back else _("审核通过"),
                "primary",
                "circle-check",
                needs_reason=False,
            ),
        ),
        (
            PartnerState.REFUSED,
            Decision("refuse", _("不通过"), "danger", "ban", True, _("申请人会看到这条原因。")),
        ),
        (
            PartnerState.SUSPENDED,
            Decision(
                "suspend", _("暂停派单"), "secondary", "pause", True, _("不再派新单；已经接下的事办完为止。")
            ),
        ),
        (
            PartnerState.LEFT,
            Decision("leave", _("申请人撤回"), "quiet", "undo-2", needs_reason=True)
            if state is PartnerState.APPLIED
            else Decision(
                "leave", _("退出合作"), "danger", "log-out", True, _("账号的合伙人权限会同时收回。")
            ),
        ),
        (
            PartnerState.APPLIED,
            Decision("reopen", _("重新受理"), "secondary", "rotate-ccw", needs_reason=True),
        ),
    ]
    return [decision for wanted, decision in every if may_become(state, wanted)]


def one_page(
    request: HttpRequest,
    partner: Partner,
    *,
    phone: str = "",
    look_error: str = "",
    opened: OpenedAccount | None = None,
    form: Typed | None = None,
) -> HttpResponse:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    may_manage = actor.may("partners.manage", partner.area_path)
    members = selectors.partner_members(partner)
    form = form or Typed()
    context = OnePage(
        partner=partner,
        status=words.status(partner),
        facts=facts_of(partner),
        person=person_of(partner, phone),
        look_error=look_error,
        may_look=actor.may("partners.look", partner.area_path),
        file=words.file_of(selectors.partner_events(partner), now),
        members=[
            {"name": member.user.display_name, "login_name": member.user.login_name} for member in members
        ],
        decisions=decisions_for(partner) if may_manage else [],
        may_open_account=may_manage and not members and partner.state == PartnerState.ADMITTED,
        opened=opened,
        form=form,
        done=request.GET.get("done", ""),
        form_errors=form.is_bad or bool(look_error),
    )
    return page(request, "partners/one.html", context, status=422 if context.form_errors else 200)


def facts_of(partner: Partner) -> list[dict[str, str]]:
    pairs = [
        (_("类型"), words.kind_name(partner)),
        (_("能做的事"), words.categories_text(partner.categories.all())),
        (_("服务范围"), listed(place.area.name for place in partner.service_areas.all())),
        (_("归口"), partner.area.name),
        (_("信用代码"), partner.uscc),
        (_("地址"), partner.address),
        (_("介绍"), partner.introduction),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


def person_of(partner: Partner, phone: str) -> dict[str, Any]:
    """The contact: name and phone masked until somebody gave a reason."""
    shown = phone or mask_phone(partner.phone)
    return {
        "name": partner.contact_name if phone else words.masked_contact(partner),
        "subtitle": _("联系人"),
        "revealed": bool(phone),
        "fields": [
            {"label": _("电话"), "value": shown, "masked": not phone, "href": f"tel:{phone}" if phone else ""}
        ],
    }


@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    return one_page(request, selectors.partner_for(request.actor, public_id))  # type: ignore[attr-defined]


def back_to_the_partner(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever comes to a form's address by a link (after changing the language, say) is led to the partner's page."""

    @wraps(view)
    def or_back(request: HttpRequest, public_id: str) -> HttpResponse:
        if request.method == "POST":
            return view(request, public_id)
        return HttpResponseRedirect(reverse("partners:one", args=[public_id]))

    return or_back


@back_to_the_partner
def look(request: HttpRequest, public_id: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    partner = selectors.partner_for(actor, public_id, "partners.look")
    try:
        reason = request.POST.get("reason_note", "")
        phone = services.phone_look(partner=partner, reason=reason, actor=actor, now=request.clock.now())  # type: ignore[attr-defined]
    except MulinError as error:
        form = Typed()
        form.refuse(error)
        return one_page(request, partner, look_error=form.errors("reason")[0])
    return one_page(request, partner, phone=phone)


STEPS: dict[str, Callable[..., Partner]] = {
    "admit": services.partner_admit,
    "refuse": services.partner_refuse,
    "suspend": services.partner_suspend,
    "leave": services.partner_leave,
    "reopen": services.partner_reopen,
}


@back_to_the_partner
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """Admit, refuse, suspend, let go, or take up again."""
    actor = request.actor  # type: ignore[attr-defined]
    partner = selectors.partner_for(actor, public_id, "partners.manage")
    form, step = Typed.sent(request), request.POST.get("step", "")
    if step not in STEPS:
        raise NotFound
    reason = {"note": form.text("reason")} if step == "admit" else {"reason": form.text("reason")}
    try:
        STEPS[step](partner=partner, actor=actor, now=request.clock.now(), **reason)  # type: ignore[attr-defined]
    except MulinError as error:
        form.refuse(error)
        return one_page(request, partner, form=form)
    return HttpResponseRedirect(f"{reverse('partners:one', args=[public_id])}?done={step}")


@back_to_the_partner
def account(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open the contact's account; how to sign in is shown this once."""
    actor = request.actor  # type: ignore[attr-defined]
    partner = selectors.partner_for(actor, public_id, "partners.manage")
    try:
        opened = services.account_open(partner=partner, actor=actor, now=request.clock.now())  # type: ignore[attr-defined]
    except MulinError as error:
        form = Typed()
        form.refuse(error)
        return one_page(request, partner, form=form)
    return one_page(request, partner, opened=opened)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A clerk writes down what an applicant says at the desk or brings on paper."""
    actor = request.actor  # type: ignore[attr-defined]
    form = Typed.sent(request) if request.method == "POST" else Typed()
    if request.method == "POST":
        try:
            answer = apply_once(request, request.POST, form)
            return HttpResponseRedirect(reverse("partners:one", args=[answer["public_id"]]))
        except MulinError as error:
            form.refuse(error)
    context: FormPage = form_page(form, area_paths=actor.paths("partners.manage"))
    return page(request, "partners/new.html", context, status=422 if form.is_bad else 200)


def apply_once(request: HttpRequest, sent: QueryDict, form: Typed) -> dict[str, Any]:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    application = application_of(form, on=request.clock.today())  # type: ignore[attr-defined]
    if not actor.may("partners.manage", application.area.path):
        raise NotFound

    def action() -> dict[str, Any]:
        return {"public_id": services.partner_apply(application=application, actor=actor, now=now).public_id}

    return run_once(
        key=sent.get("operation_id"),
        actor_key=actor.public_id,
        request_digest=digest_of("partners.new", sorted(sent.items())),
        now=now,
        action=action,
    )
