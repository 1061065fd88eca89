"""What a worker may do with a request: by the rules of its state and by the worker's permissions over its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mulin.base.models import StoredFile
from mulin.identity.access import Actor
from mulin.identity.models import User
from mulin.kernel.errors import InvalidInput
from mulin.parts.service_requests import services
from mulin.parts.service_requests.models import ServiceRequest
from mulin.parts.service_requests.rules import Outcome, Status, Step, check_way, possible_steps
from mulin.parts.service_requests.selectors import may_write
from mulin.web.typed import Typed

REASONS_TO_REJECT = (Outcome.NOT_OURS, Outcome.DUPLICATE)


@dataclass(frozen=True)
class Doing:
    """One press of one button: on what, by whom, when, with which words and pictures."""

    request: ServiceRequest
    actor: Actor
    now: datetime
    typed: Typed
    files: Sequence[StoredFile] = ()

    def words(self, name: str) -> dict[str, str]:
        return {name: self.typed.text(name)}

    def run(self, service: Callable[..., ServiceRequest], **given: object) -> ServiceRequest:
        return service(request=self.request, actor=self.actor, now=self.now, **given)


@dataclass(frozen=True)
class Action:
    """One thing to do. `form` names the fields it asks for; without one it is a single press.

    `stays`: whoever pressed it goes on with the same request, even when it leaves the list that was open.
    """

    code: str
    label: str | Promise
    done: str | Promise
    key: str
    step: Step
    may: Callable[[Actor, ServiceRequest], bool]
    run: Callable[[Doing], ServiceRequest]
    form: str = ""
    icon: str = ""
    kind: str = "secondary"
    stays: bool = False


def dispatches(actor: Actor, request: ServiceRequest) -> bool:
    return actor.may("requests.dispatch", request.area_path)


def dispatches_and_handles(actor: Actor, request: ServiceRequest) -> bool:
    return dispatches(actor, request) and actor.may("requests.handle", request.area_path)


def holds(actor: Actor, request: ServiceRequest) -> bool:
    return actor.user_id is not None and request.holder_user_id == actor.user_id


def dispatches_of_others(actor: Actor, request: ServiceRequest) -> bool:
    return dispatches(actor, request) and not holds(actor, request)


def closes(actor: Actor, request: ServiceRequest) -> bool:
    return actor.may("requests.close", request.area_path)


def speaks_for_residents(actor: Actor, request: ServiceRequest) -> bool:
    return closes(actor, request) or actor.may("requests.take_in", request.area_path)


def answer(doing: Doing) -> ServiceRequest:
    typed = doing.typed
    solved, score = typed.text("answer_solved"), typed.text("answer_score")
    if solved not in {"1", "0"}:
        raise InvalidInput(
            zh="请选择居民说的是“已解决”还是“没解决”。",
            en="Please choose what the resident said: solved or not solved.",
            field="solved",
            code="answer-missing",
        )
    return doing.run(
        services.answer_record,
        way=check_way(typed.text("answer_way")),
        is_solved=solved == "1",
        score=(int(score) if score in {"1", "2", "3", "4", "5"} else 0) if score else None,
        words=typed.text("answer_words"),
    )


def waits_to_be_told(actor: Actor, request: ServiceRequest) -> bool:
    return request.tell_since is not None and may_write(actor, request)


def told(doing: Doing) -> ServiceRequest:
    return doing.run(services.tellings_record, way=check_way(doing.typed.text("told_way")))


def withdraw(doing: Doing) -> ServiceRequest:
    way = check_way(doing.typed.text("withdraw_way"))
    return doing.run(services.withdrawal_record, way=way, reason=doing.typed.text("withdraw_reason"))


def reject(doing: Doing) -> ServiceRequest:
    outcome = doing.typed.text("outcome")
    if outcome not in REASONS_TO_REJECT:
        raise InvalidInput(
            zh="请选择为什么不受理。",
            en="Please choose why it is not taken.",
            field="outcome",
            code="outcome-missing",
        )
    return doing.run(services.request_reject, outcome=Outcome(outcome), **doing.words("reason"))


def handle(doing: Doing) -> ServiceRequest:
    outcome = doing.typed.text("outcome")
    if outcome not in set(Outcome):
        raise InvalidInput(
            zh="请选择“已办好”或“办不了”。",
            en="Please choose done or cannot be done.",
            field="outcome",
            code="outcome-missing",
        )
    done = doing.run(services.request_handle, outcome=Outcome(outcome), **doing.words("note"))
    services.photos_attach(request=done, files=doing.files, step=Step.HANDLE, now=doing.now)
    return done


def do_it_oneself(doing: Doing) -> ServiceRequest:
    return doing.run(services.request_dispatch_to_staff, user=User.objects.get(pk=doing.actor.user_id or 0))


def note(doing: Doing) -> ServiceRequest:
    is_public = doing.typed.text("is_public") == "1"
    return doing.run(services.request_note, note=doing.typed.text("text"), is_public=is_public)


ACTIONS: tuple[Action, ...] = (
    Action("accept", _("受理"), _("已受理"), "a", Step.ACCEPT, dispatches,
           lambda doing: doing.run(services.request_accept), icon="check", stays=True),
    Action("take", _("接单"), _("已接单"), "t", Step.TAKE, holds,
           lambda doing: doing.run(services.request_take), icon="check", stays=True),
    Action("handle", _("办结"), _("已办理，等居民确认"), "h", Step.HANDLE, holds, handle, form="handle", icon="circle-check"),
    Action("resume", _("继续办"), _("已继续办理"), "g", Step.RESUME, holds,
           lambda doing: doing.run(services.request_resume), icon="rotate-ccw", stays=True),
    Action("close", _("办结归档"), _("已办结归档"), "e", Step.CLOSE, closes,
           lambda doing: doing.run(services.request_close), icon="check"),
    Action("self", _("自己办"), _("已归自己办理"), "m", Step.DISPATCH, dispatches_and_handles, do_it_oneself, icon="user-check"),
    Action("recall", _("收回"), _("已收回"), "c", Step.RECALL, dispatches_of_others,
           lambda doing: doing.run(services.request_recall, **doing.words("reason")), form="reason", icon="undo-2"),
    Action("give_back", _("退回社区"), _("已退回社区"), "b", Step.GIVE_BACK, holds,
           lambda doing: doing.run(services.request_give_back, **doing.words("reason")), form="reason", icon="undo-2"),
    Action("reject", _("不受理"), _("已记为不受理"), "r", Step.REJECT, dispatches, reject, form="reject", icon="ban"),
    Action("answer", _("代为答复"), _("居民的答复已记下"), "v", Step.CONFIRM, speaks_for_residents, answer, form="answer",
           icon="phone"),
    Action("told", _("已告知"), _("告知的情况已记下"), "o", Step.NOTE, waits_to_be_told, told, form="told", icon="megaphone"),
    Action("withdraw", _("代为撤回"), _("已按居民的意思撤回"), "w", Step.WITHDRAW, speaks_for_residents, withdraw,
           form="withdraw", icon="x", kind="quiet"),
    Action("note", _("备注"), _("备注已记下"), "n", Step.NOTE, may_write, note, form="note", icon="pencil", stays=True, kind="quiet"),
)  # fmt: skip
BY_CODE = {action.code: action for action in ACTIONS}
# Told after it was done on a page of its own.
DONE_ELSEWHERE = {"dispatch": _("已派单"), "new": _("已记下")}


def actions_for(actor: Actor, request: ServiceRequest) -> list[Action]:
    """What this worker may do with this request now."""
    possible = possible_steps(Status(request.status))
    return [action for action in ACTIONS if action.step in possible and action.may(actor, request)]


def may_dispatch(actor: Actor, request: ServiceRequest) -> bool:
    return Step.DISPATCH in possible_steps(Status(request.status)) and dispatches(actor, request)
