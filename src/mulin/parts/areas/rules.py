"""Levels of the tree, codes and paths, which posts stand for a place, and what staffing lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mulin.kernel.errors import InvalidInput, Text


class AreaKind(StrEnum):
    """Levels of the tree, from the largest. A county may leave levels out, never turn them round."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    COMPOUND = "compound"
    GRID = "grid"
    BUILDING = "building"
    BUILDING_UNIT = "building_unit"


class ChangeKind(StrEnum):
    """How an area can change; the row it was stays, with its last day."""

    MERGE = "merge"
    SPLIT = "split"
    RENAME = "rename"
    MOVE = "move"
    RECODE = "recode"


class PointProblem(StrEnum):
    """What can be wrong with where an address lies."""

    OUTSIDE = "outside"
    IN_SEVERAL = "in_several"
    UNKNOWN = "unknown"


LEVEL: Mapping[AreaKind, int] = {kind: level for level, kind in enumerate(AreaKind)}

KIND_NAMES: Mapping[AreaKind, Text] = {
    AreaKind.PROVINCE: Text(zh="省", en="province"),
    AreaKind.CITY: Text(zh="市", en="city"),
    AreaKind.COUNTY: Text(zh="县（市、区）", en="county"),
    AreaKind.SUBDISTRICT: Text(zh="街道（乡镇）", en="subdistrict"),
    AreaKind.COMMUNITY: Text(zh="社区（村）", en="community"),
    AreaKind.COMPOUND: Text(zh="小区", en="compound"),
    AreaKind.GRID: Text(zh="网格", en="grid"),
    AreaKind.BUILDING: Text(zh="楼栋", en="building"),
    AreaKind.BUILDING_UNIT: Text(zh="单元", en="building unit"),
}

# How a level may be written in a sheet, beside the names above.
_KIND_WORDS: Mapping[str, AreaKind] = {
    "省": AreaKind.PROVINCE, "省级": AreaKind.PROVINCE, "自治区": AreaKind.PROVINCE,
    "市": AreaKind.CITY, "地级市": AreaKind.CITY, "市级": AreaKind.CITY, "prefecture": AreaKind.CITY,
    "县": AreaKind.COUNTY, "区": AreaKind.COUNTY, "县级": AreaKind.COUNTY, "区县": AreaKind.COUNTY,
    "district": AreaKind.COUNTY, "area": AreaKind.COUNTY,
    "街道": AreaKind.SUBDISTRICT, "镇": AreaKind.SUBDISTRICT, "乡": AreaKind.SUBDISTRICT,
    "乡镇": AreaKind.SUBDISTRICT, "镇街": AreaKind.SUBDISTRICT, "街道乡镇": AreaKind.SUBDISTRICT,
    "town": AreaKind.SUBDISTRICT, "township": AreaKind.SUBDISTRICT, "street": AreaKind.SUBDISTRICT,
    "社区": AreaKind.COMMUNITY, "村": AreaKind.COMMUNITY, "村居": AreaKind.COMMUNITY,
    "社区村": AreaKind.COMMUNITY, "village": AreaKind.COMMUNITY,
    "小区": AreaKind.COMPOUND, "网格": AreaKind.GRID,
    "楼": AreaKind.BUILDING, "楼栋": AreaKind.BUILDING, "楼宇": AreaKind.BUILDING, "栋": AreaKind.BUILDING,
    "单元": AreaKind.BUILDING_UNIT, "unit": AreaKind.BUILDING_UNIT,
}  # fmt: skip

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}", re.ASCII)

FULL_TIME_GRID_WORKER = "full_time_grid_worker"
# Who answers for a place, nearest first: at each level upwards, the first of these posts that is held.
RESPONSIBLE_POSTS: tuple[str, ...] = (
    FULL_TIME_GRID_WORKER,
    "part_time_grid_worker",
    "community_worker",
    "community_secretary",
    "subdistrict_officer",
)


