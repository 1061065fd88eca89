"""What people do again and again: sign in, press keys, choose how pages show themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from playwright.sync_api import Locator, Page

from mulin.config.demo.accounts import PASSWORD
from mulin.web.pages import ELDER_COOKIE, ELDER_FIRST_SIZE
from tests.support.browser import Visitor

MOST_TABS = 120
HIGHEST_PX = 12_000


def sign_in(page: Page, login_name: str) -> None:
    page.goto("/account/sign-in/")
    page.fill("input[name=login]", login_name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def choose(page: Page, home_url: str, *, language: str = "zh-hans", is_elder: bool = False) -> None:
    """From now on, pages come as to somebody who chose this language and these letters long ago."""
    chosen = {settings.LANGUAGE_COOKIE_NAME: language, ELDER_COOKIE: ELDER_FIRST_SIZE if is_elder else "0"}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": home_url} for name, value in chosen.items()]
    )


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus; fails when the keyboard does not lead there."""
    for _ in range(MOST_TABS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab do not lead to {target} on {page.url}")


class Steps:
    """Probes a page after each step and keeps its picture, numbered within its journey."""

    def __init__(self, journey: str) -> None:
        self._journey = journey
        self._count = 0

    def __call__(self, visitor: Visitor, step: str) -> None:
        self._count += 1
        visitor.probe()
        with as_high_as_it_is(visitor.page):
            visitor.keep_screenshot(f"{self._journey}-{self._count:02d}-{visitor.persona.name}-{step}")


@contextmanager
def as_high_as_it_is(page: Page) -> Iterator[None]:
    """A window in which the whole page is in sight: nothing lies below a bar that stays, every picture loads."""
    usual = page.viewport_size
    assert usual is not None
    height_px = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": usual["width"], "height": min(HIGHEST_PX, height_px)})
    page.wait_for_load_state("networkidle")
    yield
    page.set_viewport_size(usual)
