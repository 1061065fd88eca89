"""Every page that a person can reach by its links is whole: in both languages, in elder mode, narrow and wide.

Each account walks from its home to one page of every route that its links lead to. A page seen before with
nothing new in its structure is not shown to axe again; the layout probes and the listener look at every load.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, Page

from mulin.config.demo.accounts import ACCOUNTS
from mulin.config.policies import POLICIES
from tests.journeys.people import choose, sign_in
from tests.support.browser import Persona, Visitor, visit
from tests.support.probes import axe_violations, elder_faults, overflow_faults
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW_PX, WIDE_PX, USUAL_HEIGHT_PX, HIGHEST_PX = 360, 1366, 768, 12_000
PAGES_A_PERSON = 60
VISITOR = "visitor"
NAMES = [VISITOR, *(account.login_name for account in ACCOUNTS)]
# What structure means to axe: kinds of elements with what gives them a role, a name or a colour.
STRUCTURE = """
() => [...new Set([...document.querySelectorAll('body, body *')].map((element) =>
  [element.tagName, element.className.baseVal ?? element.className, element.getAttribute('role'), element.type,
   element.parentElement.className.baseVal ?? element.parentElement.className].join('|')))]
"""
LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href)"


@dataclass(frozen=True)
class Look:
    """One way of showing a page, and the width in which axe sees it; the layout is judged in every width."""

    name: str
    axe_width_px: int
    widths_px: tuple[int, ...]
    language: str = "zh-hans"
    is_elder: bool = False


LOOKS = (
    Look("zh", WIDE_PX, (NARROW_PX, WIDE_PX)),
    Look("en", NARROW_PX, (WIDE_PX, NARROW_PX), language="en"),
    Look("elder", NARROW_PX, (NARROW_PX,), is_elder=True),
)


@dataclass
class Walk:
    """One person's way through the house."""

    visitor: Visitor
    home_url: str
    seen_structure: dict[tuple[str, str], set[str]]
    routes: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.visitor.page

    def from_pages(self, *addresses: str) -> None:
        """Go to one page of every route that links lead to, and look at it in every way."""
        waiting = list(addresses)
        while waiting:
            address = waiting.pop(0)
            route = route_of(address)
            if not route or route in self.routes:
                continue
            assert len(self.routes) < PAGES_A_PERSON, (
                f"more than {PAGES_A_PERSON} pages: {sorted(self.routes)}"
            )
            self.routes[route] = address
            waiting += self.look_at(route, address)

    def look_at(self, route: str, address: str) -> list[str]:
        """Note every fault of the page; the addresses of its links."""
        links: list[str] = []
        for look in LOOKS:
            choose(self.page, self.home_url, language=look.language, is_elder=look.is_elder)
            if not self.opens(address, look):
                break
            links = links or [link for link in self.page.evaluate(LINKS) if link.startswith(self.home_url)]
            self.judge(route, address, look)
        return links

    def opens(self, address: str, look: Look) -> bool:
        """False for a file, which is saved and not shown."""
        try:
            answer = self.page.goto(address)
        except Error as problem:
            if "Download is starting" not in problem.message and "ERR_ABORTED" not in problem.message:
                raise
            return False
        if answer is not None and answer.status != 200:
            self.faults.append(f"{address} in {look.name}: answered {answer.status}")
        return answer is not None and "html" in answer.headers.get("content-type", "")

    def judge(self, route: str, address: str, look: Look) -> None:
        faults: list[str] = []
        for width_px in look.widths_px:
            self.page.set_viewport_size({"width": width_px, "height": USUAL_HEIGHT_PX})
            faults += overflow_faults(self.page)
        if look.is_elder:
            faults += elder_faults(self.page)
        structure = set(self.page.evaluate(STRUCTURE))
        seen = self.seen_structure[route, look.name]
        if not structure <= seen:
            faults += self.axe(look)
        seen |= structure
        faults += self.visitor.watch.faults()
        self.faults += [f"{address} in {look.name}: {fault}" for fault in faults]
        if faults:
            self.visitor.keep_screenshot(f"every-page-{route.replace(':', '-')}-{look.name}")

    def axe(self, look: Look) -> list[str]:
        """As high as the page, since a bar that stays in sight hides what lies below it from axe."""
        height_px = min(HIGHEST_PX, self.page.evaluate("() => document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": look.axe_width_px, "height": height_px})
        return axe_violations(self.page)


def route_of(address: str) -> str:
    """The view's name; nothing for what is no page of ours."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    return match.view_name if match.view_name in POLICIES else ""


@pytest.fixture(scope="module")
def seen_structure() -> dict[tuple[str, str], set[str]]:
    return defaultdict(set)


@pytest.fixture
def walk(browser, demo_server: Server, seen_structure) -> Iterator[Walk]:
    with visit(browser, Persona("所有人", WIDE_PX, USUAL_HEIGHT_PX), demo_server.url) as visitor:
        yield Walk(visitor, demo_server.url, seen_structure)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_whole(walk, demo_server, name):
    if name == VISITOR:
        code = demo_server.demo_page_code()
        walk.from_pages("/", f"/c/{code}/")
    else:
        sign_in(walk.page, name)
        walk.from_pages(walk.page.url, "/", "/account/")
    if walk.faults:
        listed = "\n".join(walk.faults)
        pytest.fail(
            f"{name} found {len(walk.faults)} faults in {len(walk.routes)} pages:\n{listed}", pytrace=False
        )
