"""What tests of this part share: the kinds of the base pack, squares of ground, a few shorthands."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from mulin.base.packs import load_packs
from mulin.identity.access import SYSTEM
from mulin.identity.models import Role, User
from mulin.parts.areas import services
from mulin.parts.areas.models import Area, PostHolding, PostKind
from mulin.parts.areas.packs import SECTIONS

FIRST_DAY = date(2026, 1, 1)
TODAY = date(2026, 3, 5)
YESTERDAY = date(2026, 3, 4)


def load_kinds() -> None:
    """The kinds of post and body of the base pack, as every county gets them, and the roles they bring."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "base")
        copy.mkdir()
        for name in ("pack.yaml", "post_kinds.yaml", "body_kinds.yaml"):
            shutil.copy(Path(settings.MULIN_PACKS, "base", name), copy)
        load_packs(Path(folder), ["base"], sections=SECTIONS)
    for code in PostKind.objects.exclude(role_code="").values_list("role_code", flat=True).distinct():
        Role.objects.get_or_create(code=code, defaults={"name_zh": code, "name_en": code})


def person(name: str, now: Any) -> User:
    return User.objects.create(login_name=name, display_name=f"{name}某", created_at=now)


def create(code: str, name: str, kind: str, parent: Area | None, now: Any, **facts: Any) -> Area:
    return services.area_create(
        code=code,
        name=name,
        kind=kind,
        parent=parent,
        valid_from=FIRST_DAY,
        actor=SYSTEM,
        now=now,
        facts=facts,
    )


def appoint(kind: str, area: Area, holder: User, now: Any, **more: Any) -> PostHolding:
    given = {"valid_from": FIRST_DAY} | more
    return services.post_appoint(
        kind=PostKind.objects.get(code=kind), area=area, holder=holder, actor=SYSTEM, now=now, **given
    )


def square(west: float, south: float, side: float = 0.01) -> dict[str, Any]:
    """A square of ground, `side` degrees wide."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
