"""25 rows a page, and the addresses of the pages before and after."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

ROWS = 25
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Paging:
    """Where a list stands; `offset` goes into the query, the rest into the pagination component."""

    number: int
    offset: int
    previous_url: str = ""
    next_url: str = ""
    position_text: str = ""


def asked_page(request: HttpRequest) -> Paging:
    """The page that the address asks for; nonsense means the first."""
    text = request.GET.get("page", "1")
    number = min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return Paging(number=number, offset=(number - 1) * ROWS)


def with_total(request: HttpRequest, paging: Paging, shown: int, total: int) -> Paging:
    """The same, knowing how many rows there are."""
    text = ""
    if shown:
        first = paging.offset + 1
        text = _("第 %(first)s–%(last)s 条，共 %(total)s 条") % {
            "first": f"{first:,}", "last": f"{paging.offset + shown:,}", "total": f"{total:,}"
        }  # fmt: skip
    return Paging(
        number=paging.number,
        offset=paging.offset,
        previous_url=page_url(request, paging.number - 1) if paging.number > 1 else "",
        next_url=page_url(request, paging.number + 1) if paging.offset + shown < total and shown else "",
        position_text=text,
    )


def page_url(request: HttpRequest, number: int) -> str:
    words = request.GET.copy()
    words["page"] = str(number)
    return f"?{words.urlencode()}"
