"""Many changes of the tree in any order: whatever happens, nothing is left hanging."""

from __future__ import annotations

from datetime import date

import pytest

from mulin.identity.access import SYSTEM
from mulin.identity.models import Grant
from mulin.kernel.clock import SeededRandomness
from mulin.parts.areas import services
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import LEVEL, AreaKind
from mulin.parts.areas.services import SplitPart

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 5)
STEPS = 25


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_every_path_leads_to_an_area_in_force_below_its_parent(world, seed):
    walk = Walk(world, SeededRandomness(seed))
    for _ in range(STEPS):
        walk.step()
        walk.check()


class Walk:
    """Changes the county at random; keeps in mind, for each grant, in which areas it must still hold."""

    def __init__(self, world, rng):
        self.world, self.rng, self.serial = world, rng, 0
        self.common = {"on": ON, "actor": SYSTEM, "now": world.now}
        self.grants = Grant.objects.filter(area_path__startswith=world.county.path).count()

    def living(self, kind):
        return list(
            Area.objects.filter(kind=kind, valid_to__isnull=True, path__startswith=self.world.county.path)
        )

    def code(self):
        self.serial += 1
        return f"N{self.serial}"

    def step(self):
        self.rng.choice([self.found, self.found, self.move, self.merge, self.split, self.recode])()

    def found(self):
        parent = self.rng.choice(self.living("subdistrict") + self.living("community"))
        kind = "community" if parent.kind == "subdistrict" else "grid"
        services.area_create(
            code=self.code(),
            name="新",
            kind=kind,
            parent=parent,
            valid_from=date(2026, 1, 1),
            actor=SYSTEM,
            now=self.world.now,
        )

    def move(self):
        grids = self.living("grid")
        if grids:
            parent = self.rng.choice(self.living("community"))
            services.area_move(area=self.rng.choice(grids), parent=parent, **self.common)

    def merge(self):
        old = [area for area in self.living("community") if area.valid_from < ON]
        if len(old) > 1:
            area, into = self.rng.sample(old, 2)
            services.area_merge(areas=[area], into=into, **self.common)

    def split(self):
        old = [area for area in self.living("community") if area.valid_from < ON]
        area = self.rng.choice(old)
        children = [child.code for child in Area.objects.filter(parent=area, valid_to__isnull=True)]
        part = SplitPart(self.code(), "分", self.rng.sample(children, len(children) // 2))
        services.area_split(
            area=area, parts=[SplitPart(area.code, area.name), part], rest_to=area.code, **self.common
        )

    def recode(self):
        area = self.rng.choice(self.living("community") + self.living("grid"))
        if area.valid_from < ON:
            services.area_recode(area=area, code=self.code(), **self.common)

    def check(self):
        areas = {area.pk: area for area in Area.objects.all()}
        living = [area for area in areas.values() if area.valid_to is None]
        for area in living:
            if area.parent_id:
                parent = areas[area.parent_id]
                assert parent.valid_to is None
                assert area.path.startswith(parent.path)
                assert area.depth == parent.depth + 1 == area.path.count("/") - 1
                assert LEVEL[AreaKind(area.kind)] > LEVEL[AreaKind(parent.kind)]
        paths = {area.path for area in living}
        grants = list(
            Grant.objects.filter(area_path__startswith=self.world.county.path).values_list(
                "area_path", flat=True
            )
        )
        assert set(grants) <= paths
        assert len(grants) == self.grants
        self.world.partner.refresh_from_db()
        assert self.world.partner.area_path in paths
