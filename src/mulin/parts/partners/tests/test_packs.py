"""Kinds of service come from packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mulin.base.packs import PackError, load_packs
from mulin.parts.partners.models import ServiceCategory
from mulin.parts.partners.packs import service_categories_section

pytestmark = pytest.mark.django_db


def load(folder: Path, text: str):
    pack = folder / "county"
    pack.mkdir(exist_ok=True)
    (pack / "pack.yaml").write_text(
        "name: {zh: 县, en: County}\nabout: {zh: 试, en: Test}\nneeds: []\n", encoding="utf-8"
    )
    (pack / "service_categories.yaml").write_text(text, encoding="utf-8")
    return load_packs(folder, sections=[service_categories_section]).sections["service_categories"]


def test_a_pack_brings_categories_and_loading_it_again_changes_nothing(tmp_path):
    text = "- {code: haircut, order: 3, name: {zh: 上门理发, en: Haircuts at home}}\n"
    assert load(tmp_path, text).created == ["haircut"]
    assert not load(tmp_path, text).is_change
    assert load(tmp_path, text.replace("上门理发", "理发")).changed == ["haircut"]
    assert ServiceCategory.objects.get(code="haircut").name_zh == "理发"


def test_a_category_without_its_english_name_is_refused_with_its_line(tmp_path):
    with pytest.raises(PackError) as refusal:
        load(tmp_path, "- code: haircut\n  name: {zh: 上门理发}\n")
    assert "service_categories.yaml" in refusal.value.problems[0].text.zh
