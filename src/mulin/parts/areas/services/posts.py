"""Posts: appointing gives the grant, leaving ends it, in one transaction; cover and hand-over in one step each."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.identity.models import Grant, User
from mulin.identity.services import grant_end, grant_give
from mulin.kernel.clock import COUNTY_TIME_ZONE
from mulin.kernel.errors import Conflict, InvalidInput, WrongState
from mulin.parts.areas.models import Area, PostHolding, PostKind
from mulin.parts.areas.rules import KIND_NAMES, AreaKind, periods_meet


def about(holding: PostHolding) -> str:
    """How a holding stands in the audit trail."""
    return f"areas.post:{holding.public_id}"


@transaction.atomic
def post_appoint(
    *,
    kind: PostKind,
    area: Area,
    holder: User,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
    covers: PostHolding | None = None,
) -> PostHolding:
    """Let `holder` have a post of `area` from a day to a day, with the role that the post brings.

    Raises InvalidInput (level, dates, own appointment), WrongState (area ended, account closed) and Conflict when the
    person already holds this post here, or holds a role that excludes the post's.
    """
    Area.objects.select_for_update().get(pk=area.pk)
    refuse_bad_post(kind, area, holder, valid_from, valid_to)
    refuse_twice(kind, area, holder, valid_from, valid_to)
    grant = None
    if kind.role_code:
        grant = grant_give(
            user=holder,
            role_code=kind.role_code,
            area_path=area.path,
            valid_from=valid_from,
            valid_to=valid_to,
            reason=reason or kind.name_zh,
            actor=actor,
            now=now,
        )
    holding = PostHolding.objects.create(
        kind=kind,
        area=area,
        holder=holder,
        valid_from=valid_from,
        valid_to=valid_to,
        is_cover=covers is not None,
        covers=covers,
        grant=grant,
    )
    act = "areas.post_cover" if covers else "areas.post_appoint"
    data: dict[str, object] = {"kind": kind.code, "holder": holder.public_id}
    audit.record(
        actor=actor, act=act, about=about(holding), area_path=area.path, reason=reason, data=data, now=now
    )
    return holding


@transaction.atomic
def post_leave(
    *, holding: PostHolding, last_day: date, reason: str = "", actor: Actor, now: datetime
) -> PostHolding:
    """End a holding with `last_day`; its grant, and whoever covers it, end with it.

    A last day before today ends the grant at once; otherwise it runs out with that day. Raises InvalidInput when the
    day lies before the first, WrongState when the holding ends no later already.
    """
    holding = (
        PostHolding.objects.select_for_update(of=("self",))
        .select_related("kind", "area", "holder")
        .get(pk=holding.pk)
    )
    refuse_bad_last_day(holding, last_day)
    holding.valid_to = last_day
    holding.save(update_fields=["valid_to"])
    end_grant(holding, last_day, reason, actor, now)
    for cover in holding.covered_by.all():
        post_cut_short(cover, last_day, reason, actor, now)
    audit.record(
        actor=actor,
        act="areas.post_leave",
        about=about(holding),
        area_path=holding.area.path,
        reason=reason,
        data={"kind": holding.kind_id, "last_day": last_day.isoformat()},
        now=now,
    )
    return holding


@transaction.atomic
def post_cover(
    *,
    holding: PostHolding,
    cover: User,
    valid_from: date,
    valid_to: date,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> PostHolding:
    """Let somebody stand in for a holder on leave, from a day to a day; the holder keeps the post and its rights.

    Raises as `post_appoint` does, and InvalidInput when the holder would cover themselves or the days lie outside.
    """
    if cover.pk == holding.holder_id:
        raise InvalidInput(
            zh="代岗人不能是本人，请另选一位。",
            en="Nobody covers their own leave; choose another person.",
            code="cover-self",
            field="holder",
        )
    if not periods_meet((valid_from, valid_to), (holding.valid_from, holding.valid_to)):
        raise InvalidInput(
            zh="代岗日期不在任职期内，请核对。",
            en="The days of cover lie outside the holder's term; please check them.",
            code="cover-outside-term",
            field="valid_from",
        )
    return post_appoint(
        kind=holding.kind,
        area=holding.area,
        holder=cover,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        actor=actor,
        now=now,
        covers=holding,
    )


@transaction.atomic
def post_hand_over(
    *, holding: PostHolding, to: User, last_day: date, reason: str = "", actor: Actor, now: datetime
) -> PostHolding:
    """The holder leaves with `last_day`, `to` has the post from the next day on; the new holding. Raises as both do."""
    if to.pk == holding.holder_id:
        raise InvalidInput(
            zh="接任人不能是本人，请另选一位。",
            en="The successor must be another person.",
            code="hand-over-self",
            field="holder",
        )
    post_leave(holding=holding, last_day=last_day, reason=reason, actor=actor, now=now)
    return post_appoint(
        kind=holding.kind,
        area=holding.area,
        holder=to,
        valid_from=last_day + timedelta(days=1),
        reason=reason,
        actor=actor,
        now=now,
    )


def post_cut_short(holding: PostHolding, last_day: date, reason: str, actor: Actor, now: datetime) -> None:
    """End a holding with `last_day`, or with its first day when it begins later, unless it is over by then anyway."""
    last_day = max(last_day, holding.valid_from)
    if holding.valid_to is None or holding.valid_to > last_day:
        post_leave(holding=holding, last_day=last_day, reason=reason, actor=actor, now=now)


def end_grant(holding: PostHolding, last_day: date, reason: str, actor: Actor, now: datetime) -> None:
    grant = Grant.objects.filter(postholding=holding, ended_at__isnull=True).select_related("user").first()
    if grant is None:
        return
    if last_day < now.astimezone(COUNTY_TIME_ZONE).date():
        grant_end(grant=grant, actor=actor, now=now, reason=reason)
    else:
        Grant.objects.filter(pk=grant.pk).update(valid_to=last_day)


def refuse_bad_post(
    kind: PostKind, area: Area, holder: User, valid_from: date, valid_to: date | None
) -> None:
    if kind.area_kind != area.kind:
        level = KIND_NAMES[AreaKind(kind.area_kind)]
        raise InvalidInput(
            zh=f"“{kind.name_zh}”是{level.zh}的岗位，请选对应级别的区域。",
            en=f"{kind.name_en} is a post of a {level.en}; choose an area of that level.",
            code="post-level",
            field="kind",
        )
    if area.valid_to is not None and (valid_to is None or valid_to > area.valid_to):
        raise WrongState(
            zh=f"“{area.name}”已经撤销，不能再任命。",
            en=f"{area.name} has ended; nobody can be appointed.",
            code="area-ended",
        )
    if not holder.is_active:
        raise WrongState(
            zh="这个账号已停用，请先启用或另选一位。",
            en="This account is closed; reopen it or choose another person.",
            code="account-closed",
            field="holder",
        )
    if valid_to is not None and valid_to < valid_from:
        raise InvalidInput(
            zh="结束日期早于开始日期，请改正。",
            en="The last day lies before the first; please correct it.",
            code="dates-reversed",
            field="valid_to",
        )


def refuse_twice(kind: PostKind, area: Area, holder: User, valid_from: date, valid_to: date | None) -> None:
    held = PostHolding.objects.filter(kind=kind, area=area, holder=holder).values_list(
        "valid_from", "valid_to"
    )
    if any(periods_meet((valid_from, valid_to), period) for period in held):
        raise Conflict(
            zh=f"{holder.display_name}在这段时间已经担任这里的“{kind.name_zh}”。",
            en="This person already holds this post here at that time.",
            code="post-held-already",
            field="holder",
        )


def refuse_bad_last_day(holding: PostHolding, last_day: date) -> None:
    if last_day < holding.valid_from:
        raise InvalidInput(
            zh=f"离任日期不能早于任职日期 {holding.valid_from}。",
            en=f"The last day cannot lie before the first, {holding.valid_from}.",
            code="leave-before-beginning",
            field="last_day",
        )
    if holding.valid_to is not None and holding.valid_to <= last_day:
        raise WrongState(
            zh=f"这项任职到 {holding.valid_to} 已经结束。",
            en=f"This term already ends on {holding.valid_to}.",
            code="post-ended",
            field="last_day",
        )
