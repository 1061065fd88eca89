"""How a request is worded and toned wherever it is shown: one vocabulary for residents, staff and partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from mulin.parts.service_requests.rules import FINAL, Channel, OfferState, Outcome, Status, Step, Way
from mulin.web.formats import exact, is_english, span, when

Words = str | Promise


@dataclass(frozen=True)
class StatusLabel:
    """A word with its tone and shape, as `status_chip` draws it."""

    label: str
    tone: str
    shape: str = ""
    title: str = ""


@dataclass(frozen=True)
class ClockLabel:
    """A limit as `clock_chip` draws it. `state`: calm, soon, late, met or none; `used_percent` None hides the ring."""

    text: str
    state: str
    iso: str = ""
    exact: str = ""
    used_percent: int | None = None


STATUSES: dict[str, tuple[Words, str, str]] = {
    Status.RAISED: (gettext_lazy("待受理"), "waiting", "circle-dashed"),
    Status.ACCEPTED: (gettext_lazy("待派单"), "info", "circle-dot"),
    Status.DISPATCHED: (gettext_lazy("待接单"), "info", "send"),
    Status.TAKEN: (gettext_lazy("办理中"), "brand", "circle-dot"),
    Status.HANDLED: (gettext_lazy("待确认"), "warn", "circle-question-mark"),
    Status.CONFIRMED: (gettext_lazy("已确认"), "ok", "circle-check"),
    Status.RETURNED: (gettext_lazy("没解决，退回"), "danger", "undo-2"),
    Status.CLOSED: (gettext_lazy("已办结"), "closed", "check"),
    Status.WITHDRAWN: (gettext_lazy("已撤回"), "stopped", "ban"),
    Status.REJECTED: (gettext_lazy("没有受理"), "stopped", "ban"),
}

OUTCOMES: dict[str, tuple[Words, str]] = {
    Outcome.DONE: (gettext_lazy("已办好"), "ok"),
    Outcome.CANNOT: (gettext_lazy("办不了"), "warn"),
    Outcome.NOT_OURS: (gettext_lazy("不属于社区办理"), "stopped"),
    Outcome.DUPLICATE: (gettext_lazy("和别的事重复"), "stopped"),
    Outcome.NO_LONGER_NEEDED: (gettext_lazy("不再需要"), "stopped"),
}

CHANNELS: dict[str, Words] = {
    Channel.CODE_PAGE: gettext_lazy("扫码"),
    Channel.WEB: gettext_lazy("网页"),
    Channel.TELEPHONE: pgettext_lazy("channel", "电话"),
    Channel.DESK: gettext_lazy("窗口"),
    Channel.VISIT: gettext_lazy("走访"),
    Channel.IMPORT: pgettext_lazy("channel", "导入"),
    Channel.API: gettext_lazy("其他系统"),
}

WAYS: dict[str, Words] = {
    Way.TELEPHONE: gettext_lazy("打电话"),
    Way.VISIT: gettext_lazy("上门"),
    Way.IN_PERSON: gettext_lazy("当面"),
}

STEPS: dict[str, Words] = {
    Step.RAISE: gettext_lazy("提出"),
    Step.ACCEPT: gettext_lazy("社区已受理"),
    Step.REJECT: gettext_lazy("没有受理"),
    Step.WITHDRAW: gettext_lazy("本人撤回"),
    Step.DISPATCH: gettext_lazy("已派单"),
    Step.OFFER: gettext_lazy("请下一位接单"),
    Step.DECLINE: gettext_lazy("没有接，改问下一位"),
    Step.OFFER_LAPSED: gettext_lazy("到时没有答复，改问下一位"),
    Step.OFFER_CANCELLED: gettext_lazy("暂时不能接单，改问下一位"),
    Step.NOBODY_LEFT: gettext_lazy("没有人接单，回到社区"),
    Step.TAKE: gettext_lazy("已接单，开始办理"),
    Step.GIVE_BACK: pgettext_lazy("step", "退回社区"),
    Step.RECALL: gettext_lazy("社区收回"),
    Step.HANDLE: gettext_lazy("已办理，等您确认"),
    Step.CONFIRM: gettext_lazy("确认解决了"),
    Step.RETURN: gettext_lazy("反映没解决"),
    Step.RESUME: gettext_lazy("继续办理"),
    Step.REOPEN: pgettext_lazy("step", "重新提出"),
    Step.CLOSE: gettext_lazy("办结归档"),
    Step.UNANSWERED: gettext_lazy("没有等到答复，自动办结"),
    Step.NOTE: gettext_lazy("说明"),
    Step.RATE: gettext_lazy("评分"),
}
STAFF_STEPS: dict[str, Words] = {
    Step.HANDLE: gettext_lazy("已办理，等居民确认"),
    Step.NOTE: gettext_lazy("备注"),
}
TROUBLED_STEPS = frozenset(
    {Step.REJECT, Step.NOBODY_LEFT, Step.GIVE_BACK, Step.RETURN, Step.REOPEN, Step.OFFER_LAPSED}
)

OFFER_STATES: dict[str, tuple[Words, str]] = {
    OfferState.WAITING: (gettext_lazy("排队等候"), "neutral"),
    OfferState.OPEN: (gettext_lazy("正在问"), "info"),
    OfferState.TAKEN: (gettext_lazy("已接单"), "ok"),
    OfferState.DECLINED: (gettext_lazy("没有接"), "stopped"),
    OfferState.LAPSED: (gettext_lazy("到时没答复"), "warn"),
    OfferState.CANCELLED: (gettext_lazy("不再需要"), "closed"),
}

SOON = timedelta(hours=2)


def status_label(status: str, outcome: str = "") -> StatusLabel:
    """How a request's state is shown; the outcome, where there is one, is told on hover."""
    return status_label_in(get_language(), status, outcome)


