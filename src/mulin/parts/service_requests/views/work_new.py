"""A clerk takes a matter in by telephone, at the desk or on a visit, and prints the slip that says what happens next."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mulin.base.models import StoredFile
from mulin.kernel.errors import MulinError
from mulin.parts.areas.rules import AreaKind
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.forms.work import TAKING_IN, new_request
from mulin.parts.service_requests.labels import channel_label, type_hint, type_name
from mulin.parts.service_requests.models import RequestType, ServiceRequest
from mulin.parts.service_requests.rules import FINAL, Step
from mulin.parts.service_requests.selectors.work import Place, places
from mulin.parts.service_requests.services.telling import public_link
from mulin.parts.service_requests.views.work_lists import one_url
from mulin.parts.service_requests.views.work_once import send_once
from mulin.parts.service_requests.views.work_shown import place_text
from mulin.web.drafts import initial_from_draft
from mulin.web.formats import day, exact
from mulin.web.pages import page
from mulin.web.sheets import sheet
from mulin.web.typed import Typed

ROUTE = "service_requests:work_new"
GRIDS_LISTED = 400


@dataclass(frozen=True)
class NewPage:
    """Words of service_requests/work/new.html."""

    typed: Typed
    types: list[dict[str, str]]
    channels: list[dict[str, str]]
    places: list[dict[str, Any]]
    form_errors: bool


def place_groups(found: Sequence[Place]) -> list[dict[str, Any]]:
    """Each community with its grids; without the grids where there would be more than anybody reads."""
    grids = [place for place in found if place.kind == AreaKind.GRID]
    communities = [place for place in found if place.kind == AreaKind.COMMUNITY]
    is_short = len(grids) <= GRIDS_LISTED
    groups = [
        {
            "label": community.name,
            "options": [
                {
                    "value": community.public_id,
                    "label": _("%(name)s（不清楚哪个网格）") % {"name": community.name},
                },
                *(
                    {"value": grid.public_id, "label": grid.name}
                    for grid in grids
                    if is_short and grid.path.startswith(community.path)
                ),
            ],
        }
        for community in communities
    ]
    paths = tuple(community.path for community in communities)
    alone = [grid for grid in grids if not grid.path.startswith(paths)] if paths else grids
    if alone:
        groups.append(
            {
                "label": _("我的网格"),
                "options": [{"value": grid.public_id, "label": grid.name} for grid in alone],
            }
        )
    return groups


def new_page(
    request: HttpRequest, typed: Typed, types: Sequence[RequestType], *, status: int = 200
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    mine = places(actor.paths("requests.take_in"), [AreaKind.COMMUNITY, AreaKind.GRID])
    words = NewPage(
        typed=typed,
        types=[{"value": kind.code, "label": type_name(kind), "hint": type_hint(kind)} for kind in types],
        channels=[{"value": channel.value, "label": channel_label(channel)} for channel in TAKING_IN],
        places=place_groups(mine),
        form_errors=typed.is_bad,
    )
    return page(request, "service_requests/work/new.html", words, status=status)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a matter in for somebody who called, came by or was visited."""
    types = selectors.active_types()
    if request.method != "POST":
        initial = {"channel": "telephone"} | initial_from_draft(request, ROUTE)
        return new_page(request, Typed.kept(initial), types)
    typed = Typed.sent(request)
    try:
        result = take_in_once(request, typed, types)
    except MulinError as error:
        typed.refuse(error)
        return new_page(request, typed, types, status=422)
    return HttpResponseRedirect(
        reverse("service_requests:work_slip", args=[result["public_id"]]) + "?done=new"
    )


def take_in_once(request: HttpRequest, typed: Typed, types: Sequence[RequestType]) -> dict[str, Any]:
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    data = new_request(typed, actor, types)

    def do(stored: list[StoredFile]) -> dict[str, Any]:
        raised = services.request_raise(data=data, actor=actor, now=now)
        services.photos_attach(request=raised.request, files=stored, step=Step.RAISE, now=now)
        return {"public_id": raised.request.public_id}

    place: Any = data.grid or data.area
    return send_once(request, typed, do, area_path=place.path)


@dataclass(frozen=True)
class SlipPage:
    """Words of service_requests/work/slip.html."""

    row: ServiceRequest
    organisation: str
    phone: str
    date_text: str
    facts_shown: list[dict[str, str]]
    next_text: str
    told_text: str
    qr_url: str
    address: str
    back_url: str
    new_url: str
    printed_text: str
    is_new: bool


@require_GET
def slip(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the person takes home: number, what happens next and until when, code and telephone."""
    found = selectors.request_for(request.actor, public_id, "requests.take_in")  # type: ignore[attr-defined]
    facts = [
        (_("事项"), found.title),
        (_("地点"), place_text(found)),
        (_("提出时间"), exact(found.raised_at)),
    ]
    words = SlipPage(
        row=found,
        organisation=found.area.name,
        phone=found.area.telephone,
        date_text=day(found.raised_at),
        facts_shown=[{"label": label, "value": value} for label, value in facts],
        next_text=next_of(found),
        told_text=told_of(found),
        qr_url=code_picture(public_link(found.public_id))
        if request.GET.get("format") == "pdf"
        else reverse("service_requests:work_slip_qr", args=[found.public_id]),
        address=public_link(found.public_id),
        back_url=one_url(found.public_id),
        new_url=reverse(ROUTE),
        printed_text=_("打印时间 %(when)s") % {"when": exact(request.clock.now())},  # type: ignore[attr-defined]
        is_new=request.GET.get("done") == "new",
    )
    return sheet(
        request,
        "service_requests/work/slip.html",
        words,
        name=_("回执 %(number)s") % {"number": found.number},
    )


def next_of(found: ServiceRequest) -> str:
    """What happens next and until when, as the person at the desk would say it."""
    if found.status in FINAL:
        return _("这件事已经结束。还有问题，请再打电话或到社区来。")
    who, by = found.holder_label or found.area.name, exact(found.due_at, is_end=True)
    sentences = {
        "raised": _("%(who)s会在 %(by)s 前受理，并告诉您谁来办。"),
        "handled": _("已经办理，请您在 %(by)s 前告诉我们解决了没有。"),
        "confirmed": _("您已确认解决。%(by)s 前如果又坏了，可以重新提出。"),
    }
    sentence = sentences.get(found.status, _("现在由%(who)s办，下一步在 %(by)s 前。"))
    return sentence % {"who": who, "by": by or "—"}


def told_of(found: ServiceRequest) -> str:
    if found.wants_visit:
        return _("有进展，工作人员会打电话或上门告诉您，不用手机。")
    if found.phone_tail:
        return _("有进展会发短信到尾号 %(tail)s 的手机；也可以扫码，或拿编号打电话来问。") % {
            "tail": found.phone_tail
        }
    return _("可以扫码看进展，或拿编号打电话来问。")


@require_GET
def slip_qr(request: HttpRequest, public_id: str) -> HttpResponse:
    """The code of the secret link, as a picture for the slip."""
    found = selectors.request_for(request.actor, public_id, "requests.take_in")  # type: ignore[attr-defined]
    return HttpResponse(drawn(public_link(found.public_id)), content_type="image/svg+xml")


def drawn(address: str) -> bytes:
    drawing = BytesIO()
    segno.make(address, error="m", micro=False).save(drawing, kind="svg", border=2, scale=4, light="#fff")
    return drawing.getvalue()


def code_picture(address: str) -> str:
    """The code inside the page itself: a sheet that is set as PDF asks for nothing."""
    return f"data:image/svg+xml;base64,{b64encode(drawn(address)).decode()}"
