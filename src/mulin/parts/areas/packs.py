"""Kinds of posts and of bodies, from packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models
from pydantic import Field

from mulin.base.packs import Applied, BilingualName, Entry, PackModel, Section, store_rows
from mulin.parts.areas.models import BodyKind, PostKind
from mulin.parts.areas.rules import AreaKind


class PostKindEntry(PackModel):
    """One entry of `post_kinds.yaml`."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: BilingualName
    level: AreaKind
    required: int = Field(default=0, ge=0, le=100)
    role: str = Field(default="", max_length=40)
    public: bool = False
    order: int = Field(default=0, ge=0, le=1000)


class BodyKindEntry(PackModel):
    """One entry of `body_kinds.yaml`."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: BilingualName
    level: AreaKind
    required: bool = False
    order: int = Field(default=0, ge=0, le=1000)


def apply_post_kinds(entries: Sequence[Entry[PostKindEntry]]) -> Applied:
    return stored(
        PostKind,
        entries,
        lambda kind: {
            "required_count": kind.required,
            "role_code": kind.role,
            "is_public": kind.public,
            "order": kind.order,
        },
    )


def apply_body_kinds(entries: Sequence[Entry[BodyKindEntry]]) -> Applied:
    return stored(BodyKind, entries, lambda kind: {"is_required": kind.required, "level": kind.order})


def stored(
    model: type[models.Model], entries: Sequence[Entry[Any]], own: Callable[[Any], Mapping[str, object]]
) -> Applied:
    """One row an entry: what both sections share, and what each adds."""
    return store_rows(
        model,
        [
            (
                {"code": entry.value.code},
                {
                    "name_zh": entry.value.name.zh,
                    "name_en": entry.value.name.en,
                    "area_kind": entry.value.level.value,
                    "pack": entry.pack,
                    **own(entry.value),
                },
            )
            for entry in entries
        ],
    )


POST_KINDS = Section("post_kinds", PostKindEntry, apply_post_kinds, lambda kind: kind.code)
BODY_KINDS = Section("body_kinds", BodyKindEntry, apply_body_kinds, lambda kind: kind.code)
SECTIONS: tuple[Section[Any], ...] = (POST_KINDS, BODY_KINDS)
