"""The tree of areas: founding, renaming, moving, merging and splitting, each with its line in the history.

A change is recorded when it is in force, so its day is today or before. An area that ends keeps its row, code and
path; what belonged to it is given the path of its successor in the same transaction, in every table that carries one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from mulin.base.paths import PATH_LENGTH
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.clock import COUNTY_TIME_ZONE, Rng, SystemRandomness
from mulin.kernel.errors import Conflict, InvalidInput, WrongState
from mulin.kernel.identifiers import new_short_code
from mulin.parts.areas.models import Area, AreaChange, Body, PostHolding
from mulin.parts.areas.rules import (
    LEVEL,
    AreaKind,
    ChangeKind,
    checked_code,
    checked_name,
    child_path,
    may_stand_below,
)
from mulin.parts.areas.services.paths import gather_into, hold_tree, replace_prefix
from mulin.parts.areas.services.posts import post_cut_short

SYSTEM_RANDOMNESS = SystemRandomness()
# Residents reach a place of these levels by the code on its poster.
LEVELS_WITH_PAGE = frozenset({AreaKind.COMMUNITY, AreaKind.COMPOUND, AreaKind.GRID, AreaKind.BUILDING})


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One of the areas that come of a split, and the codes of the children that go to it.

    The part that bears the code of the area being split is that area, going on.
    """

    code: str
    name: str
    children: Sequence[str] = ()


def about(area: Area) -> str:
    """How an area stands in the audit trail."""
    return f"areas.area:{area.public_id}"


def page_code_for(kind: str, is_taken: Callable[[str], bool], rng: Rng = SYSTEM_RANDOMNESS) -> str | None:
    """A short code for the poster of a place, where residents have a use for one, that nobody else has."""
    if kind not in LEVELS_WITH_PAGE:
        return None
    while is_taken(code := new_short_code(rng)):
        continue
    return code


def has_page_code(code: str) -> bool:
    return Area.objects.filter(page_code=code).exists()


