"""Kinds of areas and of changes to them."""

from __future__ import annotations

from enum import StrEnum


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


def segment(code: str, parent_code: str) -> str:
    """What a code adds to its parent's: one step of the materialised path.

    >>> segment("370883001", "370883"), segment("B12", "370883001002001")
    ('001', 'B12')
    """
    own = code[len(parent_code) :] if parent_code and code.startswith(parent_code) else code
    return "".join(character for character in own if character.isascii() and character.isalnum()) or code


def child_path(parent_path: str, code: str, parent_code: str) -> str:
    """The path of an area below `parent_path`.

    >>> child_path("37/08/83/", "370883001", "370883")
    '37/08/83/001/'
    """
    return f"{parent_path}{segment(code, parent_code)}/"
