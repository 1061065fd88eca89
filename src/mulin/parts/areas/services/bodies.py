"""Bodies that belong to a place: party committees, branches, groups and hub households, residents' committees."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, WrongState
from mulin.parts.areas.models import Area, Body, BodyKind
from mulin.parts.areas.rules import KIND_NAMES, AreaKind, checked_name


def about(body: Body) -> str:
    """How a body stands in the audit trail."""
    return f"areas.body:{body.public_id}"


@transaction.atomic
def body_establish(
    *,
    kind: BodyKind,
    area: Area,
    name: str,
    valid_from: date,
    leader_name: str = "",
    address: str = "",
    actor: Actor,
    now: datetime,
) -> Body:
    """Record a body of `area`. Raises InvalidInput (level, name) and WrongState when the area has ended."""
    if kind.area_kind != area.kind:
        level = KIND_NAMES[AreaKind(kind.area_kind)]
        raise InvalidInput(
            zh=f"“{kind.name_zh}”设在{level.zh}一级，请选对应级别的区域。",
            en=f"{kind.name_en} belongs to a {level.en}; choose an area of that level.",
            code="body-level",
            field="kind",
        )
    if area.valid_to is not None:
        raise WrongState(zh=f"“{area.name}”已经撤销。", en=f"{area.name} has ended.", code="area-ended")
    body = Body.objects.create(
        kind=kind,
        area=area,
        name=checked_name(name),
        leader_name=leader_name.strip()[:60],
        address=address.strip()[:200],
        valid_from=valid_from,
    )
    audit.record(actor=actor, act="areas.body_establish", about=about(body), area_path=area.path, now=now)
    return body


@transaction.atomic
def body_dissolve(*, body: Body, last_day: date, actor: Actor, now: datetime) -> Body:
    """End a body with `last_day`. Raises WrongState when it has ended, InvalidInput for a day before its first."""
    if body.valid_to is not None:
        raise WrongState(zh="这个组织已经撤销。", en="This body has ended already.", code="body-ended")
    if last_day < body.valid_from:
        raise InvalidInput(
            zh=f"撤销日期不能早于成立日期 {body.valid_from}。",
            en=f"The last day cannot lie before the first, {body.valid_from}.",
            code="body-dates",
            field="last_day",
        )
    body.valid_to = last_day
    body.save(update_fields=["valid_to"])
    audit.record(actor=actor, act="areas.body_dissolve", about=about(body), area_path=body.area.path, now=now)
    return body
