"""Areas named on the command line."""

from __future__ import annotations

from mulin.identity.access import SYSTEM
from mulin.kernel.errors import InvalidInput, NotFound
from mulin.parts.areas.models import Area
from mulin.parts.areas.rules import AreaKind
from mulin.parts.areas.selectors import area_by_code, area_for_page_code, areas_below


def place_of(code: str) -> Area:
    """The area in force with that code. Raises NotFound."""
    area = area_by_code(code)
    if area is None:
        raise NotFound(
            zh=f"没有编码为“{code}”的区域。可先用 mulin areas import 导入区域表。",
            en=f"There is no area with the code “{code}”. mulin areas import brings in a table of areas.",
            code="area-unknown",
        )
    return area


def receiving_place(code: str) -> Area:
    """The place that takes matters in: the one named, else the demo's first community, else the only community."""
    if code:
        return place_of(code)
    from mulin.config.demo import introduction

    demo = introduction()
    found = area_for_page_code(demo.page_code) if demo else None
    if found is not None:
        return found
    communities = list(areas_below(SYSTEM.paths("areas.view"), AreaKind.COMMUNITY)[:2])
    if len(communities) == 1:
        return communities[0]
    raise InvalidInput(
        zh="请用 --area 写明由哪个社区接收，例如 --area 990101001001。",
        en="Say with --area which community takes them, for example --area 990101001001.",
        code="area-missing",
        field="area",
    )


def has_areas() -> bool:
    return areas_below(SYSTEM.paths("areas.view")).exists()
