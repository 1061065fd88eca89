"""How a request goes: who does what when, until it has ended or the present has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mulin.config.demo.lives import Life
from mulin.identity.models import User
from mulin.kernel.clock import COUNTY_TIME_ZONE, SeededRandomness
from mulin.parts.partners.models import Partner
from mulin.parts.service_requests.rules import FINAL, Outcome, Status

DONE_NOTES = (
    "已上门处理，居民当面确认。", "已更换损坏部件，现在可以正常使用。", "已清理完毕，并安排每天巡查。",
    "已联系双方面谈，达成一致。", "已电话答复，材料清单已发给居民。", "已按约定时间上门完成服务。",
    "已协调相关单位处理，现场已恢复。", "问题已解决，后续有情况随时联系。",
)  # fmt: skip
CANNOT_NOTES = (
    "配件停产，建议更换新机。",
    "涉及规划调整，本年度内无法实施，已向上反映。",
    "双方未能达成一致，已告知可走法律途径。",
)
REJECTIONS = {
    Outcome.NOT_OURS: ("属于市政管养路段，已转告市政热线电话。", "该事项正在诉讼中，请通过法院渠道反映。"),
    Outcome.DUPLICATE: ("与前天的一件相同，已合并办理。", "同一事项已有多人反映，正在统一处理。"),
}
DECLINES = ("这几天单子排满了。", "超出我们的服务范围。", "地址太远，来不及。")
RETURNS = (
    "没有修好，过了一天又坏了。",
    "只是打了个电话，人没有来。",
    "清理了一半，角落里还有。",
    "答复没有说清楚什么时候办。",
)
COMMENTS = (
    "很快，谢谢！",
    "师傅态度很好。",
    "解决了，就是等得久了点。",
    "满意",
    "小伙子很耐心，给老人讲了好几遍。",
    "",
    "",
    "",
)
BAD_COMMENTS = ("来晚了半天。", "态度一般。", "")
WITHDRAWALS = ("已经自己修好了。", "孩子回来帮忙了，不用了。", "")
HURRIES = ("请优先处理，老人独居。", "居民下午在家。", "", "", "")


class Now(Exception):
    """The next step would lie in the future: the request stands as it is."""


@dataclass
class Story:
    """One request on its way. `at` is the moment that has been reached; every step asks `later` first.

    `pace` stretches what people take for it; `is_on_duty`: somebody sees to it at night, too.
    """

    life: Life
    now: datetime
    at: datetime
    rng: SeededRandomness
    workers: list[User]
    grid_worker: User | None
    candidates: list[Partner]
    acting: Callable[[Partner], User]
    pace: float = 1.0
    is_on_duty: bool = False

    @property
    def worker(self) -> User:
        return self.workers[0]

    def later(self, hours: float) -> datetime:
        """Move on by about so many hours; what people do, they do between 8 and 20 o'clock. Raises Now."""
        at = self.at + timedelta(hours=max(0.02, self.rng.lognormvariate(0, 0.8) * hours * self.pace))
        if not self.is_on_duty:
            local = at.astimezone(COUNTY_TIME_ZONE)
            if local.hour < 8 or local.hour >= 20:
                morning = local.replace(hour=8, minute=self.rng.randint(0, 50))
                at = max(at, morning + timedelta(days=local.hour >= 20))
        return self.reach(at)

    def reach(self, at: datetime) -> datetime:
        if at > self.now:
            raise Now
        self.at = at
        return at

    def tell(self) -> Life:
        """Let it happen, as far as time has come."""
        try:
            self.begin()
            while self.life.status not in FINAL:
                self.go_on()
        except Now:
            pass
        return self.life

    def begin(self) -> None:
        """The community looks at it first."""
        if self.rng.random() < 0.035:
            outcome = self.rng.choice((Outcome.NOT_OURS, Outcome.DUPLICATE))
            self.life.reject(self.later(3), self.worker, self.rng.choice(REJECTIONS[outcome]), outcome)
        elif self.rng.random() < 0.02:
            self.life.withdraw(self.later(2), self.rng.choice(WITHDRAWALS))
        elif self.rng.random() < 0.8:
            self.life.accept(self.later(0.7), self.worker)

    def go_on(self) -> None:
        """The next thing that happens, by where it stands."""
        status = self.life.status
        if status in {Status.RAISED, Status.ACCEPTED}:
            self.dispatch()
        elif status is Status.DISPATCHED:
            self.answer()
        elif status is Status.TAKEN:
            self.handle()
        elif status is Status.HANDLED:
            self.hear()
        elif status is Status.RETURNED:
            self.take_up_again()
        elif status is Status.CONFIRMED:
            self.life.close(self.reach(self.life.due_at))

    def dispatch(self) -> None:
        has_been_offered = bool(self.life.offers)
        to_partners = self.candidates and not has_been_offered and self.rng.random() < 0.72
        at = self.later(1.2)
        note = self.rng.choice(HURRIES)
        if to_partners:
            self.life.dispatch_to_partners(at, self.worker, self.candidates[:3], note)
        else:
            self.life.dispatch_to_staff(at, self.worker, self.someone(), note)

    def someone(self) -> User:
        """A member of staff: the grid's own worker first."""
        return (
            self.grid_worker
            if self.grid_worker and self.rng.random() < 0.7
            else self.rng.choice(self.workers)
        )

    def answer(self) -> None:
        """A partner takes it, refuses or lets the time pass; a member of staff takes it."""
        offer = self.life.open_offer
        if offer is None:
            holder = self.life.request.holder_user
            assert holder is not None, "what is dispatched to staff has a holder"
            self.life.take(self.later(0.8), holder)
            return
        assert offer.answer_by is not None, "an open offer has a limit"
        chance = self.rng.random()
        if chance < 0.1:
            self.life.lapse(self.reach(offer.answer_by))
            return
        window = offer.answer_by - self.at
        at = self.reach(self.at + window * self.rng.uniform(0.03, 0.85))
        actor = self.acting(offer.partner)
        if chance < 0.2:
            self.life.decline(at, actor, self.rng.choice(DECLINES))
        else:
            self.life.offer_taken(at, actor)

    def handle(self) -> None:
        """Mostly in time; now and then it takes far longer than it may."""
        hours = (self.life.due_at - self.at) / timedelta(hours=1)
        share = self.rng.uniform(1.1, 2.2) if self.rng.random() < 0.1 else self.rng.uniform(0.05, 0.75)
        at = self.later(hours * share / self.pace)
        partner, user = self.life.request.holder_partner, self.life.request.holder_user
        actor = self.acting(partner) if partner else user
        assert actor is not None, "what is taken has a holder"
        if self.rng.random() < 0.05:
            self.life.handle(at, actor, Outcome.CANNOT, self.rng.choice(CANNOT_NOTES))
        else:
            self.life.handle(at, actor, Outcome.DONE, self.rng.choice(DONE_NOTES))

    def hear(self) -> None:
        """The resident confirms, says no, or says nothing until the time is over."""
        chance = self.rng.random()
        if chance < 0.22:
            self.life.unanswered(self.reach(self.life.due_at))
            return
        window = self.life.due_at - self.at
        at = self.reach(self.at + window * self.rng.uniform(0.02, 0.8))
        unhappy = 0.3 if self.life.request.outcome == Outcome.CANNOT else 0.09
        if chance < 0.22 + unhappy * 0.78 and self.life.request.return_count < 2:
            self.life.returned(at, self.rng.choice(RETURNS))
        else:
            self.confirm(at)

    def confirm(self, at: datetime) -> None:
        score = self.rng.choices((5, 4, 3, 2, 1, None), (52, 22, 8, 3, 2, 13))[0]
        words = COMMENTS if score is None or score >= 4 else BAD_COMMENTS
        self.life.confirm(at, score, self.rng.choice(words) if score else "")

    def take_up_again(self) -> None:
        """Whoever had it goes on, or it is dispatched anew."""
        partner, user = self.life.request.holder_partner, self.life.request.holder_user
        actor = self.acting(partner) if partner else user
        if actor is not None and self.rng.random() < 0.6:
            self.life.resume(self.later(20), actor)
        else:
            self.life.dispatch_to_staff(
                self.later(2), self.worker, self.someone(), "居民说没解决，请重新处理。"
            )
