"""One matter that a partner has taken on: whom to call, what to record, or why to give it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from mulin.base.files import file_response
from mulin.kernel.errors import FieldProblem, InvalidInput, MulinError, NotFound
from mulin.parts.partners.selectors import own_partner
from mulin.parts.service_requests import selectors, services
from mulin.parts.service_requests.labels import ClockLabel, StatusLabel, status_label, type_name
from mulin.parts.service_requests.models import RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status, Step
from mulin.parts.service_requests.selectors.work import photos_of
from mulin.parts.service_requests.services.photos import MAXIMUM_PHOTOS_A_STEP
from mulin.parts.service_requests.views import shown
from mulin.parts.service_requests.views.partner import where_of
from mulin.parts.service_requests.views.resident import kept_photo_cards
from mulin.parts.service_requests.views.sending import Sending, all_problems, kept_photos
from mulin.web.drafts import initial_from_draft
from mulin.web.pages import page
from mulin.web.typed import Typed

if TYPE_CHECKING:
    from mulin.parts.partners.models import Partner

ROUTE = "service_requests:partner_work"


@dataclass(frozen=True)
class WorkPage:
    """Words of partner/work.html. `phone` is shown right after it was asked for, and only while the matter is held."""

    public_id: str
    number: str
    title: str
    text: str
    kind: str
    where: str
    requester: str
    wants_visit: bool
    has_phone: bool
    phone: str
    status: StatusLabel
    clock: ClockLabel
    is_held: bool
    is_returned: bool
    track: list[shown.Line]
    photos: list[dict[str, str]]
    photo_limit: int
    done: str
    form: Typed
    form_errors: bool


@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, public_id: str) -> HttpResponse:
    found = selectors.request_of_partner(request.actor, public_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        return act(request, found)
    typed = Typed.kept(initial_from_draft(request, ROUTE))
    return work_page(request, found, typed, kept_photos(request))


def work_page(
    request: HttpRequest, found: ServiceRequest, typed: Typed, photos: list[Any], phone: str = ""
) -> HttpResponse:
    now = request.clock.now()  # type: ignore[attr-defined]
    is_held = found.status == Status.TAKEN
    pictures = photos_of(found)
    context = WorkPage(
        public_id=found.public_id,
        number=found.number,
        title=found.title,
        text=found.text,
        kind=type_name(found.type),
        where=where_of(found),
        requester=found.requester_name if is_held else "",
        wants_visit=found.wants_visit,
        has_phone=bool(found.phone_tail),
        phone=phone,
        status=status_label(found.status, found.outcome),
        clock=shown.clock_of_request(found, now),
        is_held=is_held,
        is_returned=found.status == Status.RETURNED,
        track=shown.track(
            found,
            selectors.timeline(found, public_only=True),
            pictures,
            now,
            photo_url(found),
            for_staff=True,
        ),
        photos=kept_photo_cards(photos),
        photo_limit=MAXIMUM_PHOTOS_A_STEP - len(photos),
        done=request.GET.get("done", ""),
        form=typed,
        form_errors=typed.is_bad,
    )
    return page(request, "service_requests/partner/work.html", context, status=422 if typed.is_bad else 200)


def photo_url(found: ServiceRequest) -> Callable[[RequestPhoto], str]:
    return lambda photo: reverse(
        "service_requests:partner_photo", args=[found.public_id, photo.file.public_id]
    )


def act(request: HttpRequest, found: ServiceRequest) -> HttpResponse:
    """Look at the phone, record the service, give it back, or go on with what was returned."""
    sending = Sending(request, Typed.sent(request))
    step = sending.typed.text("step")
    if step == "phone":
        return look(request, found)
    if step not in STEPS:
        raise NotFound
    try:
        STEPS[step](sending, found, own_partner(request.actor))  # type: ignore[attr-defined]
    except MulinError as error:
        sending.typed.refuse(error)
        found = selectors.request_of_partner(request.actor, found.public_id)  # type: ignore[attr-defined]
        return sending.keep(lambda: work_page(request, found, sending.typed, sending.photos))
    after = (
        reverse(ROUTE, args=[found.public_id])
        if step == "resume"
        else reverse("service_requests:partner_home")
    )
    return HttpResponseRedirect(f"{after}?done={step}")


def look(request: HttpRequest, found: ServiceRequest) -> HttpResponse:
    """The requester's telephone, while the matter is in this partner's hands; the look is on record."""
    if found.status != Status.TAKEN:
        raise NotFound
    phone = services.phone_look(
        request=found,
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.clock.now(),  # type: ignore[attr-defined]
        reason="联系居民办理",
    )
    return work_page(request, found, Typed(), kept_photos(request), phone=phone)


def handle(sending: Sending, found: ServiceRequest, partner: Partner) -> None:
    """Record what was done or why it cannot be done, with up to three pictures as proof."""
    request, typed = sending.request, sending.typed
    actor, now = request.actor, request.clock.now()  # type: ignore[attr-defined]
    all_problems(words_missing(typed), sending.take_photos(found.area_path))

    def action() -> dict[str, Any]:
        services.request_handle(
            request=found,
            actor=actor,
            now=now,
            outcome=Outcome(typed.text("outcome")),
            note=typed.text("note"),
            label=partner.name,
        )
        services.photos_attach(request=found, files=sending.photos, step=Step.HANDLE, now=now)
        return {}

    sending.run(action)


def words_missing(typed: Typed) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if typed.text("outcome") not in {Outcome.DONE, Outcome.CANNOT}:
        problems += InvalidInput(
            zh="请选择“办好了”或“办不了”。",
            en="Please choose done or cannot be done.",
            field="outcome",
            code="outcome-missing",
        ).problems
    if len(typed.text("note").strip()) < 2:
        problems += InvalidInput(
            zh="请写一句办理情况，居民会看到。",
            en="Please say in a sentence what was done. The resident will see it.",
            field="note",
            code="note-missing",
        ).problems
    return problems


def give_back(sending: Sending, found: ServiceRequest, partner: Partner) -> None:
    run_step(sending, found, partner, services.request_give_back, reason=sending.typed.text("reason"))


def resume(sending: Sending, found: ServiceRequest, partner: Partner) -> None:
    run_step(sending, found, partner, services.request_resume)


def run_step(
    sending: Sending,
    found: ServiceRequest,
    partner: Partner,
    service: Callable[..., ServiceRequest],
    **words: str,
) -> None:
    actor, now = sending.request.actor, sending.request.clock.now()  # type: ignore[attr-defined]

    def action() -> dict[str, Any]:
        service(request=found, actor=actor, now=now, label=partner.name, **words)
        return {}

    sending.run(action)


STEPS: dict[str, Callable[[Sending, ServiceRequest, Partner], None]] = {
    "handle": handle,
    "give_back": give_back,
    "resume": resume,
}


@require_safe
def photo(request: HttpRequest, public_id: str, photo_id: str) -> FileResponse:
    found = selectors.request_of_partner(request.actor, public_id)  # type: ignore[attr-defined]
    return file_response(selectors.photo_of(found, photo_id).file, thumbnail="small" in request.GET)
