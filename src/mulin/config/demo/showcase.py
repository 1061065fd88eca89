"""The requests with which a visitor of the demo begins: something waits for each of its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from mulin.config.demo.lives import Life
from mulin.config.demo.partners import DEMO_TRADES
from mulin.config.demo.requests import Author, Occasion
from mulin.parts.partners.models import Partner
from mulin.parts.service_requests.rules import Channel, Outcome

TYPE_OF_TRADE = {"weixiu": "repair", "lifa": "community_order", "wuye": "environment"}


@dataclass(frozen=True)
class Showcase:
    """Lives told by hand, all in the first community and taken in by its worker 小李."""

    author: Author

    def lives(self) -> Iterator[Life]:
        for name in DEMO_TRADES:
            yield from (self.offered(name, minutes) for minutes in (6, 25))
            yield self.taken_by_partner(name)
        yield from (self.given_to_grid_worker(minutes) for minutes in (15, 90))
        yield from (self.waiting_for_wang(name) for name in ("lifa", "weixiu"))
        yield from (self.returned(hours) for hours in (1, 5))
        yield from (self.raised(minutes) for minutes in (4, 22, 130))

    def begun(self, kind: str, hours: float, *, is_own: bool = False) -> Life:
        """A request raised so many hours ago, with nothing done yet."""
        author = self.author
        community = author.county.communities[0]
        author.count += 1
        occasion = Occasion(
            kind=author.types[kind],
            community=community,
            grid=community.grids[0],
            channel=Channel.CODE_PAGE,
            worker=author.staff.demo["xiaoli"],
            raised_at=author.now - timedelta(hours=hours),
            is_own=is_own,
            is_just_now=True,
            pace=1.0,
        )
        request = author.request(occasion)
        life = Life(request, author.calendar, community.area.name)
        label = request.requester.display_name if request.requester else ""
        life.raised(occasion.raised_at, request.requester, label)
        return life

    def accepted(self, kind: str, hours: float, *, is_own: bool = False) -> Life:
        life = self.begun(kind, hours, is_own=is_own)
        life.accept(life.request.raised_at + timedelta(minutes=9), self.author.staff.demo["xiaoli"])
        return life

    def raised(self, minutes: float) -> Life:
        return self.begun("repair" if minutes < 60 else "consultation", minutes / 60)

    def partner(self, name: str) -> Partner:
        user = self.author.staff.demo[name]
        acting = self.author.guild.acting
        return next(partner for partner in self.author.guild.partners if acting[partner.pk] is user)

    def offered(self, name: str, minutes: float) -> Life:
        """On offer to a demo partner since so many minutes, another one waiting behind."""
        life = self.accepted(TYPE_OF_TRADE[name], 0.7)
        other = self.partner("wuye" if name != "wuye" else "weixiu")
        at = self.author.now - timedelta(minutes=minutes)
        life.dispatch_to_partners(at, self.author.staff.demo["xiaoli"], [self.partner(name), other])
        return life

    def taken_by_partner(self, name: str, *, is_own: bool = False) -> Life:
        life = self.accepted(TYPE_OF_TRADE[name], 26, is_own=is_own)
        at = life.request.raised_at + timedelta(minutes=21)
        life.dispatch_to_partners(at, self.author.staff.demo["xiaoli"], [self.partner(name)])
        life.offer_taken(at + timedelta(minutes=16), self.author.staff.demo[name])
        return life

    def given_to_grid_worker(self, minutes: float) -> Life:
        """Dispatched to the grid's worker, who has not taken it yet."""
        life = self.accepted("consultation", 3)
        at = self.author.now - timedelta(minutes=minutes)
        staff = self.author.staff.demo
        life.dispatch_to_staff(at, staff["xiaoli"], staff["wanggeyuan"], "请今天上门看看。")
        return life

    def waiting_for_wang(self, name: str) -> Life:
        """Done by a partner, and Grandmother Wang has not said yet whether it is."""
        life = self.taken_by_partner(name, is_own=True)
        at = self.author.now - timedelta(hours=3)
        life.handle(at, self.author.staff.demo[name], Outcome.DONE, "已按约定时间上门完成服务。")
        return life

    def returned(self, hours: float) -> Life:
        """Not solved, says the resident; the community has to find another way."""
        life = self.taken_by_partner("weixiu")
        done_at = self.author.now - timedelta(hours=hours + 2)
        life.handle(
            done_at, self.author.staff.demo["weixiu"], Outcome.DONE, "已更换损坏部件，现在可以正常使用。"
        )
        life.returned(self.author.now - timedelta(hours=hours), "没有修好，过了一会儿又坏了。")
        return life
