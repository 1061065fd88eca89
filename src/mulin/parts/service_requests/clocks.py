"""Until when each step must be taken, counted by the clocks of the request's type."""

from __future__ import annotations

from datetime import datetime, timedelta

from mulin.base.calendars import work_calendar
from mulin.kernel.calendars import deadline_minutes, deadline_working_days
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.parts.service_requests.models import RequestType
from mulin.parts.service_requests.rules import Clocks


def clocks_of(kind: RequestType) -> Clocks:
    """The clocks a pack gave this type."""
    return Clocks(**kind.clocks)


def accept_by(kind: RequestType, start: datetime) -> datetime:
    return deadline_minutes(start, clocks_of(kind).accept_minutes)


def dispatch_by(kind: RequestType, start: datetime) -> datetime:
    return deadline_minutes(start, clocks_of(kind).dispatch_minutes)


def answer_offer_by(kind: RequestType, start: datetime) -> datetime:
    return deadline_minutes(start, clocks_of(kind).offer_minutes)


def handle_by(kind: RequestType, start: datetime, area_path: str) -> datetime:
    """In natural minutes or in working days of the place, whichever the type counts in."""
    clocks = clocks_of(kind)
    if clocks.handle_minutes is not None:
        return deadline_minutes(start, clocks.handle_minutes)
    assert clocks.handle_working_days is not None, f"type {kind.code} has no clock for handling"
    return deadline_working_days(
        start, clocks.handle_working_days, work_calendar(area_path), COUNTY_TIME_ZONE
    )


def confirm_by(kind: RequestType, start: datetime) -> datetime:
    return start + timedelta(days=clocks_of(kind).confirm_days)


def reopen_until(kind: RequestType, start: datetime) -> datetime:
    return start + timedelta(days=clocks_of(kind).reopen_days)
