"""Many areas at once from a table: one pass in memory, one INSERT a thousand rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, MulinError, Text
from mulin.parts.areas.models import Area, AreaChange
from mulin.parts.areas.rules import (
    AreaKind,
    ChangeKind,
    checked_code,
    checked_name,
    child_path,
    kind_in_words,
    may_stand_below,
    official_kind,
    official_parent,
)
from mulin.parts.areas.services.paths import hold_tree
from mulin.parts.areas.services.tree import page_code_for

CHUNK = 1000
# Above so many codes it is cheaper to read the whole tree than to name them.
MOST_NAMED = 500


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of a table of areas. Parent and level may be left out where the code is official and tells them."""

    code: str
    name: str
    parent_code: str = ""
    level: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was not taken, and why."""

    line: int
    reason: Text


@dataclass(slots=True)
class TreeReport:
    """What became of a table of areas."""

    created: int = 0
    renamed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(slots=True)
class Planned:
    """A checked line, before it is known whether its area exists."""

    code: str
    name: str
    parent_code: str
    kind: AreaKind
    line: int


@transaction.atomic
def tree_import(
    *,
    rows: Iterable[TreeRow],
    valid_from: date,
    actor: Actor,
    now: datetime,
    within_paths: Sequence[str] = ("",),
) -> TreeReport:
    """Bring a table of areas into the tree, in any order of its lines.

    An area that is there under the same parent is left, or renamed with a line in its history; one that stands under
    another parent is rejected, since moving rewrites what lies in it and is asked for by itself. Only places below
    `within_paths` are touched. Bad lines are rejected one by one, with all that would hang on them.
    """
    hold_tree()
    report = TreeReport()
    planned = planned_rows(rows, report)
    known = known_areas(planned)
    order = in_order(planned, known, report)
    create_or_rename(
        order, known, report, valid_from=valid_from, actor=actor, now=now, within_paths=within_paths
    )
    report.rejected.sort(key=lambda rejected: rejected.line)
    data: dict[str, object] = {
        "created": report.created,
        "renamed": report.renamed,
        "unchanged": report.unchanged,
        "rejected": len(report.rejected),
    }
    audit.record(actor=actor, act="areas.tree_import", data=data, now=now)
    return report


def planned_rows(rows: Iterable[TreeRow], report: TreeReport) -> dict[str, Planned]:
    """Lines that are sound by themselves, by code; a code that stands twice counts the first time."""
    planned: dict[str, Planned] = {}
    for row in rows:
        try:
            plan = plan_of(row)
            if plan.code in planned:
                raise InvalidInput(
                    zh=f"编码 {plan.code} 在第 {planned[plan.code].line} 行已经出现过。",
                    en=f"The code {plan.code} already stands in line {planned[plan.code].line}.",
                )
        except MulinError as error:
            report.rejected.append(Rejected(row.line, error.text))
        else:
            planned[plan.code] = plan
    return planned


def plan_of(row: TreeRow) -> Planned:
    code = checked_code(row.code)
    kind = kind_in_words(row.level) if row.level.strip() else official_kind(code)
    if kind is None:
        raise InvalidInput(
            zh="请填写级别：这个编码不是官方编码，看不出是哪一级。",
            en="Please give the level: this is not an official code and does not tell it.",
        )
    parent = row.parent_code.strip()
    return Planned(code, checked_name(row.name), parent or official_parent(code), kind, row.line)


def known_areas(planned: dict[str, Planned]) -> dict[str, Area]:
    """Areas in force that the lines name, themselves or as parents, by code. One query."""
    codes = set(planned) | {plan.parent_code for plan in planned.values()}
    areas = Area.objects.filter(valid_to__isnull=True).defer("boundary")
    if len(codes) <= MOST_NAMED:
        areas = areas.filter(code__in=codes)
    return {area.code: area for area in areas if area.code in codes}


def in_order(planned: dict[str, Planned], known: dict[str, Area], report: TreeReport) -> list[Planned]:
    """Parents before children. Lines whose parent is nowhere, or that stand in a circle, are rejected."""
    children: dict[str, list[Planned]] = {}
    ready: list[Planned] = []
    for plan in planned.values():
        if plan.parent_code in planned:
            children.setdefault(plan.parent_code, []).append(plan)
        elif plan.parent_code in known or not plan.parent_code:
            ready.append(plan)
        else:
            report.rejected.append(
                Rejected(
                    plan.line,
                    Text(
                        zh=f"没有编码为 {plan.parent_code} 的上级。请先建上级，或把它也放进表里。",
                        en=f"There is no parent with the code {plan.parent_code}. Create it first, or add it to the table.",
                    ),
                )
            )
    for plan in ready:
        ready.extend(children.pop(plan.code, ()))
    hanging = Text(
        zh="它的上级没有导入，或者上下级绕成了圈。请先改正上级那一行。",
        en="Its parent was not brought in, or parents form a circle. Correct the parent's line first.",
    )
    report.rejected.extend(Rejected(plan.line, hanging) for plans in children.values() for plan in plans)
    return ready


def create_or_rename(
    order: Sequence[Planned],
    known: dict[str, Area],
    report: TreeReport,
    *,
    valid_from: date,
    actor: Actor,
    now: datetime,
    within_paths: Sequence[str],
) -> None:
    taken = set(Area.objects.values_list("path", flat=True))
    page_codes = set(Area.objects.exclude(page_code=None).values_list("page_code", flat=True))
    fresh: list[Area] = []
    renamed: list[tuple[Area, str]] = []
    for plan in order:
        parent = known.get(plan.parent_code)
        problem = problem_of(plan, parent, known.get(plan.code), within_paths)
        if problem:
            report.rejected.append(Rejected(plan.line, problem))
            continue
        area = known.get(plan.code)
        if area is None:
            known[plan.code] = area = area_of(plan, parent, valid_from, taken, page_codes)
            fresh.append(area)
        elif area.name != plan.name:
            renamed.append((area, area.name))
            area.name = plan.name
        else:
            report.unchanged += 1
    store_fresh(fresh)
    store_renamed(renamed, valid_from, actor, now)
    report.created, report.renamed = len(fresh), len(renamed)


def problem_of(
    plan: Planned, parent: Area | None, area: Area | None, within_paths: Sequence[str]
) -> Text | None:
    """Why a line cannot be taken, knowing its parent and its area, if there is one."""
    if plan.parent_code and parent is None:
        return Text(
            zh="它的上级没有导入。请先改正上级那一行。",
            en="Its parent was not brought in; correct that line first.",
        )
    place = area.path if area else parent.path if parent else ""
    if not any(place.startswith(path) for path in within_paths):
        return Text(
            zh="它不在您管理的区域里，请让上级管理员来办。",
            en="It lies outside the area you manage; ask a higher administrator.",
        )
    if area and (area.kind != plan.kind or area.parent_id != (parent.pk if parent else None)):
        return Text(
            zh=f"{area.code} 已在别的上级之下或级别不同。请用“移动”办理，导入不改上下级。",
            en=f"{area.code} stands under another parent or has another level. Use “move”; an import leaves the tree's order.",
        )
    if not may_stand_below(plan.kind, AreaKind(parent.kind) if parent else None):
        return Text(
            zh="上级的级别要比它高，请核对级别和上级编码。",
            en="The parent must be of a higher level; check level and parent.",
        )
    return None


def area_of(
    plan: Planned, parent: Area | None, valid_from: date, taken: set[str], page_codes: set[str | None]
) -> Area:
    path = child_path(
        parent.path if parent else "", plan.code, parent.code if parent else "", taken.__contains__
    )
    taken.add(path)
    page_code = page_code_for(plan.kind, page_codes.__contains__)
    if page_code:
        page_codes.add(page_code)
    return Area(
        code=plan.code,
        name=plan.name,
        kind=plan.kind,
        parent=parent,
        path=path,
        depth=parent.depth + 1 if parent else 0,
        valid_from=valid_from,
        page_code=page_code,
    )


def store_fresh(fresh: Sequence[Area]) -> None:
    """Insert level by level, so that every parent has its key before its children are written."""
    by_depth: dict[int, list[Area]] = {}
    for area in fresh:
        by_depth.setdefault(area.depth, []).append(area)
    for depth in sorted(by_depth):
        for area in by_depth[depth]:
            area.parent_id = area.parent.pk if area.parent else None
        Area.objects.bulk_create(by_depth[depth], batch_size=CHUNK)


def store_renamed(renamed: Sequence[tuple[Area, str]], on: date, actor: Actor, now: datetime) -> None:
    Area.objects.bulk_update([area for area, _ in renamed], ["name"], batch_size=CHUNK)
    AreaChange.objects.bulk_create(
        [
            AreaChange(
                kind=ChangeKind.RENAME,
                before=area,
                after=area,
                before_name=name,
                before_code=area.code,
                before_path=area.path,
                after_name=area.name,
                after_code=area.code,
                after_path=area.path,
                on=on,
                recorded_by_id=actor.user_id,
                recorded_at=now,
            )
            for area, name in renamed
        ],
        batch_size=CHUNK,
    )
