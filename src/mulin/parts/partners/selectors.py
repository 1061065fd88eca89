"""Reads of partners; the number of queries does not grow with the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from mulin.base.paths import lineage
from mulin.identity.access import Actor
from mulin.identity.selectors import Found
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.parts.partners.models import Partner, PartnerEvent, PartnerMember, ServiceArea, ServiceCategory
from mulin.parts.partners.rules import PartnerState


def partners_serving(area_path: str, category: str | None = None) -> list[Partner]:
    """Admitted partners whose service area covers the place, with their categories. Two queries."""
    here = ServiceArea.objects.filter(partner=OuterRef("pk"), area_path__in=lineage(area_path))
    rows = Partner.objects.filter(Exists(here), state=PartnerState.ADMITTED).defer("phone")
    if category:
        rows = rows.filter(categories=category)
    return list(rows.prefetch_related("categories").order_by("name", "pk"))


def partner_of(user_id: int | None) -> Partner | None:
    """The partner that an account acts for, if any. One query."""
    if user_id is None:
        return None
    member = (
        PartnerMember.objects.filter(user_id=user_id, ended_at__isnull=True)
        .select_related("partner__area")
        .order_by("-created_at")
        .first()
    )
    return member.partner if member else None


def own_partner(actor: Actor) -> Partner:
    """The doorway to the actor's own partner."""
    partner = partner_of(actor.user_id)
    if partner is None:
        raise NotFound
    return partner


def member_ids(partner_id: int) -> list[int]:
    """The accounts that act for a partner now."""
    rows = PartnerMember.objects.filter(partner_id=partner_id, ended_at__isnull=True, user__is_active=True)
    return list(rows.values_list("user_id", flat=True).order_by("pk"))


def partner_for(actor: Actor, public_id: str, permission: str = "partners.view") -> Partner:
    """The doorway to a partner of the actor's areas; NotFound when there is none or the actor may not see it."""
    partner = (
        Partner.objects.filter(actor.filter(permission), public_id=public_id)
        .select_related("area")
        .prefetch_related("categories", Prefetch("service_areas", ServiceArea.objects.select_related("area")))
        .first()
    )
    if partner is None:
        raise NotFound
    return partner


@dataclass(frozen=True, slots=True)
class PartnerFilter:
    """What a worker asked to see. Empty means no condition."""

    state: str = ""
    kind: str = ""
    category: str = ""
    words: str = ""


def matching(actor: Actor, asked: PartnerFilter) -> QuerySet[Partner]:
    rows = Partner.objects.filter(actor.filter("partners.view"))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.category:
        rows = rows.filter(categories=asked.category)
    if asked.words.strip():
        rows = rows.filter(name__icontains=asked.words.strip())
    return rows


def partner_list(actor: Actor, asked: PartnerFilter, *, offset: int = 0, limit: int = 25) -> Found[Partner]:
    """One page, those that wait for a decision first come first served, then by name. Three queries."""
    rows = matching(actor, asked)
    if asked.state:
        rows = rows.filter(state=asked.state)
    order = ("applied_at", "pk") if asked.state == PartnerState.APPLIED else ("name", "pk")
    page = rows.select_related("area").prefetch_related("categories").defer("phone").order_by(*order)
    return Found(rows=list(page[offset : offset + limit]), total=rows.count())


def partner_counts(actor: Actor, asked: PartnerFilter) -> dict[str, int]:
    """How many partners each state holds under the other filters. One query."""
    rows = matching(actor, asked).values_list("state").annotate(count=Count("pk", distinct=True)).order_by()
    return dict(rows)


def partner_events(partner: Partner) -> list[PartnerEvent]:
    """The partner's file, newest first."""
    return list(PartnerEvent.objects.filter(partner=partner).order_by("-at", "-pk"))


def partner_members(partner: Partner) -> list[PartnerMember]:
    """Who acts for it now."""
    rows = PartnerMember.objects.filter(partner=partner, ended_at__isnull=True).select_related("user")
    return list(rows.order_by("created_at"))


def service_categories() -> list[ServiceCategory]:
    """Every kind of service, in its order."""
    return list(ServiceCategory.objects.order_by("order", "code"))


def partner_ids(public_ids: Sequence[str]) -> list[int]:
    """Row ids in the order given; raises InvalidInput when one is unknown."""
    found = dict(Partner.objects.filter(public_id__in=public_ids).values_list("public_id", "pk"))
    if unknown := [public_id for public_id in public_ids if public_id not in found]:
        raise InvalidInput(
            zh=f"有 {len(unknown)} 家合伙人没有找到，请重新选择。",
            en=f"{len(unknown)} of the partners were not found. Please choose again.",
            field="partners",
            code="partner-unknown",
        )
    return [found[public_id] for public_id in public_ids]


def service_area_names(partner: Partner) -> list[str]:
    """Where a partner serves, in the order of the tree."""
    return list(
        ServiceArea.objects.filter(partner=partner).order_by("area_path").values_list("area__name", flat=True)
    )
