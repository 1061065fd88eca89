"""Who lives together: households as a county has them, from the widow alone to three generations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from mulin.config.demo.names import given_name, surname
from mulin.kernel.clock import SeededRandomness


@dataclass(frozen=True)
class Member:
    """One person before it is stored. `relation` is to the head of the household."""

    name: str
    is_male: bool
    birth_date: date
    age: int
    relation: str


@dataclass
class Drawer:
    """Draws people of an age on `today`."""

    today: date
    rng: SeededRandomness

    def member(self, family: str, age: int, is_male: bool, relation: str) -> Member:
        born = self.today - timedelta(days=round((age + self.rng.random() * 0.98) * 365.2425))
        return Member(family + given_name(self.rng, age, is_male), is_male, born, age, relation)

    def couple(self, low: int, high: int, relations: tuple[str, str] = ("户主", "配偶")) -> list[Member]:
        age = self.rng.randint(low, high)
        husband, wife = surname(self.rng), surname(self.rng)
        return [
            self.member(husband, age, True, relations[0]),
            self.member(wife, max(20, age - self.rng.randint(-1, 4)), False, relations[1]),
        ]

    def children(self, parents: list[Member], count: int) -> list[Member]:
        """Born when their mother was 22 to 36; grown-up ones have left."""
        family, oldest_age = parents[0].name[:-1] if len(parents[0].name) == 2 else parents[0].name[:1], 0
        children = []
        for number in range(count):
            age = parents[1].age - self.rng.randint(23 + number * 3, 29 + number * 4)
            if 0 <= age < 24 and (number == 0 or age < oldest_age):
                oldest_age = age
                is_male = self.rng.random() < 0.52
                children.append(self.member(family, age, is_male, "子" if is_male else "女"))
        return children


def elder_alone(drawer: Drawer) -> list[Member]:
    is_male = drawer.rng.random() < 0.3
    return [
        drawer.member(surname(drawer.rng), min(99, round(drawer.rng.triangular(64, 97, 76))), is_male, "户主")
    ]


def elder_couple(drawer: Drawer) -> list[Member]:
    return drawer.couple(62, 86)


def single(drawer: Drawer) -> list[Member]:
    return [
        drawer.member(surname(drawer.rng), drawer.rng.randint(22, 58), drawer.rng.random() < 0.55, "户主")
    ]


def couple(drawer: Drawer) -> list[Member]:
    return drawer.couple(26, 61)


def family(drawer: Drawer) -> list[Member]:
    parents = drawer.couple(27, 52)
    return parents + drawer.children(parents, drawer.rng.choice((1, 1, 1, 2, 2, 3)))


def three_generations(drawer: Drawer) -> list[Member]:
    parents = drawer.couple(30, 46)
    elders = drawer.couple(parents[0].age + 23, parents[0].age + 29, ("父亲", "母亲"))
    if drawer.rng.random() < 0.4:
        elders = elders[1:]
    return parents + elders + drawer.children(parents, drawer.rng.choice((1, 2, 2)))


_KINDS: dict[Callable[[Drawer], list[Member]], float] = {
    elder_alone: 0.10,
    elder_couple: 0.15,
    single: 0.10,
    couple: 0.14,
    family: 0.36,
    three_generations: 0.15,
}


def household(drawer: Drawer) -> list[Member]:
    """One household, the head first."""
    kind = drawer.rng.choices(list(_KINDS), list(_KINDS.values()))[0]
    return kind(drawer)
