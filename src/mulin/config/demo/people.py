"""Residents in their homes, stored grid by grid, so that a million need no more memory than a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from mulin.config.demo.households import Drawer, Member, household
from mulin.config.demo.numbers import Register, land_line, mobile
from mulin.config.demo.places import DOORS, FLOORS, UNITS, Community, County, Grid
from mulin.kernel.clock import SeededRandomness
from mulin.parts.areas.models import Area
from mulin.parts.registry.models import Dwelling, Household, Person, Source
from mulin.parts.registry.services import id_number_index, phone_index

CHUNK = 2_000
LAND_LINES_FROM = 100_000


@dataclass
class Homes:
    """Rows that wait to be stored together."""

    dwellings: list[Dwelling] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def store(self) -> None:
        """Homes before households before people: each needs the key of the one before."""
        Dwelling.objects.bulk_create(self.dwellings, batch_size=500)
        for one in self.households:
            one.dwelling_id = one.dwelling.pk if one.dwelling else None
        Household.objects.bulk_create(self.households, batch_size=500)
        for person in self.people:
            person.household_id = person.household.pk if person.household else None
        Person.objects.bulk_create(self.people, batch_size=500)
        self.dwellings, self.households, self.people = [], [], []


@dataclass
class Settlers:
    """Everything that people are drawn from."""

    source: Source
    today: date
    rng: SeededRandomness
    register: Register = field(default_factory=Register)
    phones: int = 0

    @property
    def drawer(self) -> Drawer:
        return Drawer(self.today, self.rng)

    def person(self, member: Member, home: Household) -> Person:
        number = self.register.next_id(member.birth_date, member.is_male)
        phone = self.phone_of(member)
        return Person(
            name=member.name,
            id_number=number,
            id_number_index=id_number_index(number),
            id_number_tail=number[-4:],
            phone=phone,
            phone_index=phone_index(phone),
            phone_tail=phone[-4:],
            sex="1" if member.is_male else "2",
            birth_date=member.birth_date,
            household=home,
            relation_to_head=member.relation,
            area_path=home.area_path,
            source=self.source,
        )

    def phone_of(self, member: Member) -> str:
        """Children have none, of the old every third has a land line at most."""
        if member.age < 14 or (member.age > 78 and self.rng.random() < 0.35):
            return ""
        self.phones += 1
        if member.age > 70 and self.rng.random() < 0.3:
            return land_line(LAND_LINES_FROM + self.phones)
        return mobile(self.phones)


def settle(
    county: County, *, source: Source, today: date, rng: SeededRandomness, report: Callable[[int, int], None]
) -> None:
    """Fill every grid with its people."""
    settlers, homes = Settlers(source, today, rng), Homes()
    total, done = sum(grid.people for grid in county.grids), 0
    for community in county.communities:
        for grid in community.grids:
            for home in homes_of(settlers, community, grid, homes):
                done += home
                if len(homes.people) >= CHUNK:
                    homes.store()
                    report(done, total)
    homes.store()
    report(total, total)


def homes_of(settlers: Settlers, community: Community, grid: Grid, homes: Homes) -> Iterator[int]:
    """Put households into the grid's homes, one after another, until its people are all housed."""
    left = grid.people
    doors = doors_of(community, grid)
    number = 0
    while left > 0:
        number += 1
        members = household(settlers.drawer)[:left]
        left -= len(members)
        area, unit, room, address = next(doors)
        dwelling = Dwelling(
            area=area, area_path=area.path, unit=unit, room=room, address=address, source=settlers.source
        )
        home = Household(
            dwelling=dwelling,
            area_path=area.path,
            number=f"{grid.area.code[6:]}{number:05d}",
            source=settlers.source,
        )
        homes.dwellings.append(dwelling)
        homes.households.append(home)
        homes.people.extend(settlers.person(member, home) for member in members)
        yield len(members)


def doors_of(community: Community, grid: Grid) -> Iterator[tuple[Area, str, str, str]]:
    """(area, unit, room, address) of one home after another; a few flats stay empty."""
    if not grid.buildings:
        number = 0
        while True:
            number += 1
            yield grid.area, "", f"{number}号", f"{community.area.name}{grid.area.name[-4:]}{number}号"
    while True:
        for building in grid.buildings:
            for unit in range(1, UNITS + 1):
                for floor in range(1, FLOORS + 1):
                    for door in range(1, DOORS + 1):
                        if (unit * 31 + floor * 7 + door * 3) % 13 == 0:
                            continue
                        room = f"{floor}{door:02d}"
                        yield building, f"{unit}单元", room, f"{building.name}{unit}单元{room}室"