def kind_in_words(text: str) -> AreaKind:
    """The level that a word in a sheet means; raises InvalidInput `area-level-unknown`.

    >>> kind_in_words("街道（乡镇）"), kind_in_words(" Village ")
    (<AreaKind.SUBDISTRICT: 'subdistrict'>, <AreaKind.COMMUNITY: 'community'>)
    """
    word = re.sub(r"[\s（）()、/]", "", text).lower()
    if word in LEVEL:
        return AreaKind(word)
    found = _KIND_WORDS.get(word) or next(
        (kind for kind, name in KIND_NAMES.items() if re.sub(r"[（）、]", "", name.zh) == word), None
    )
    if found is None:
        raise InvalidInput(
            zh=f"不认识级别“{text.strip()[:20]}”。请填省、市、县、街道、社区、小区、网格、楼栋或单元。",
            en=f'The level "{text.strip()[:20]}" is unknown. Please use province, city, county, subdistrict, '
            "community, compound, grid, building or building unit.",
            code="area-level-unknown",
            field="level",
        )
    return found


# Statistical division codes: two digits of province, two of city, two of county, three each of subdistrict, community
# and grid.
_OFFICIAL: dict[int, AreaKind] = {
    2: AreaKind.PROVINCE,
    4: AreaKind.CITY,
    6: AreaKind.COUNTY,
    9: AreaKind.SUBDISTRICT,
    12: AreaKind.COMMUNITY,
    15: AreaKind.GRID,
}


def official_kind(code: str) -> AreaKind | None:
    """The level that an official code tells by its length.

    >>> official_kind("370883001001"), official_kind("B12")
    (<AreaKind.COMMUNITY: 'community'>, None)
    """
    return _OFFICIAL.get(len(code)) if code.isdecimal() and code.isascii() else None


def official_parent(code: str) -> str:
    """The code of the parent that an official code contains; empty when it contains none.

    >>> official_parent("370883001"), official_parent("37")
    ('370883', '')
    """
    if official_kind(code) is None:
        return ""
    return next((code[:length] for length in reversed(_OFFICIAL) if length < len(code)), "")


def may_stand_below(kind: AreaKind, parent: AreaKind | None) -> bool:
    """Whether an area of `kind` may have a parent of that kind; levels may be left out, never turned round.

    >>> may_stand_below(AreaKind.GRID, AreaKind.COMMUNITY), may_stand_below(AreaKind.COMMUNITY, AreaKind.GRID)
    (True, False)
    """
    return parent is None or LEVEL[kind] > LEVEL[parent]


def checked_code(text: str) -> str:
    """A code fit for the tree; raises InvalidInput `area-code-missing` or `area-code-invalid`."""
    code = text.strip()
    if not code:
        raise InvalidInput(
            zh="请填写区域编码。", en="Please enter the area's code.", code="area-code-missing", field="code"
        )
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            zh="区域编码只能用数字、字母、“-”和“_”，以数字或字母开头，最多 40 位。",
            en='A code consists of digits, letters, "-" and "_", begins with a digit or letter, and has at most 40.',
            code="area-code-invalid",
            field="code",
        )
    return code


def checked_name(text: str) -> str:
    """A name fit for the tree; raises InvalidInput `area-name-missing` or `area-name-long`."""
    name = " ".join(text.split())
    if not name:
        raise InvalidInput(
            zh="请填写区域名称。", en="Please enter the area's name.", code="area-name-missing", field="name"
        )
    if len(name) > 80:
        raise InvalidInput(
            zh=f"区域名称最多 80 个字，您填了 {len(name)} 个。请缩短。",
            en=f"A name has at most 80 characters; you entered {len(name)}. Please shorten it.",
            code="area-name-long",
            field="name",
        )
    return name


def segment(code: str, parent_code: str) -> str:
    """What a code adds to its parent's: one step of the materialised path.

    >>> segment("370883001", "370883"), segment("B-12", "370883001002001")
    ('001', 'B12')
    """
    own = code[len(parent_code) :] if parent_code and code.startswith(parent_code) else code
    return _plain(own) or _plain(code)


