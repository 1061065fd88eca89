"""One matter behind its secret link: where it is, who has it, until when, and what its owner may say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import segno
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from mulin.base.files import file_response
from mulin.base.operations import digest_of, run_once
from mulin.kernel.errors import MulinError, NotFound
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.clocks import reopen_until
from mulin.parts.service_requests.forms.resident import score_of
from mulin.parts.service_requests.labels import ClockLabel, StatusLabel, status_label, type_name
from mulin.parts.service_requests.models import RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import Status, Step, possible_steps
from mulin.parts.service_requests.selectors.work import photos_of
from mulin.parts.service_requests.services.telling import public_link
from mulin.parts.service_requests.views import shown
from mulin.web.drafts import initial_from_draft
from mulin.web.formats import exact, when
from mulin.web.pages import page
from mulin.web.sheets import sheet
from mulin.web.typed import Typed

ROUTE = "service_requests:by_secret"
SCORES = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Matter:
    """What the progress of a request shows; `seen` tells whether a reader's copy is still the latest."""

    number: str
    title: str
    text: str
    kind: str
    where: str
    raised_text: str
    status: StatusLabel
    clock: ClockLabel | None
    holder_text: str
    next_text: str
    outcome: str
    handled: shown.Line | None
    track: list[shown.Line]
    seen: str


@dataclass(frozen=True)
class MatterPage:
    """Words of resident/matter.html."""

    frame: dict[str, str]
    secret: str
    matter: Matter
    is_new: bool
    done: str
    steps: frozenset[str]
    scores: list[dict[str, Any]]
    score: dict[str, Any] | None
    comment: str
    link: str
    code_svg: Markup
    has_phone: bool
    form: Typed
    form_errors: bool


def score_words() -> dict[int, str]:
    return {5: _("很满意"), 4: _("满意"), 3: _("一般"), 2: _("不满意"), 1: _("很不满意")}


def matter_of(found: ServiceRequest, secret: str, now: Any) -> Matter:
    events = selectors.timeline(found, public_only=True)
    photos = photos_of(found)
    is_over = found.status in {Status.CLOSED, Status.WITHDRAWN, Status.REJECTED}
    clock = None if is_over else shown.clock_of_request(found, now)
    track = shown.track(found, events, photos, now, photo_url(secret))
    return Matter(
        number=found.number,
        title=found.title,
        text=found.text,
        kind=type_name(found.type),
        where=" · ".join(part for part in (found.area.name, found.place) if part),
        raised_text=when(found.raised_at, now),
        status=status_label(found.status, found.outcome),
        clock=clock,
        holder_text=shown.holder_text(found),
        next_text=shown.next_text(found, now),
        outcome=shown.outcome_text(found),
        handled=next((line for line in track if line.step == Step.HANDLE), None),
        track=track,
        seen=f"{found.version}.{digest_of(clock.text if clock else '')[:8]}",
    )


def photo_url(secret: str) -> Callable[[RequestPhoto], str]:
    return lambda photo: reverse("service_requests:photo", args=[secret, photo.file.public_id])


def owner_steps(found: ServiceRequest, now: Any) -> frozenset[str]:
    """What its owner may do now: confirm, return, withdraw, reopen, rate."""
    possible = possible_steps(Status(found.status))
    steps = {step.value for step in (Step.CONFIRM, Step.RETURN, Step.WITHDRAW) if step in possible}
    if may_reopen(found, now):
        steps.add(Step.REOPEN.value)
    if Step.RATE in possible and found.score is None and found.is_solved:
        steps.add(Step.RATE.value)
    return frozenset(steps)


def may_reopen(found: ServiceRequest, now: Any) -> bool:
    """As `services.request_reopen` will judge it."""
    if found.status == Status.CONFIRMED:
        since = found.answered_at
    elif found.status == Status.CLOSED and found.is_solved is None:
        since = found.closed_at
    else:
        return False
    return since is not None and now < reopen_until(found.type, since)


def matter_page(request: HttpRequest, secret: str, found: ServiceRequest, typed: Typed) -> HttpResponse:
    now = request.clock.now()  # type: ignore[attr-defined]
    words = score_words()
    link = public_link(found.public_id)
    context = MatterPage(
        frame=frame_of(request, found),
        secret=secret,
        matter=matter_of(found, secret, now),
        is_new="new" in request.GET,
        done=request.GET.get("done", ""),
        steps=owner_steps(found, now),
        scores=[{"value": score, "label": words[score]} for score in SCORES],
        score={"value": found.score, "label": words[found.score]} if found.score else None,
        comment=found.comment,
        link=link,
        code_svg=code_svg(link),
        has_phone=bool(found.phone_tail),
        form=typed,
        form_errors=typed.is_bad,
    )
    return page(
        request, "service_requests/resident/matter.html", context, status=422 if typed.is_bad else 200
    )


