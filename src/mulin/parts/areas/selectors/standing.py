"""Who stands for a place: holders of posts, cover, bodies, and who answers when something is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from mulin.base.paths import lineage
from mulin.identity.access import Actor
from mulin.identity.models import User
from mulin.kernel.errors import NotFound
from mulin.parts.areas import rules
from mulin.parts.areas.models import Area, Body, BodyKind, PostHolding, PostKind
from mulin.parts.areas.rules import LEVEL, AreaKind, Held
from mulin.parts.areas.selectors.tree import ancestors

MANAGE = "posts.manage"


@dataclass(frozen=True, slots=True)
class PostSeat:
    """One kind of post at one place: who holds it (cover included) and how many are still missing."""

    kind: PostKind
    holdings: list[PostHolding]
    missing: int


@dataclass(frozen=True, slots=True)
class BodyLevel:
    """One step of a chain of bodies: a kind, the place where it belongs, and the bodies that are there."""

    kind: BodyKind
    area: Area
    bodies: list[Body]

    @property
    def is_missing(self) -> bool:
        return self.kind.is_required and not self.bodies


def holding_on(on: date) -> Q:
    """Holdings in force on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def serving_on(on: date) -> Q:
    """Posts that somebody serves on a day: who holds one with a closed account holds it in name only."""
    return holding_on(on) & Q(holder__is_active=True)


def holding_for(actor: Actor, public_id: str, permission: str = MANAGE) -> PostHolding:
    """The doorway to one holding. Raises NotFound when it is not there or not for this actor."""
    holding = (
        PostHolding.objects.filter(actor.filter(permission, "area__path"), public_id=public_id)
        .select_related("kind", "area", "holder", "grant")
        .first()
    )
    if holding is None:
        raise NotFound
    return holding


def post_holder(post_kind: str, area: Area, on: date) -> User | None:
    """Who stands for a post of `area` on a day: the person covering it, else its holder. One query."""
    found = holdings_at([area.pk], on, [post_kind])
    chosen = rules.standing([held(holding) for holding in found], on)
    return user_in(found, chosen)


def responsible_for(area: Area, on: date) -> User | None:
    """Who answers for a place on a day: its full-time grid worker, else whoever is next above. One query."""
    found = list(
        PostHolding.objects.filter(
            serving_on(on), area__path__in=lineage(area.path)[1:], kind__in=rules.RESPONSIBLE_POSTS
        )
        .select_related("holder", "area")
        .defer("area__boundary")
        .order_by("-area__depth", "pk")
    )
    places = dict.fromkeys(holding.area_id for holding in found)
    chosen = rules.responsible(list(places), [held(holding) for holding in found], on)
    return user_in(found, chosen)


def posts_of(area: Area, on: date) -> list[PostSeat]:
    """Every kind of post that belongs to areas of this level, filled or not; later terms are shown too. Two queries."""
    holdings: dict[str, list[PostHolding]] = {}
    for holding in (
        PostHolding.objects.filter(area=area)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("holder", "covers__holder")
        .order_by("valid_from", "pk")
    ):
        holdings.setdefault(holding.kind_id, []).append(holding)
    return [
        PostSeat(kind, holdings.get(kind.code, []), missing(kind, holdings.get(kind.code, []), on))
        for kind in PostKind.objects.filter(area_kind=area.kind).order_by("order", "code")
    ]


def public_posts(area: Area, on: date) -> list[PostSeat]:
    """The posts of a place whose holders are posted in public. Two queries."""
    return [seat for seat in posts_of(area, on) if seat.kind.is_public]


def post_kinds_for(area: Area) -> list[PostKind]:
    """The kinds of post that areas of this level have."""
    return list(PostKind.objects.filter(area_kind=area.kind).order_by("order", "code"))


def bodies_of(area: Area, on: date) -> list[Body]:
    """The bodies of a place on a day."""
    return list(
        Body.objects.filter(holding_on(on), area=area).select_related("kind").order_by("kind__level", "name")
    )


def chain_of_bodies(area: Area, on: date) -> list[BodyLevel]:
    """From the subdistrict down to `area`: which bodies lead it, level by level; a required one may be missing.

    Three queries, however long the chain. Source: the five levels 街道党工委—社区党委—网格（小区）党支部—楼栋党小组—党员中心户.
    """
    line = [one for one in ancestors(area) if LEVEL[AreaKind(one.kind)] >= LEVEL[AreaKind.SUBDISTRICT]]
    bodies: dict[tuple[int, str], list[Body]] = {}
    for body in Body.objects.filter(holding_on(on), area__in=[one.pk for one in line]).order_by("name"):
        bodies.setdefault((body.area_id, body.kind_id), []).append(body)
    kinds = list(BodyKind.objects.filter(area_kind__in={one.kind for one in line}).order_by("level", "code"))
    return [
        BodyLevel(kind, one, bodies.get((one.pk, kind.code), []))
        for one in line
        for kind in kinds
        if kind.area_kind == one.kind and (kind.is_required or (one.pk, kind.code) in bodies)
    ]


def holdings_at(places: Sequence[int], on: date, posts: Iterable[str]) -> list[PostHolding]:
    return list(
        PostHolding.objects.filter(serving_on(on), area__in=places, kind__in=list(posts)).select_related(
            "holder"
        )
    )


def held(holding: PostHolding) -> Held:
    return Held(
        place=holding.area_id,
        post=holding.kind_id,
        holder=holding.holder_id,
        valid_from=holding.valid_from,
        valid_to=holding.valid_to,
        is_cover=holding.is_cover,
    )


def user_in(holdings: Iterable[PostHolding], chosen: Held | None) -> User | None:
    if chosen is None:
        return None
    return next(holding.holder for holding in holdings if holding.holder_id == chosen.holder)


def missing(kind: PostKind, holdings: Iterable[PostHolding], on: date) -> int:
    present = sum(
        not holding.is_cover
        and holding.holder.is_active
        and rules.holds_on(holding.valid_from, holding.valid_to, on)
        for holding in holdings
    )
    return max(kind.required_count - present, 0)


def body_kinds_for(area: Area) -> list[BodyKind]:
    """The kinds of body that areas of this level have."""
    return list(BodyKind.objects.filter(area_kind=area.kind).order_by("level", "code"))


def body_for(actor: Actor, public_id: str, permission: str) -> Body:
    """The doorway to one body. Raises NotFound when it is not there or not for this actor."""
    body = (
        Body.objects.filter(actor.filter(permission, "area__path"), public_id=public_id)
        .select_related("area", "kind")
        .first()
    )
    if body is None:
        raise NotFound
    return body