def child_path(
    parent_path: str, code: str, parent_code: str, is_taken: Callable[[str], bool] = lambda _: False
) -> str:
    """The path of an area below `parent_path`: the shortest form that no other area, present or past, has taken.

    >>> child_path("37/08/83/", "370883001", "370883")
    '37/08/83/001/'
    >>> child_path("37/", "3708", "37", {"37/08/", "37/3708/"}.__contains__)
    '37/08x2/'
    """
    short = segment(code, parent_code)
    for candidate in (short, _plain(code)):
        path = f"{parent_path}{candidate}/"
        if not is_taken(path):
            return path
    number = 2
    while is_taken(f"{parent_path}{short}x{number}/"):
        number += 1
    return f"{parent_path}{short}x{number}/"


def _plain(code: str) -> str:
    return "".join(character for character in code if character.isascii() and character.isalnum())


def holds_on(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether a validity covers `on`; its last day is included."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def periods_meet(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two validities have a day in common; both ends are included, None is open.

    >>> periods_meet((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 31), None))
    True
    """
    return (first[1] is None or second[0] <= first[1]) and (second[1] is None or first[0] <= second[1])


@dataclass(frozen=True, slots=True)
class Held:
    """One holding of one post, as far as the choice of who stands for it is concerned."""

    place: int
    post: str
    holder: int
    valid_from: date
    valid_to: date | None
    is_cover: bool


def standing(held: Iterable[Held], on: date) -> Held | None:
    """Who stands for a post on a day: whoever covers it, else the holder who has it longest."""
    present = [one for one in held if holds_on(one.valid_from, one.valid_to, on)]
    return min(present, key=lambda one: (not one.is_cover, one.valid_from, one.holder), default=None)


def responsible(places: Sequence[int], held: Iterable[Held], on: date) -> Held | None:
    """Who answers for a place. `places` are its ids, nearest first; posts are tried in the order of the house."""
    by_post: dict[tuple[int, str], list[Held]] = {}
    for one in held:
        by_post.setdefault((one.place, one.post), []).append(one)
    for place in places:
        for post in RESPONSIBLE_POSTS:
            found = standing(by_post.get((place, post), ()), on)
            if found:
                return found
    return None


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many posts (or bodies) of `kind` must stand on every area of `area_kind`."""

    kind: str
    area_kind: str
    required_count: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A place that has `found` of the `required` posts or bodies of one kind."""

    place: int
    kind: str
    required: int
    found: int


def shortages(
    places: Iterable[tuple[int, str]],
    requirements: Sequence[Requirement],
    found: Mapping[tuple[int, str], int],
) -> list[Shortage]:
    """Everything that is short, in the order of `places` (id, area kind). What is required zero times is never short.

    >>> rule = Requirement("full_time_grid_worker", "grid", 1)
    >>> shortages([(1, "grid"), (2, "grid")], [rule], {(1, "full_time_grid_worker"): 1})
    [Shortage(place=2, kind='full_time_grid_worker', required=1, found=0)]

    Source: 一格一员, at least one full-time worker a grid; the counts themselves are data of the packs.
    """
    by_area_kind: dict[str, list[Requirement]] = {}
    for requirement in requirements:
        by_area_kind.setdefault(requirement.area_kind, []).append(requirement)
    return [
        Shortage(place, need.kind, need.required_count, found.get((place, need.kind), 0))
        for place, area_kind in places
        for need in by_area_kind.get(area_kind, ())
        if found.get((place, need.kind), 0) < need.required_count
    ]


def point_problem(grids: Sequence[object] | None) -> PointProblem | None:
    """What is wrong with a point that lies in these grids; None stands for a point that nobody has measured.

    >>> point_problem([]), point_problem(["g1"]), point_problem(["g1", "g2"]).value, point_problem(None).value
    (<PointProblem.OUTSIDE: 'outside'>, None, 'in_several', 'unknown')
    """
    if grids is None:
        return PointProblem.UNKNOWN
    if not grids:
        return PointProblem.OUTSIDE
    return PointProblem.IN_SEVERAL if len(grids) > 1 else None