def frame_of(request: HttpRequest, found: ServiceRequest) -> dict[str, str]:
    code = found.area.page_code
    home = {"home_url": reverse("service_requests:code_page", args=[code])} if code else {}
    if request.actor.user_id and request.actor.user_id == found.requester_id:  # type: ignore[attr-defined]
        home = {"home_url": reverse("service_requests:me")}
    return {"community_name": found.area.name, "phone": found.area.telephone, **home}


def code_svg(link: str) -> Markup:
    """The link as a code to scan; no inline style, so that the page's policy lets it stand."""
    return Markup(segno.make(link, error="m").svg_inline(border=0, omitsize=True))  # noqa: S704 segno's own markup


@require_http_methods(["GET", "HEAD", "POST"])
def by_secret(request: HttpRequest, secret: str) -> HttpResponse:
    """Look, or say something. htmx asks with `seen` whether anything has changed since."""
    found = selectors.request_by_secret(secret)
    if request.method == "POST":
        return answer(request, secret, found)
    if getattr(request, "htmx", False) and "seen" in request.GET:
        return progress(request, secret, found)
    return matter_page(request, secret, found, Typed.kept(initial_from_draft(request, ROUTE)))


def progress(request: HttpRequest, secret: str, found: ServiceRequest) -> HttpResponse:
    """Nothing, when the reader's copy is the latest; the whole page again when other things can be done now."""
    matter = matter_of(found, secret, request.clock.now())  # type: ignore[attr-defined]
    seen = request.GET["seen"]
    if seen == matter.seen:
        return HttpResponse(status=204)
    if seen.partition(".")[0] != str(found.version):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return page(request, "service_requests/resident/_progress.html", {"matter": matter, "secret": secret})


STEPS: dict[str, Callable[..., ServiceRequest]] = {
    "confirm": services.request_confirm,
    "return": services.request_return,
    "withdraw": services.request_withdraw,
    "reopen": services.request_reopen,
    "rate": services.request_rate,
}


def answer(request: HttpRequest, secret: str, found: ServiceRequest) -> HttpResponse:
    typed = Typed.sent(request)
    step = typed.text("step")
    if step not in STEPS:
        raise NotFound
    try:
        say_once(request, found, typed, step)
    except MulinError as error:
        typed.refuse(error)
        return matter_page(request, secret, selectors.request_by_secret(secret), typed)
    return HttpResponseRedirect(f"{reverse(ROUTE, args=[secret])}?done={step}")


def said(typed: Typed, step: str) -> dict[str, Any]:
    """What goes along with a step."""
    if step in {"confirm", "rate"}:
        return {"score": score_of(typed), "comment": typed.text("comment")}
    return {"reason": typed.text("reason")}


def say_once(request: HttpRequest, found: ServiceRequest, typed: Typed, step: str) -> None:
    actor, now, words = request.actor, request.clock.now(), said(typed, step)  # type: ignore[attr-defined]
    if step == "rate" and words["score"] is None:
        words["score"] = 0  # outside the range: the rule says what to choose

    def action() -> dict[str, Any]:
        STEPS[step](request=found, actor=actor, now=now, **words)
        return {}

    run_once(
        key=typed.text("operation_id") or None,
        actor_key=actor.public_id,
        request_digest=digest_of(found.public_id, step, sorted(words.items())),
        now=now,
        action=action,
    )


@require_safe
def photo(request: HttpRequest, secret: str, public_id: str) -> FileResponse:
    found = selectors.photo_of(selectors.request_by_secret(secret), public_id)
    return file_response(found.file, thumbnail="small" in request.GET)


@dataclass(frozen=True)
class SlipPage:
    """Words of resident/slip.html."""

    matter: Matter
    code_svg: Markup
    back_url: str
    organisation: str
    telephone: str
    raised_exact: str
    has_phone: bool


@require_safe
def slip(request: HttpRequest, secret: str) -> HttpResponse:
    """The sheet to keep: number, code, what happens next, whom to call."""
    found = selectors.request_by_secret(secret)
    context = SlipPage(
        matter=matter_of(found, secret, request.clock.now()),  # type: ignore[attr-defined]
        code_svg=code_svg(public_link(found.public_id)),
        back_url=reverse(ROUTE, args=[secret]),
        organisation=found.area.name,
        telephone=found.area.telephone,
        raised_exact=exact(found.raised_at),
        has_phone=bool(found.phone_tail),
    )
    return sheet(
        request,
        "service_requests/resident/slip.html",
        context,
        name=_("回执 %(number)s") % {"number": found.number},
    )
