"""A real browser for journeys, and the people who sit in front of it.

with running_browser() as browser, visit(browser, PERSONAS["王奶奶"], server.url) as visitor:
    visitor.page.goto(server.url)
    visitor.probe()          # after each step: overflow, foreign requests, console errors
    visitor.probe_page()     # once a page: the same, axe, and elder sizes for a person in elder mode
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.probes import Watch, axe_violations, elder_faults, overflow_faults

SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "test" / "screenshots"
PATIENCE_MS = 15_000
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Persona:
    """Somebody with a device. `is_elder` asks for the elder sizes on each of their pages."""

    name: str
    width_px: int
    height_px: int
    is_phone: bool = False
    is_elder: bool = False

    def context_options(self) -> dict[str, Any]:
        return {
            "viewport": {"width": self.width_px, "height": self.height_px},
            "is_mobile": self.is_phone,
            "has_touch": self.is_phone,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "reduced_motion": "reduce",
        }


PERSONAS = {
    persona.name: persona
    for persona in (
        Persona("王奶奶", 360, 640, is_phone=True, is_elder=True),
        Persona("居民", 412, 839, is_phone=True),
        Persona("小李", 1366, 768),
        Persona("网格员", 412, 839, is_phone=True),
        Persona("店主", 390, 844, is_phone=True),
        Persona("局长", 1920, 1080),
        Persona("运维", 1366, 768),
    )
}


@dataclass
class Visitor:
    """One person's page, with everything that it asked for and complained about."""

    persona: Persona
    page: Page
    watch: Watch

    def probe(self) -> None:
        """What must hold after every step; says everything that is wrong at once."""
        raise_faults([*overflow_faults(self.page), *self.watch.faults()], self.page)

    def probe_page(self) -> None:
        """What must hold of a page as a whole; axe makes it slower than `probe`."""
        elder = elder_faults(self.page) if self.persona.is_elder else []
        faults = [*overflow_faults(self.page), *self.watch.faults(), *elder, *axe_violations(self.page)]
        raise_faults(faults, self.page)

    def keep_screenshot(self, name: str) -> Path:
        path = SCREENSHOTS / (re.sub(r"[^\w-]+", "-", name) + ".png")
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True, animations="disabled")
        return path


def raise_faults(faults: list[str], page: Page) -> None:
    if faults:
        listed = "\n  ".join(faults)
        raise AssertionError(f"{page.url} has {len(faults)} faults:\n  {listed}")


@contextmanager
def running_browser() -> Iterator[Browser]:
    # Playwright's loop lives in this thread, where Django would then refuse its ORM to the tests that follow.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        executable = find_browser() or Path(playwright.chromium.executable_path)
        if not executable.exists():
            raise FileNotFoundError("no browser found: install chromium, or name one in MULIN_CHROMIUM")
        browser = playwright.chromium.launch(
            executable_path=str(executable), headless=True, args=list(ARGUMENTS)
        )
        yield browser
        browser.close()


def find_browser() -> Path | None:
    """The machine's Chromium; Playwright's own download serves where there is none."""
    named = os.environ.get("MULIN_CHROMIUM")
    found = named or next((path for name in COMMANDS if (path := shutil.which(name))), None)
    return Path(found) if found else None


@contextmanager
def visit(
    browser: Browser, persona: Persona, home_url: str, *, has_javascript: bool = True
) -> Iterator[Visitor]:
    """A fresh session of one person; closed afterwards, with nothing shared between people."""
    context = browser.new_context(
        base_url=home_url, java_script_enabled=has_javascript, **persona.context_options()
    )
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield Visitor(persona, page, Watch(page, home_url))
    finally:
        context.close()
