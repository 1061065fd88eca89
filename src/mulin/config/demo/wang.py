"""Grandmother Wang (王奶奶), 82, who lives alone: the resident as whom a visitor of the demo can sign in."""

from __future__ import annotations

from datetime import date

from mulin.config.demo.numbers import resident_id
from mulin.config.demo.places import County
from mulin.config.demo.staff import Staff
from mulin.parts.registry.models import Dwelling, Household, Person, Source
from mulin.parts.registry.services import id_number_index, phone_index

AGE = 82


def house_wang(county: County, staff: Staff, source: Source, today: date) -> Person:
    """Her flat on the ground floor, her household of one, and the account that is hers."""
    user = staff.demo["wangnainai"]
    grid = county.communities[0].grids[0]
    building = grid.buildings[0]
    dwelling = Dwelling.objects.create(
        area=building,
        area_path=building.path,
        unit="1单元",
        room="101甲",
        address=f"{building.name}1单元101甲室",
        source=source,
    )
    home = Household.objects.create(dwelling=dwelling, area_path=building.path, number="", source=source)
    number = resident_id(date(today.year - AGE, 1, 3), 998)
    return Person.objects.create(
        name="王桂兰",
        id_number=number,
        id_number_index=id_number_index(number),
        id_number_tail=number[-4:],
        phone=user.phone,
        phone_index=phone_index(user.phone),
        phone_tail=user.phone_tail,
        sex="2",
        birth_date=date(today.year - AGE, 1, 3),
        household=home,
        relation_to_head="户主",
        area_path=building.path,
        user=user,
        source=source,
    )