@cache
def status_label_in(language: str | None, status: str, outcome: str) -> StatusLabel:
    """The label in the language that is spoken now: as many as there are states and outcomes."""
    words, tone, shape = STATUSES[status]
    return StatusLabel(str(words), tone, shape, outcome_label(outcome).label if outcome else "")


def outcome_label(outcome: str) -> StatusLabel:
    """What came of it; nothing known yet is a dash."""
    words, tone = OUTCOMES.get(outcome, ("—", "neutral"))
    return StatusLabel(str(words), tone)


def offer_label(state: str) -> StatusLabel:
    """Where one partner's offer stands."""
    words, tone = OFFER_STATES[state]
    return StatusLabel(str(words), tone)


def channel_label(channel: str) -> str:
    """How it came in."""
    return str(CHANNELS[channel])


def step_label(step: str, *, for_staff: bool = False) -> str:
    """What happened, as a line of the timeline says it."""
    return str(STAFF_STEPS.get(step, STEPS[step]) if for_staff else STEPS[step])


def type_name(kind: Any) -> str:
    """A request type's name, or one of any row with `name_zh` and `name_en`, in the reader's language."""
    return str(kind.name_en or kind.name_zh) if is_english() else str(kind.name_zh)


def type_hint(kind: Any) -> str:
    """What belongs into a type, in the reader's language."""
    return str(kind.hint_en or kind.hint_zh) if is_english() else str(kind.hint_zh)


def clock_label(
    status: str, due_at: datetime | None, now: datetime, since: datetime | None = None
) -> ClockLabel:
    """How much of a limit is left: "还剩 2 小时", "超时 1 天". `since` (the start of the step) draws the ring.

    Waiting for the resident's word is never late: that time is hers.
    """
    if status in FINAL:
        return ClockLabel(_("已结束"), "met")
    if due_at is None:
        return ClockLabel(_("没有时限"), "none")
    left = due_at - now
    marks: dict[str, Any] = {"iso": due_at.isoformat(), "exact": exact(due_at, is_end=True)}
    if status in {Status.HANDLED, Status.CONFIRMED}:
        return ClockLabel(_("等到 %(when)s") % {"when": when(due_at, now, is_end=True)}, "calm", **marks)
    if left <= timedelta(0):
        return ClockLabel(_("超时 %(span)s") % {"span": span(left)}, "late", **marks)
    state = "soon" if left <= SOON else "calm"
    percent = used_percent(since, due_at, now)
    return ClockLabel(_("还剩 %(span)s") % {"span": span(left)}, state, used_percent=percent, **marks)


def used_percent(since: datetime | None, due_at: datetime, now: datetime) -> int | None:
    """How much of the limit has gone, 0 to 100; None when nobody knows when it began."""
    if since is None or due_at <= since:
        return None
    return min(100, max(0, int(100 * ((now - since) / (due_at - since)))))


def due_text(due_at: datetime | None, now: datetime) -> str:
    """Until when, as people say it: "今天 18:00 前"."""
    return _("%(when)s 前") % {"when": when(due_at, now, is_end=True)} if due_at else ""


def status_choices() -> list[tuple[str, str]]:
    return [(code, str(words)) for code, (words, _tone, _shape) in STATUSES.items()]


def channel_choices() -> list[tuple[str, str]]:
    return [(code, str(words)) for code, words in CHANNELS.items()]
