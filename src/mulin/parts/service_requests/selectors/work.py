"""What the workbench reads beside the queue: places to choose from, offers made, partners to suggest, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from mulin.base.paths import WHOLE, outermost, path_range
from mulin.base.prepared import Prepared
from mulin.identity.access import Actor
from mulin.parts.areas import selectors as areas
from mulin.parts.areas.rules import AreaKind
from mulin.parts.partners import selectors as partners
from mulin.parts.service_requests.models import Offer, RequestPhoto, ServiceRequest
from mulin.parts.service_requests.rules import OfferState, Status

SMALL_KINDS = (AreaKind.SUBDISTRICT, AreaKind.COMMUNITY, AreaKind.GRID)


@dataclass(frozen=True)
class Place:
    """One place that can be chosen in a filter or for a new request."""

    public_id: str
    path: str
    name: str
    kind: str
    code: str


@dataclass(frozen=True)
class Suggestion:
    """One partner who may serve here, and why it stands where it stands. `score_average` None: nobody rated it yet."""

    public_id: str
    name: str
    categories: tuple[tuple[str, str], ...]
    fits: bool
    open_count: int
    score_average: float | None
    rated_count: int


def places_for(actor: Actor, permission: str) -> list[Place]:
    """Subdistricts and communities below the actor's areas; grids too, for who has one community or less. ≤ 2 queries."""
    paths = actor.paths(permission)
    wide = places(paths, SMALL_KINDS[:2])
    if sum(place.kind == AreaKind.COMMUNITY for place in wide) > 1:
        return wide
    return sorted([*wide, *places(paths, SMALL_KINDS[2:])], key=lambda place: place.path)


def places(paths: Sequence[str], kinds: Sequence[str]) -> list[Place]:
    values = {f"path{number}": path for number, path in enumerate(outermost(paths))}
    ranges = {}
    for name, path in values.items():
        ranges[f"{name}low"], ranges[f"{name}high"] = path_range(path)
    return [Place(*row) for row in PLACES.rows(tuple(kinds), ranges)] if values else []


def places_in(kinds: tuple[str, ...], ranges: dict[str, Any]) -> QuerySet[Any, tuple[Any, ...]]:
    ends = list(ranges.values())
    inside = [Q(path__gte=low, path__lt=high) for low, high in zip(ends[::2], ends[1::2], strict=True)]
    rows = areas.areas_below([WHOLE]).filter(reduce(or_, inside), kind__in=kinds)
    return rows.values_list("public_id", "path", "name", "kind", "code")


PLACES = Prepared(places_in)


def offers_of(request: ServiceRequest) -> list[Offer]:
    """Whom it was offered to and what they said, in order. One query."""
    return list(Offer.objects.filter(request=request).select_related("partner").order_by("round", "position"))


def photos_of(request: ServiceRequest) -> list[RequestPhoto]:
    """Its pictures in the order they came. One query."""
    return list(
        RequestPhoto.objects.filter(request=request).select_related("file").order_by("added_at", "pk")
    )


def suggestions(request: ServiceRequest) -> list[Suggestion]:
    """Partners serving the place: those who do this kind of work first, then who has least to do, then who is liked.

    Four queries.
    """
    serving = partners.partners_serving(request.area_path)
    ids = [partner.pk for partner in serving]
    loads, scores = open_counts(ids), score_averages(ids)
    found = []
    for partner in serving:
        categories = list(partner.categories.all())
        average, rated = scores.get(partner.pk, (None, 0))
        found.append(
            Suggestion(
                public_id=partner.public_id,
                name=partner.name,
                categories=tuple((category.name_zh, category.name_en) for category in categories),
                fits=bool(request.type.category)
                and any(one.code == request.type.category for one in categories),
                open_count=loads.get(partner.pk, 0),
                score_average=average,
                rated_count=rated,
            )
        )
    return sorted(found, key=standing)


UNRATED_SCORE = 3.5


def standing(one: Suggestion) -> tuple[bool, int, float, str]:
    """The order of suggestions; who was never rated stands in the middle, or nobody new would ever be asked."""
    return (not one.fits, one.open_count, -(one.score_average or UNRATED_SCORE), one.name)


def open_counts(partner_ids: Sequence[int]) -> dict[int, int]:
    held = ServiceRequest.objects.filter(
        holder_partner__in=partner_ids, status__in=[Status.DISPATCHED, Status.TAKEN, Status.RETURNED]
    )
    return dict(held.order_by().values_list("holder_partner").annotate(count=Count("pk")))


def score_averages(partner_ids: Sequence[int]) -> dict[int, tuple[float, int]]:
    """(average, how many rated) by partner."""
    rated = Offer.objects.filter(
        partner__in=partner_ids, state=OfferState.TAKEN, request__score__isnull=False
    )
    rows = rated.order_by().values_list("partner").annotate(average=Avg("request__score"), count=Count("pk"))
    return {partner: (average, count) for partner, average, count in rows}
