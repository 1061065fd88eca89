"""Materialised area paths such as "37/08/83/001/": a row lies below another when its path starts with the other's.

Segments hold only digits and ASCII letters and each ends in "/", so everything below `a` is the one range
`a <= path < a[:-1] + "0"`, because "0" is the character after "/". The empty path is the whole platform.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

PATH_LENGTH = 120
WHOLE = ""


def path_range(path: str) -> tuple[str, str]:
    """The half-open range of all paths at or below `path`.

    >>> path_range("37/08/")
    ('37/08/', '37/080')
    """
    if path == WHOLE:
        return "", "~"
    return path, path[:-1] + "0"


def is_below(path: str, above: str) -> bool:
    """Whether `path` is `above` itself or lies under it."""
    return path.startswith(above)


def within(paths: Iterable[str], field: str = "area_path") -> Q:
    """A filter for rows whose `field` lies below any of `paths`; none given, no row at all."""
    condition = Q(pk__in=[])
    for path in outermost(paths):
        low, high = path_range(path)
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return condition


def outermost(paths: Iterable[str]) -> list[str]:
    """The paths that no other of them contains, so that a filter has no useless arm."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def lineage(path: str) -> list[str]:
    """The path and everything above it, the whole platform first.

    >>> lineage("37/08/")
    ['', '37/', '37/08/']
    """
    segments = path.split("/")[:-1]
    return ["".join(f"{segment}/" for segment in segments[:depth]) for depth in range(len(segments) + 1)]
