"""Reads of requests: doorways to one, lists, statistics, and what a sheet of them holds."""

from mulin.parts.service_requests.selectors.doorways import (
    find_by_number,
    may_write,
    offer_for,
    photo_of,
    request_by_secret,
    request_for,
    request_of_partner,
    request_of_resident,
)
from mulin.parts.service_requests.selectors.exports import EXPORT_COLUMNS, export_rows
from mulin.parts.service_requests.selectors.lists import (
    VIEWS,
    QueueFilter,
    QueuePage,
    QueueRow,
    active_types,
    partner_offers,
    partner_work,
    queue_counts,
    queue_page,
    resident_requests,
    timeline,
)
from mulin.parts.service_requests.selectors.statistics import StatisticsFilter, statistics
from mulin.parts.service_requests.selectors.telling import tellings_open, texts_to_tell

__all__ = [
    "EXPORT_COLUMNS",
    "VIEWS",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "StatisticsFilter",
    "active_types",
    "export_rows",
    "find_by_number",
    "may_write",
    "offer_for",
    "partner_offers",
    "partner_work",
    "photo_of",
    "queue_counts",
    "queue_page",
    "request_by_secret",
    "request_for",
    "request_of_partner",
    "request_of_resident",
    "resident_requests",
    "statistics",
    "tellings_open",
    "texts_to_tell",
    "timeline",
]
