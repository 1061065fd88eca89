"""The tree of Qinghe: county, subdistricts, communities, compounds, grids, buildings and their units."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from pathlib import Path

from mulin.config.demo.numbers import REGION, land_line
from mulin.config.demo.outlines import Cell, Lattice, lattice
from mulin.config.demo.scale import Scale
from mulin.kernel.clock import SeededRandomness
from mulin.kernel.identifiers import new_short_code
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import AreaKind, child_path

GRIDS_URBAN, GRIDS_RURAL = 6, 4
SHARE_URBAN = 2 / 3
PEOPLE_A_HOUSEHOLD = 2.75
FLOORS, UNITS, DOORS = 6, 3, 2
HOMES_A_BUILDING = FLOORS * UNITS * DOORS
_DIGITS = "零一二三四五六七八九十"
_FIRST = [
    "青",
    "禾",
    "柳",
    "石",
    "云",
    "泉",
    "望",
    "桃",
    "杏",
    "松",
    "榆",
    "槐",
    "龙",
    "凤",
    "清",
    "平",
    "安",
    "和",
    "兴",
    "福",
]
_SECOND_URBAN = [
    "文苑",
    "新城",
    "阳光",
    "翠湖",
    "金桥",
    "兴隆",
    "康乐",
    "明德",
    "春晖",
    "祥和",
    "锦绣",
    "朝阳",
    "永安",
    "南苑",
    "北苑",
]
_SECOND_RURAL = ["家庄", "家屯", "桥", "泉", "塘", "林", "岭", "河", "楼", "坡", "湾", "集", "店", "口", "寨"]


@dataclass
class Community:
    """One community with everything that stands in it. `weight` is its share of the people, against the others."""

    area: Area
    subdistrict: Area
    cell: Cell
    is_urban: bool
    compounds: list[Area] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return 2.0 if self.is_urban else 1.0


@dataclass
class Grid:
    """One grid; `people` is how many live there, `compound` the name of the estate its buildings belong to."""

    area: Area
    cell: Cell
    people: int
    compound: str = ""
    buildings: list[Area] = field(default_factory=list)


@dataclass
class County:
    """The whole tree, stored."""

    area: Area
    subdistricts: list[Area]
    communities: list[Community]

    @property
    def grids(self) -> list[Grid]:
        return [grid for community in self.communities for grid in community.grids]


@dataclass(frozen=True)
class Place:
    """One line of places.csv: what is known of a community before it is built."""

    subdistrict: str
    community: str
    is_urban: bool
    compounds: tuple[str, ...]


def build_county(scale: Scale, *, packs: Path, valid_from: date, rng: SeededRandomness) -> County:
    """Store the tree, level by level, and return it. One of the people is Grandmother Wang, who is housed by herself."""
    places = list(places_of(scale, packs, rng))
    size = scale.subdistrict_size
    land = lattice(ceil(len(places) / size), size, rng)
    maker = Maker(valid_from, rng)
    root = maker.area(None, REGION, "青禾县", AreaKind.COUNTY, telephone=land_line(0))
    root.longitude, root.latitude = land.community(0, 0).middle
    subdistricts = subdistricts_of(maker, root, places, land, size)
    Area.objects.bulk_create([root])
    store_below(subdistricts)
    communities = [
        community_of(
            maker,
            subdistricts[number // size],
            number % size,
            place,
            land.community(number // size, number % size),
        )
        for number, place in enumerate(places)
    ]
    store_below([community.area for community in communities])
    share_people(scale.people - 1, communities)
    for community, place in zip(communities, places, strict=True):
        fill(maker, community, place)
    return County(root, subdistricts, communities)


def places_of(scale: Scale, packs: Path, rng: SeededRandomness) -> Iterator[Place]:
    """The communities that have a name in the pack, then invented ones."""
    with (packs / "qinghe" / "places.csv").open(encoding="utf-8") as file:
        named = [
            Place(
                row["subdistrict"],
                row["community"],
                row["kind"] == "urban",
                tuple(filter(None, row["compounds"].split("|"))),
            )
            for row in csv.DictReader(file)
        ]
    for number in range(scale.communities):
        block = number // scale.subdistrict_size
        subdistrict = (
            f"{_FIRST[block % 20]}{'山水源岗'[block // 20 % 4]}街道" if scale.subdistrict_size > 4 else ""
        )
        if number < len(named):
            place = named[number]
            yield Place(subdistrict or place.subdistrict, place.community, place.is_urban, place.compounds)
        else:
            yield invented(number, subdistrict, rng)


def invented(number: int, subdistrict: str, rng: SeededRandomness) -> Place:
    first = _FIRST[number % len(_FIRST)]
    if number % 2:
        rural = _SECOND_RURAL[number // len(_FIRST) % len(_SECOND_RURAL)]
        return Place(subdistrict, f"{first}{rural}村", False, ())
    urban = _SECOND_URBAN[number // len(_FIRST) % len(_SECOND_URBAN)]
    estates = tuple(
        f"{first}{name}" for name in rng.sample(["和苑", "馨园", "家园", "花园", "雅居", "新村"], 2)
    )
    return Place(subdistrict, f"{first}{urban}社区", True, estates)


@dataclass
class Maker:
    """Makes rows of one day, with codes and paths of the official form."""

    valid_from: date
    rng: SeededRandomness
    telephones: int = 0
    page_codes: set[str] = field(default_factory=set)

    def area(self, parent: Area | None, code: str, name: str, kind: AreaKind, **values: object) -> Area:
        return Area(
            parent=parent,
            code=code,
            name=name,
            kind=kind,
            path=child_path(parent.path if parent else "", code, parent.code if parent else ""),
            depth=parent.depth + 1 if parent else 0,
            valid_from=self.valid_from,
            **values,
        )

    def telephone(self) -> str:
        self.telephones += 1
        return land_line(self.telephones)

    def page_code(self) -> str:
        while (code := new_short_code(self.rng)) in self.page_codes:
            continue
        self.page_codes.add(code)
        return code


def subdistricts_of(maker: Maker, root: Area, places: list[Place], land: Lattice, size: int) -> list[Area]:
    return [
        maker.area(
            root,
            f"{REGION}{number + 1:03d}",
            places[number * size].subdistrict,
            AreaKind.SUBDISTRICT,
            boundary=land.subdistrict(number),
            telephone=maker.telephone(),
            address=f"青禾县{places[number * size].subdistrict}人民路 {number + 1} 号",
        )
        for number in range(ceil(len(places) / size))
    ]


def community_of(maker: Maker, subdistrict: Area, number: int, place: Place, cell: Cell) -> Community:
    longitude, latitude = cell.middle
    area = maker.area(
        subdistrict,
        f"{subdistrict.code}{number + 1:03d}",
        place.community,
        AreaKind.COMMUNITY,
        boundary=cell.polygon(),
        longitude=longitude,
        latitude=latitude,
        telephone=maker.telephone(),
        supervision_telephone=maker.telephone(),
        address=f"{subdistrict.name}{place.community}党群服务中心",
        page_code=maker.page_code(),
    )
    return Community(area, subdistrict, cell, place.is_urban)


def share_people(people: int, communities: list[Community]) -> None:
    """Divide the people over communities and their grids; every one of them lands somewhere."""
    total, left, weight_left = people, people, sum(community.weight for community in communities)
    for community in communities:
        own = round(left * community.weight / weight_left)
        left, weight_left = left - own, weight_left - community.weight
        community.area.resident_count = own
    assert left == 0, f"{left} of {total} people live nowhere"


def fill(maker: Maker, community: Community, place: Place) -> None:
    """Compounds, grids, buildings and units of one community."""
    people = community.area.resident_count or 0
    count = GRIDS_URBAN if community.is_urban else GRIDS_RURAL
    community.compounds = [
        maker.area(
            community.area, f"{community.area.code}X{number:02d}", name, AreaKind.COMPOUND, address=name
        )
        for number, name in enumerate(place.compounds, 1)
    ]
    for number, cell in enumerate(community.cell.pieces(count, maker.rng)):
        own = people * (number + 1) // count - people * number // count
        community.grids.append(grid_of(maker, community, number, cell, own))
    store_below([*community.compounds, *(grid.area for grid in community.grids)])
    if community.is_urban:
        buildings = [building for grid in community.grids for building in buildings_of(maker, grid)]
        store_below(buildings)
        store_below([unit for building in buildings for unit in units_of(maker, building)])
    community.area.household_count = sum(grid.area.household_count or 0 for grid in community.grids)
    community.area.save(update_fields=["household_count"])


def grid_of(maker: Maker, community: Community, number: int, cell: Cell, people: int) -> Grid:
    longitude, latitude = cell.middle
    compounds = community.compounds
    area = maker.area(
        community.area,
        f"{community.area.code}{number + 1:03d}",
        f"{community.area.name}第{_DIGITS[number + 1]}网格",
        AreaKind.GRID,
        boundary=cell.polygon(),
        longitude=longitude,
        latitude=latitude,
        supervision_telephone=community.area.supervision_telephone,
        page_code=maker.page_code(),
        resident_count=people,
        household_count=round(people / PEOPLE_A_HOUSEHOLD),
    )
    return Grid(
        area, cell, people, compounds[number * len(compounds) // GRIDS_URBAN].name if compounds else ""
    )


def buildings_of(maker: Maker, grid: Grid) -> list[Area]:
    """As many buildings as the grid's people need, in two rows inside its boundary."""
    count = max(1, ceil(grid.people / PEOPLE_A_HOUSEHOLD * 1.12 / HOMES_A_BUILDING))
    first = int(grid.area.code[-3:]) * 20 - 19
    for number in range(count):
        along = 0.12 + 0.76 * (number // 2 + 0.5) / ceil(count / 2)
        longitude, latitude = grid.cell.at(along, 0.3 if number % 2 else 0.7)
        name = f"{grid.compound}{first + number}号楼"
        building = maker.area(
            grid.area,
            f"{grid.area.code}B{number + 1:02d}",
            name,
            AreaKind.BUILDING,
            longitude=longitude,
            latitude=latitude,
            address=name,
        )
        grid.buildings.append(building)
    return grid.buildings


def units_of(maker: Maker, building: Area) -> list[Area]:
    return [
        maker.area(building, f"{building.code}U{number}", f"{number}单元", AreaKind.BUILDING_UNIT)
        for number in range(1, UNITS + 1)
    ]


def store_below(areas: list[Area]) -> None:
    """Store rows whose parents are stored."""
    for area in areas:
        area.parent_id = area.parent.pk if area.parent else None
    Area.objects.bulk_create(areas, batch_size=500)
