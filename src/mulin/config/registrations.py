"""What the parts offer to the floors below them, joined once when the applications are ready.

The order of sections is the order in which packs are applied: lower parts first, since higher ones refer to them.
"""

from __future__ import annotations

from datetime import timedelta

from mulin.base import (
    drafts,
    files,
    import_kinds,
    imports,
    jobs,
    operations,
    outbox,
    pack_sections,
    packs,
    periodic,
)
from mulin.identity.packs import role_section
from mulin.kernel.clock import Clock
from mulin.parts.areas.importing import KINDS as AREA_TABLES
from mulin.parts.areas.packs import BODY_KINDS, POST_KINDS
from mulin.parts.partners import finding as partners_finding
from mulin.parts.partners.packs import service_categories_section
from mulin.parts.registry import finding as registry_finding
from mulin.parts.service_requests import finding as requests_finding
from mulin.parts.service_requests import frames as requests_frames
from mulin.parts.service_requests import home_lists as requests_lists
from mulin.parts.service_requests.importing import messages_kind
from mulin.parts.service_requests.jobs import HANDLERS as REQUEST_JOBS
from mulin.parts.service_requests.packs import request_type_section
from mulin.parts.service_requests.services import (
    exports_remove_old,
    offers_move_on,
    requests_call_back,
    requests_close_confirmed,
    requests_close_unanswered,
)
from mulin.parts.service_requests.services.photo_drafts import photos_remove_unused
from mulin.portals import finding, frame, homes

HALF_A_MINUTE, FIVE_MINUTES, AN_HOUR = 30, 300, 3600
DRAFTS_KEPT = timedelta(days=7)
OPERATIONS_KEPT = timedelta(days=7)
IMPORT_ROWS_KEPT = timedelta(days=30)
MESSAGE_TEXTS_KEPT = timedelta(days=180)


def register_all() -> None:
    """Register everything; called again, it changes nothing."""
    register_sections()
    for kind in (*AREA_TABLES, messages_kind):
        import_kinds.register(kind)
    for name, handler in REQUEST_JOBS.items():
        jobs.register(name, handler)
    register_periodic()
    register_places()


def register_places() -> None:
    """What parts bring to the workbench: places with their counts, figures and lists of the first page, finds."""
    frame.add_places("workbench", requests_frames.work_places)
    for tile in requests_frames.home_tiles():
        homes.register(homes.Tile(**vars(tile)))
    for provider in requests_lists.PROVIDERS:
        homes.register_list(provider)
    for part in (registry_finding, partners_finding, requests_finding):
        finding.register(part.PROVIDER)


def register_sections() -> None:
    for section in (
        pack_sections.settings_section,
        pack_sections.calendar_section,
        role_section,
        POST_KINDS,
        BODY_KINDS,
        service_categories_section,
        request_type_section,
    ):
        packs.register(section)


def register_periodic() -> None:
    """What recurs: the clocks of requests, and forgetting what need not be kept."""
    periodic.register("service_requests.offers_move_on", HALF_A_MINUTE, move_offers_on)
    periodic.register("service_requests.call_back", FIVE_MINUTES, call_back)
    periodic.register("service_requests.close_confirmed", FIVE_MINUTES, close_confirmed)
    periodic.register("service_requests.close_unanswered", FIVE_MINUTES, close_unanswered)
    periodic.register("service_requests.exports_remove", AN_HOUR, remove_old_exports)
    periodic.register("base.forget", AN_HOUR, forget)
    periodic.register("base.files_orphans", AN_HOUR, remove_orphans)
    periodic.register("service_requests.unused_photos", AN_HOUR, remove_unused_photos)


def move_offers_on(clock: Clock) -> str:
    return f"{offers_move_on(now=clock.now())}"


def call_back(clock: Clock) -> str:
    return f"{requests_call_back(now=clock.now())}"


def close_confirmed(clock: Clock) -> str:
    return f"{requests_close_confirmed(now=clock.now())}"


def close_unanswered(clock: Clock) -> str:
    return f"{requests_close_unanswered(now=clock.now())}"


def remove_old_exports(clock: Clock) -> str:
    return f"{exports_remove_old(now=clock.now())}"


def forget(clock: Clock) -> str:
    """Drafts, repeated operations, staged rows and the texts of old messages."""
    now = clock.now()
    counts = (
        drafts.forget_before(now - DRAFTS_KEPT),
        operations.forget_before(now - OPERATIONS_KEPT),
        imports.forget_before(now - IMPORT_ROWS_KEPT),
        outbox.forget_texts_before(now - MESSAGE_TEXTS_KEPT),
    )
    return " / ".join(str(count) for count in counts)


def remove_orphans(clock: Clock) -> str:
    return f"{files.remove_orphans(clock.now())}"


def remove_unused_photos(clock: Clock) -> str:
    """Pictures of forms that were never sent, once their draft is gone too."""
    return f"{photos_remove_unused(clock.now() - DRAFTS_KEPT)}"
