"""Where a place lies: boundaries one by one or from a GeoJSON file, always stored in WGS-84 and always checked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from mulin.base.paths import within
from mulin.identity import audit
from mulin.identity.access import Actor
from mulin.kernel.errors import InvalidInput, Text
from mulin.kernel.geometry import AreaIndex, Crs, convert
from mulin.parts.areas.models import Area
from mulin.parts.areas.services.paths import hold_tree

# Names of properties under which files give an area's code, and its name.
CODE_PROPERTIES = ("code", "编码", "网格编码", "网格编号", "区域编码", "adcode", "gb", "id")
NAME_PROPERTIES = ("name", "名称", "网格名称", "区域名称")
LONGEST_FILE_BYTES = 64 * 1024 * 1024
# Of the ground of a boundary, how much may differ between a careless line and the same line drawn properly.
MOST_GROUND_CHANGED = 0.001


@dataclass(slots=True)
class BoundaryReport:
    """What became of a file of boundaries; `rejected` names each feature that was not taken, and why.

    `mended` counts those, among the stored and unchanged, whose line touched itself and was drawn anew.
    """

    stored: int = 0
    mended: int = 0
    unchanged: int = 0
    rejected: list[tuple[str, Text]] = field(default_factory=list)


@transaction.atomic
def boundary_set(
    *, area: Area, geometry: Mapping[str, Any] | None, crs: Crs = Crs.WGS84, actor: Actor, now: datetime
) -> Area:
    """Store (or with None remove) a boundary: a GeoJSON geometry or feature. Raises InvalidInput `boundary-invalid`."""
    hold_tree()
    area.boundary = None if geometry is None else stored_form(geometry, crs, area.name)[0]
    area.save(update_fields=["boundary"])
    audit.record(
        actor=actor,
        act="areas.boundary_set",
        about=f"areas.area:{area.public_id}",
        area_path=area.path,
        now=now,
    )
    return area


@transaction.atomic
def boundaries_import(
    *,
    content: bytes,
    crs: Crs = Crs.WGS84,
    kinds: Sequence[str] = (),
    within_paths: Sequence[str] = ("",),
    actor: Actor,
    now: datetime,
) -> BoundaryReport:
    """Take boundaries from a GeoJSON FeatureCollection, each matched by its code or else by its name.

    Only areas in force below `within_paths` (and of `kinds`, when given) are looked at. Bad features are reported one
    by one. Raises InvalidInput when the file is no GeoJSON.
    """
    hold_tree()
    features = features_of(content)
    areas = Area.objects.filter(within(within_paths, "path"), valid_to__isnull=True)
    by_code, by_name = known(areas.filter(kind__in=kinds) if kinds else areas, features)
    report = BoundaryReport()
    changed: dict[int, Area] = {}
    for number, feature in enumerate(features, 1):
        label = label_of(feature, number)
        try:
            area = match(feature, by_code, by_name)
            boundary, was_mended = stored_form(feature, crs, label)
            if area.pk in changed:
                raise InvalidInput(
                    zh="文件里有两块边界对应同一个区域。", en="Two features of the file are the same area."
                )
        except InvalidInput as error:
            report.rejected.append((label, error.text))
            continue
        report.mended += was_mended
        if area.boundary == boundary:
            report.unchanged += 1
        else:
            area.boundary = boundary
            changed[area.pk] = area
    Area.objects.bulk_update(changed.values(), ["boundary"], batch_size=200)
    report.stored = len(changed)
    data: dict[str, object] = {"stored": report.stored, "rejected": len(report.rejected)}
    audit.record(actor=actor, act="areas.boundaries_import", data=data, now=now)
    return report


def features_of(content: bytes) -> list[Mapping[str, Any]]:
    """The features of a file, with or without a byte order mark."""
    if len(content) > LONGEST_FILE_BYTES:
        raise InvalidInput(
            zh="文件太大，请按街道分成几个再导入。",
            en="The file is too large; please divide it by subdistrict.",
            code="geojson-large",
            field="file",
        )
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        data = None
    features = data.get("features") if isinstance(data, dict) else None
    if isinstance(data, dict) and data.get("type") == "Feature":
        features = [data]
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise InvalidInput(
            zh="这不是 GeoJSON 文件。请在绘图软件里另存为 GeoJSON（FeatureCollection，UTF-8 编码）。",
            en="This is no GeoJSON file. Save it from your drawing tool as GeoJSON (a FeatureCollection in UTF-8).",
            code="geojson-invalid",
            field="file",
        )
    return features


def properties_of(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties")
    found = (
        {str(key).lower(): str(value).strip() for key, value in properties.items()}
        if isinstance(properties, dict)
        else {}
    )
    if "id" not in found and isinstance(feature.get("id"), str | int):
        found["id"] = str(feature["id"])
    return found


def first_of(properties: Mapping[str, str], names: Sequence[str]) -> str:
    return next((properties[name] for name in names if properties.get(name)), "")


def label_of(feature: Mapping[str, Any], number: int) -> str:
    properties = properties_of(feature)
    parts = [first_of(properties, NAME_PROPERTIES), first_of(properties, CODE_PROPERTIES)]
    return " ".join(part for part in parts if part)[:80] or f"#{number}"


def known(areas: Any, features: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Area], dict[str, list[Area]]]:
    """The areas that the features may mean, by code and by name."""
    properties = [properties_of(feature) for feature in features]
    codes = {properties[name] for properties in properties for name in CODE_PROPERTIES if name in properties}
    names = {first_of(found, NAME_PROPERTIES) for found in properties}
    by_code: dict[str, Area] = {}
    by_name: dict[str, list[Area]] = {}
    for area in areas.iterator(chunk_size=2000):
        if area.code in codes:
            by_code[area.code] = area
        if area.name in names:
            by_name.setdefault(area.name, []).append(area)
    return by_code, by_name


def match(feature: Mapping[str, Any], by_code: Mapping[str, Area], by_name: Mapping[str, list[Area]]) -> Area:
    properties = properties_of(feature)
    for name in CODE_PROPERTIES:
        if properties.get(name) in by_code:
            return by_code[properties[name]]
    same_name = by_name.get(first_of(properties, NAME_PROPERTIES), [])
    if len(same_name) == 1:
        return same_name[0]
    if same_name:
        raise InvalidInput(
            zh=f"有 {len(same_name)} 个区域叫这个名字，请在属性 code 里写明编码。",
            en=f"{len(same_name)} areas bear this name; give the code in the property “code”.",
            code="boundary-ambiguous",
        )
    raise InvalidInput(
        zh="没有对应的区域：编码和名称都没找到，或不在您管理的范围里。",
        en="No area fits: neither code nor name is known, or it lies outside what you manage.",
        code="boundary-unmatched",
    )


def stored_form(geometry: Mapping[str, Any], crs: Crs, label: str) -> tuple[dict[str, Any], bool]:
    """A checked geometry in WGS-84, to the seventh decimal (a centimetre), and whether it had to be mended."""
    if geometry.get("type") == "Feature":
        geometry = geometry.get("geometry") or {}
    was_mended = False
    try:
        AreaIndex({label: geometry})
    except InvalidInput:
        better = mended(geometry)
        if better is None:
            raise
        geometry, was_mended = better, True
    return {"type": geometry["type"], "coordinates": converted(geometry["coordinates"], crs)}, was_mended


def mended(geometry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same ground drawn properly, where a line merely touches itself; None where it is not clear what was meant.

    Drawing tools leave such lines behind often. A line that crosses itself for real changes the ground when it is
    drawn anew (a figure of eight has no area by its own count), and is left to people.
    """
    import shapely
    from shapely.geometry import mapping, shape

    try:
        drawn = shape(dict(geometry))
        if drawn.geom_type not in {"Polygon", "MultiPolygon"}:
            return None
        better = polygons_of(shapely.make_valid(drawn))
        if better is None or abs(better.area - drawn.area) > MOST_GROUND_CHANGED * better.area:
            return None
        result = json.loads(json.dumps(mapping(better)))
        AreaIndex({"": result})
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError, InvalidInput):
        # Too broken to be read at all: the first refusal says why.
        return None
    return dict(result)


def polygons_of(shape: Any) -> Any:
    """The parts of a shape that have ground, as one."""
    import shapely

    parts = [
        part for part in getattr(shape, "geoms", [shape]) if part.geom_type in {"Polygon", "MultiPolygon"}
    ]
    return shapely.union_all(parts) if parts else None


def converted(coordinates: Any, crs: Crs) -> Any:
    if isinstance(coordinates[0], list | tuple):
        return [converted(part, crs) for part in coordinates]
    longitude, latitude = convert(float(coordinates[0]), float(coordinates[1]), crs, Crs.WGS84)
    return [round(longitude, 7), round(latitude, 7)]
