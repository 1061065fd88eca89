"""Fixtures for journeys; one browser and one demo county serve a whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.support.browser import PERSONAS, Visitor, running_browser, visit
from tests.support.server import Server, running_server

JOURNEY_PEOPLE = 300


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A small demo county; journeys share it, so each makes its own request and looks for that one."""
    with running_server(tmp_path_factory.mktemp("demo"), demo_people=JOURNEY_PEOPLE) as server:
        yield server


@pytest.fixture
def visitor_as(browser: Browser, demo_server: Server) -> Iterator[Callable[..., Visitor]]:
    """`visitor_as("王奶奶")` opens a session of that person on the demo county."""
    with ExitStack() as stack:

        def open_session(name: str, *, has_javascript: bool = True) -> Visitor:
            session = visit(browser, PERSONAS[name], demo_server.url, has_javascript=has_javascript)
            return stack.enter_context(session)

        yield open_session
