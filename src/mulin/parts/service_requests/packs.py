"""Request types from packs: `<pack>/request_types/*.yaml`."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field, model_validator

from mulin.base.packs import Applied, BilingualName, Entry, PackModel, Section, store_rows
from mulin.kernel.errors import InvalidInput
from mulin.parts.service_requests.models import RequestType

MINUTES_MAX = 365 * 24 * 60


class ClocksEntry(PackModel):
    """How long each step may take: natural minutes, working days for `handle_working_days`, days for the last two."""

    accept_minutes: int = Field(gt=0, le=MINUTES_MAX)
    dispatch_minutes: int = Field(gt=0, le=MINUTES_MAX)
    offer_minutes: int = Field(gt=0, le=MINUTES_MAX)
    handle_minutes: int | None = Field(default=None, gt=0, le=MINUTES_MAX)
    handle_working_days: int | None = Field(default=None, gt=0, le=260)
    confirm_days: int = Field(gt=0, le=90)
    reopen_days: int = Field(gt=0, le=365)

    @model_validator(mode="after")
    def one_clock_for_handling(self) -> ClocksEntry:
        """A type counts its handling in minutes or in working days, never in both."""
        if (self.handle_minutes is None) == (self.handle_working_days is None):
            raise InvalidInput(
                zh="handle_minutes（自然分钟）和 handle_working_days（工作日）要写一个，且只写一个。",
                en="Give handle_minutes or handle_working_days: one of them, not both.",
                code="clock-of-handling",
            )
        return self


class RequestTypeEntry(PackModel):
    """One type of request. `category`: the service category whose partners are suggested first. `needs_phone`: a resident
    who raises it must leave a telephone number, since somebody calls before coming.
    """

    code: str = Field(pattern=r"^[a-z0-9_]{2,40}$")
    name: BilingualName
    hint: BilingualName = BilingualName(zh="", en="")
    category: str = ""
    icon: str = ""
    clocks: ClocksEntry
    public: bool = False
    residents_may_raise: bool = True
    needs_phone: bool = False
    order: int = Field(default=100, ge=0)
    is_active: bool = True


def apply_request_types(entries: Sequence[Entry[RequestTypeEntry]]) -> Applied:
    """A type that no pack names any more stays: requests stand on it."""
    return store_rows(RequestType, [({"code": entry.value.code}, values_of(entry)) for entry in entries])


def values_of(entry: Entry[RequestTypeEntry]) -> dict[str, object]:
    kind = entry.value
    return {
        "name_zh": kind.name.zh,
        "name_en": kind.name.en,
        "hint_zh": kind.hint.zh,
        "hint_en": kind.hint.en,
        "category": kind.category,
        "icon": kind.icon,
        "clocks": kind.clocks.model_dump(),
        "is_public": kind.public,
        "residents_may_raise": kind.residents_may_raise,
        "needs_phone": kind.needs_phone,
        "order": kind.order,
        "is_active": kind.is_active,
        "pack": entry.pack,
    }


request_type_section = Section(
    name="request_types", schema=RequestTypeEntry, apply=apply_request_types, key=lambda kind: kind.code
)
