"""The section of packs that lists what a partner can be asked for."""

from __future__ import annotations

from collections.abc import Sequence

from mulin.base.packs import Applied, BilingualName, Entry, PackModel, Section, store_rows
from mulin.parts.partners.models import ServiceCategory


class CategoryEntry(PackModel):
    """`- {code: haircut, order: 50, name: {zh: 上门理发, en: Haircuts at home}}`."""

    code: str
    order: int = 0
    name: BilingualName


def apply(entries: Sequence[Entry[CategoryEntry]]) -> Applied:
    """Store the categories; one that no pack names any more stays, since partners may offer it."""
    return store_rows(
        ServiceCategory,
        (
            (
                {"code": entry.value.code},
                {
                    "name_zh": entry.value.name.zh,
                    "name_en": entry.value.name.en,
                    "order": entry.value.order,
                    "pack": entry.pack,
                },
            )
            for entry in entries
        ),
    )


service_categories_section: Section[CategoryEntry] = Section(
    name="service_categories", schema=CategoryEntry, apply=apply, key=lambda entry: entry.code
)
