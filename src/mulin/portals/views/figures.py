"""The open figures: what came of what residents raised, for whoever wants to know, without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mulin.parts.service_requests.selectors.public_figures import DAYS, LEAST, PublicLine, kept_figures
from mulin.parts.service_requests.selectors.statistics import Share
from mulin.portals.homes import Figure
from mulin.web.formats import day, exact, number, percent
from mulin.web.pages import page


@dataclass(frozen=True)
class Cell:
    """One share of a place: the percentage and what it is a share of; or why it is not told."""

    value: str
    of_text: str = ""
    is_withheld: bool = False


@dataclass(frozen=True)
class Line:
    """One place: how many were raised, then the shares."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True)
class FiguresPage:
    """Words of portals/figures.html."""

    finding: str
    figures: list[Figure]
    streets: list[tuple[str, list[Line]]]
    days: int
    least: int
    period_text: str
    counted_text: str
    has_withheld: bool


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Open to all; counted at most five minutes ago, and the page says when."""
    found = kept_figures.at(request.clock.now())  # type: ignore[attr-defined]
    streets = [
        (above, [line(one) for one in ones])
        for above, ones in groupby(found.communities, lambda one: one.above)
    ]
    words = {"first": day(found.first), "last": day(found.last)}
    context = FiguresPage(
        finding=finding(found.whole),
        figures=figures_of(found.whole),
        streets=streets,
        days=DAYS,
        least=LEAST,
        period_text=_("%(first)s 至 %(last)s 提出的事") % words,
        counted_text=_("%(time)s 统计，每 5 分钟更新") % {"time": exact(found.counted_at)},
        has_withheld=any(
            cell.is_withheld for _street, lines in streets for one in lines for cell in one.cells
        ),
    )
    return page(request, "portals/figures.html", context)


def finding(whole: PublicLine) -> str:
    """The page in one sentence."""
    if whole.raised is None:
        return _("最近 %(days)s 天提出的事太少，先不公布数字。") % {"days": DAYS}
    words = {"days": DAYS, "raised": number(whole.raised)}
    solved = whole.solved
    if solved is None or not solved.whole:
        return _("最近 %(days)s 天，居民提了 %(raised)s 件事。") % words
    words |= {"answered": number(solved.whole), "solved": number(solved.part)}
    return (
        _(
            "最近 %(days)s 天，居民提了 %(raised)s 件事。答复过的 %(answered)s 件里，%(solved)s 件居民说解决了。"
        )
        % words
    )


def figures_of(whole: PublicLine) -> list[Figure]:
    raised = number(whole.raised) if whole.raised is not None else None
    return [
        Figure(_("居民提出"), raised, _("件"), "", ""),
        tile(_("居民说解决了"), whole.solved),
        tile(_("按时办理"), whole.in_time),
        tile(_("没等到居民答复"), whole.unanswered),
    ]


def tile(label: str, share: Share | None) -> Figure:
    shown = share_cell(share)
    value = shown.value if share is not None and share.whole else None
    return Figure(label, value, "", "", "", of_text=shown.of_text)


def line(found: PublicLine) -> Line:
    shares = [share_cell(share) for share in (found.solved, found.in_time, found.unanswered)]
    return Line(found.name, [cell(found.raised), *shares])


def cell(count: int | None) -> Cell:
    return withheld() if count is None else Cell(number(count))


def share_cell(share: Share | None) -> Cell:
    """A share of nothing is a dash: there was nothing to divide."""
    if share is None:
        return withheld()
    if not share.whole:
        return Cell("—")
    return Cell(percent(share.part, share.whole), f"{number(share.part)} / {number(share.whole)}")


def withheld() -> Cell:
    return Cell(_("不公布"), is_withheld=True)