@transaction.atomic
def area_create(
    *,
    code: str,
    name: str,
    kind: AreaKind | str,
    parent: Area | None,
    valid_from: date,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> Area:
    """Found an area. `facts` are any of the descriptive columns (see `area_describe`), boundary included.

    Raises InvalidInput (code, name, kind, facts), Conflict `area-code-taken` and WrongState for a parent that ended.
    """
    hold_tree()
    kind = AreaKind(kind)
    code, name = checked_code(code), checked_name(name)
    refuse_misplaced(kind, parent)
    refuse_taken_code(code)
    area = Area(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        path=free_path(parent, code),
        depth=parent.depth + 1 if parent else 0,
        valid_from=valid_from,
        page_code=page_code_for(kind, has_page_code),
    )
    put_facts(area, facts or {})
    area.save()
    audit.record(actor=actor, act="areas.area_create", about=about(area), area_path=area.path, now=now)
    return area


@transaction.atomic
def area_describe(*, area: Area, facts: Mapping[str, object], actor: Actor, now: datetime) -> Area:
    """Change what describes an area: address, telephones, point, counts, boundary. Raises InvalidInput."""
    hold_tree()
    put_facts(area, facts)
    area.save(update_fields=sorted(facts))
    data: dict[str, object] = {"changed": sorted(facts)}
    audit.record(
        actor=actor, act="areas.area_describe", about=about(area), area_path=area.path, data=data, now=now
    )
    return area


@transaction.atomic
def area_rename(*, area: Area, name: str, on: date, document: str = "", actor: Actor, now: datetime) -> Area:
    """Give an area another name from a day on; the old one stays in its history."""
    hold_tree()
    refuse_bad_change(area, on, now)
    before = state_of(area)
    area.name = checked_name(name)
    if area.name == before["name"]:
        raise InvalidInput(
            zh="新名称和原来的一样。",
            en="The new name is the same as the old one.",
            code="area-unchanged",
            field="name",
        )
    area.save(update_fields=["name"])
    record(ChangeKind.RENAME, area, before, area, on=on, document=document, actor=actor, now=now)
    return area


@transaction.atomic
def area_recode(*, area: Area, code: str, on: date, document: str = "", actor: Actor, now: datetime) -> Area:
    """Give an area another code from a day on; its path and all below follow."""
    hold_tree()
    refuse_bad_change(area, on, now)
    before = state_of(area)
    area.code = checked_code(code)
    refuse_taken_code(area.code)
    area.save(update_fields=["code"])
    relocate(area, area.parent)
    record(ChangeKind.RECODE, area, before, area, on=on, document=document, actor=actor, now=now)
    return area


@transaction.atomic
def area_move(*, area: Area, parent: Area, on: date, document: str = "", actor: Actor, now: datetime) -> Area:
    """Put an area, and all that lies in it, under another parent.

    Raises InvalidInput when the parent lies in the area itself or stands no higher, WrongState when it has ended.
    """
    hold_tree()
    refuse_bad_change(area, on, now)
    if parent.path.startswith(area.path):
        raise InvalidInput(
            zh="不能把区域移到它自己或它的下级之下，请另选上级。",
            en="An area cannot be moved below itself; choose another parent.",
            code="area-below-itself",
            field="parent",
        )
    refuse_misplaced(AreaKind(area.kind), parent)
    before = state_of(area)
    relocate(area, parent)
    record(ChangeKind.MOVE, area, before, area, on=on, document=document, actor=actor, now=now)
    return area


@transaction.atomic
def area_merge(
    *, areas: Sequence[Area], into: Area, on: date, document: str = "", actor: Actor, now: datetime
) -> Area:
    """Let `areas` end and `into` carry on with all that was theirs.

    1. their posts and bodies end on the day before; 2. their children move under `into`; 3. every row that carried
    their path gets the path of `into`. Raises InvalidInput when an area is merged with itself or with another level.
    """
    hold_tree()
    refuse_bad_change(into, on, now)
    for area in areas:
        refuse_bad_merge(area, into)
        refuse_bad_change(area, on, now)
        before = state_of(area)
        end(area, on, actor, now)
        for child in living_children(area):
            relocate(child, into)
        gather_into(area.path, into.path)
        record(ChangeKind.MERGE, area, before, into, on=on, document=document, actor=actor, now=now)
    return into


@transaction.atomic
def area_split(
    *,
    area: Area,
    parts: Sequence[SplitPart],
    rest_to: str,
    on: date,
    document: str = "",
    actor: Actor,
    now: datetime,
) -> list[Area]:
    """Divide an area into `parts`; what no child decides, and children not named, goes to the part coded `rest_to`.

    The area itself ends, unless a part bears its code. Raises InvalidInput for fewer than two parts, a child named
    twice or not a child, and an unknown `rest_to`.
    """
    hold_tree()
    refuse_bad_change(area, on, now)
    children = {child.code: child for child in living_children(area)}
    refuse_bad_parts(area, parts, rest_to, children)
    before = state_of(area)
    goes_on = any(part.code == area.code for part in parts)
    if not goes_on:
        end(area, on, actor, now)
    results = {part.code: part_of(area, part, on, actor, now) for part in parts}
    named = {code: part.code for part in parts for code in part.children}
    for code, child in children.items():
        home = results[named.get(code, rest_to)]
        if home != area:
            relocate(child, home)
    if not goes_on:
        gather_into(area.path, results[rest_to].path)
    for result in results.values():
        record(ChangeKind.SPLIT, area, before, result, on=on, document=document, actor=actor, now=now)
    return list(results.values())


@transaction.atomic
def area_end(*, area: Area, last_day: date, reason: str, actor: Actor, now: datetime) -> Area:
    """Let an area end without a successor. Raises WrongState while anything stands in it."""
    hold_tree()
    refuse_bad_change(area, last_day + timedelta(days=1), now + timedelta(days=1))
    if living_children(area):
        raise WrongState(
            zh="这个区域还有下级。请先把下级移走或撤销，再撤销它。",
            en="There are still areas in this one. Move or end them first.",
            code="area-has-children",
        )
    end(area, last_day + timedelta(days=1), actor, now)
    audit.record(
        actor=actor, act="areas.area_end", about=about(area), area_path=area.path, reason=reason, now=now
    )
    return area


def state_of(area: Area) -> dict[str, str]:
    return {"code": area.code, "name": area.name, "path": area.path}


def living_children(area: Area) -> list[Area]:
    return list(Area.objects.filter(parent=area, valid_to__isnull=True).order_by("code"))


def free_path(parent: Area | None, code: str) -> str:
    path = child_path(
        parent.path if parent else "",
        code,
        parent.code if parent else "",
        lambda candidate: Area.objects.filter(path=candidate).exists(),
    )
    if len(path) > PATH_LENGTH:
        raise InvalidInput(
            zh="这个区域在树里太深，编码也太长，请换短一些的编码。",
            en="This area lies too deep with too long a code; use a shorter code.",
            code="area-path-long",
            field="code",
        )
    return path


def relocate(area: Area, parent: Area | None) -> None:
    """Set the parent and rewrite all paths at and below the area."""
    before = area.path
    after = free_path(parent, area.code)
    area.parent = parent
    area.save(update_fields=["parent"])
    replace_prefix(before, after)
    area.refresh_from_db(fields=["path", "depth"])


def end(area: Area, on: date, actor: Actor, now: datetime) -> None:
    """Close an area, its bodies and the posts that stand on itself with the day before `on`."""
    last_day = on - timedelta(days=1)
    area.valid_to = last_day
    area.page_code = None
    area.save(update_fields=["valid_to", "page_code"])
    Body.objects.filter(area=area, valid_to__isnull=True, valid_from__lte=last_day).update(valid_to=last_day)
    Body.objects.filter(area=area, valid_from__gt=last_day).delete()
    for holding in PostHolding.objects.filter(area=area).select_related("grant", "kind", "area"):
        post_cut_short(holding, last_day, "", actor, now)


def part_of(area: Area, part: SplitPart, on: date, actor: Actor, now: datetime) -> Area:
    if part.code == area.code:
        area.name = checked_name(part.name)
        area.save(update_fields=["name"])
        return area
    return area_create(
        code=part.code,
        name=part.name,
        kind=area.kind,
        parent=area.parent,
        valid_from=on,
        actor=actor,
        now=now,
    )


def record(
    kind: ChangeKind,
    before: Area,
    was: Mapping[str, str],
    after: Area,
    *,
    on: date,
    document: str,
    actor: Actor,
    now: datetime,
) -> AreaChange:
    audit.record(actor=actor, act=f"areas.area_{kind}", about=about(before), area_path=after.path, now=now)
    return AreaChange.objects.create(
        kind=kind,
        before=before,
        after=after,
        before_name=was["name"],
        before_code=was["code"],
        before_path=was["path"],
        after_name=after.name,
        after_code=after.code,
        after_path=after.path,
        on=on,
        document=document,
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )


def put_facts(area: Area, facts: Mapping[str, object]) -> None:
    unknown = set(facts) - DESCRIPTIVE
    assert not unknown, f"not facts that describe an area: {unknown}"
    for column, value in facts.items():
        setattr(area, column, value)
    if (area.longitude is None) != (area.latitude is None):
        raise InvalidInput(
            zh="经度和纬度要一起填，或都不填。",
            en="Give both longitude and latitude, or neither.",
            code="point-incomplete",
            field="longitude",
        )


DESCRIPTIVE = frozenset(
    {
        "address",
        "boundary",
        "household_count",
        "latitude",
        "longitude",
        "resident_count",
        "supervision_telephone",
        "telephone",
    }
)


def refuse_misplaced(kind: AreaKind, parent: Area | None) -> None:
    if parent is not None and parent.valid_to is not None:
        raise WrongState(
            zh=f"上级“{parent.name}”已经撤销，请选现在的区域。",
            en=f"The parent {parent.name} has ended; choose an area in force.",
            code="parent-ended",
            field="parent",
        )
    if not may_stand_below(kind, AreaKind(parent.kind) if parent else None):
        raise InvalidInput(
            zh="上级的级别要比它高，请另选上级或改正级别。",
            en="The parent must be of a higher level; choose another parent or correct the level.",
            code="area-level-reversed",
            field="kind",
        )


def refuse_taken_code(code: str) -> None:
    if Area.objects.filter(code=code, valid_to__isnull=True).exists():
        raise Conflict(
            zh=f"编码 {code} 已经用在另一个现行区域上，请核对。",
            en=f"The code {code} is already in use for another area in force; please check it.",
            code="area-code-taken",
            field="code",
        )


def refuse_bad_change(area: Area, on: date, now: datetime) -> None:
    """A change concerns an area in force, on a day after its first and not after today."""
    if area.valid_to is not None:
        raise WrongState(
            zh=f"“{area.name}”已经撤销，不能再变更。", en=f"{area.name} has ended already.", code="area-ended"
        )
    if on > now.astimezone(COUNTY_TIME_ZONE).date():
        raise InvalidInput(
            zh="变更在生效当天或之后登记，日期不能晚于今天。",
            en="A change is recorded on its day or later; the day cannot lie after today.",
            code="change-in-future",
            field="on",
        )
    if on <= area.valid_from:
        raise InvalidInput(
            zh=f"“{area.name}”自 {area.valid_from} 起才有，变更日期要在这之后。",
            en=f"{area.name} exists from {area.valid_from} on; the change must come later.",
            code="change-before-beginning",
            field="on",
        )


def refuse_bad_merge(area: Area, into: Area) -> None:
    if area.pk == into.pk or into.path.startswith(area.path):
        raise InvalidInput(
            zh="不能把区域并入它自己或它的下级。",
            en="An area cannot be merged into itself.",
            code="merge-itself",
            field="into",
        )
    if LEVEL[AreaKind(area.kind)] != LEVEL[AreaKind(into.kind)]:
        raise InvalidInput(
            zh="只能合并同一级别的区域。",
            en="Only areas of one level can be merged.",
            code="merge-levels",
            field="into",
        )


def refuse_bad_parts(
    area: Area, parts: Sequence[SplitPart], rest_to: str, children: Mapping[str, Area]
) -> None:
    codes = [part.code for part in parts]
    named = [code for part in parts for code in part.children]
    problem = None
    if len(set(codes)) < 2 or len(set(codes)) != len(codes):
        problem = (
            "拆分至少要有两个部分，编码各不相同。",
            "A split needs at least two parts with different codes.",
        )
    elif rest_to not in codes:
        problem = ("请指明其余部分归入哪一个。", "Say which part takes the rest.")
    elif len(set(named)) != len(named):
        problem = ("同一个下级不能分给两个部分。", "A child cannot go to two parts.")
    elif set(named) - set(children):
        problem = (
            f"这些编码不是“{area.name}”的下级。",
            f"Some of these codes are not children of {area.name}.",
        )
    if problem:
        raise InvalidInput(zh=problem[0], en=problem[1], code="split-parts", field="parts")
