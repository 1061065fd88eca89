"""Where a partner may say that it serves: a whole subdistrict, or one community."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from mulin.parts.areas.rules import AreaKind
from mulin.parts.areas.selectors import areas_below


def place_groups(paths: Sequence[str]) -> list[dict[str, Any]]:
    """For the area picker: each subdistrict with its communities. One query."""
    groups: list[dict[str, Any]] = []
    rows = areas_below(paths).filter(kind__in=[AreaKind.SUBDISTRICT, AreaKind.COMMUNITY])
    for kind, code, name in rows.values_list("kind", "code", "name"):
        if kind == AreaKind.SUBDISTRICT or not groups:
            groups.append({"label": name, "options": []})
        if kind == AreaKind.SUBDISTRICT:
            groups[-1]["options"].append({"value": code, "label": _("整个%(name)s") % {"name": name}})
        else:
            groups[-1]["options"].append({"value": code, "label": name})
    return groups
