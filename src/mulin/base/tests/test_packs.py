from datetime import date
from typing import Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mulin.base import located_yaml, packs
from mulin.base.models import DatedSetting
from mulin.base.pack_sections import calendar_section, settings_section
from mulin.base.packs import Applied, BilingualName, PackError, PackModel, Section, check_packs, load_packs
from mulin.kernel.errors import InvalidInput, Text

pytestmark = pytest.mark.django_db
SECTIONS = [settings_section, calendar_section]
GOOD = """
- key: requests.confirm_days
  value: 7
  unit: days
  valid_from: 2026-01-01
  source: 规程第九条
"""


class KindEntry(PackModel):
    code: str
    name: BilingualName
    home: Literal["resident", "workbench"] = "resident"
    count: int = 0


class Shelf:
    """A section that keeps what it was given."""

    def __init__(self):
        self.entries = []
        self.section = Section("kinds", KindEntry, self.apply, key=lambda kind: kind.code)

    def apply(self, entries):
        self.entries = list(entries)
        return Applied(created=[entry.value.code for entry in entries])


@pytest.fixture
def write(tmp_path):
    def write_file(place, text):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return write_file


def problems_of(directory, sections=SECTIONS):
    with pytest.raises(PackError) as caught:
        load_packs(directory, sections=sections)
    return [(problem.text.zh, problem.text.en) for problem in caught.value.problems]


def test_a_setting_from_a_pack_holds(write):
    report = load_packs(write("base/settings.yaml", GOOD), sections=SECTIONS)
    row = DatedSetting.objects.get()
    assert (row.key, row.value, row.valid_from, row.pack) == (
        "requests.confirm_days",
        7,
        date(2026, 1, 1),
        "base",
    )
    assert report.packs == ["base"]
    assert report.sections["settings"].created == ["requests.confirm_days 2026-01-01"]


def test_loading_again_changes_nothing_and_says_so(write):
    directory = write("base/settings.yaml", GOOD)
    load_packs(directory, sections=SECTIONS)
    again = load_packs(directory, sections=SECTIONS)
    assert not again.is_change
    assert again.sections["settings"].unchanged == 1


def test_a_changed_value_is_reported(write):
    load_packs(write("base/settings.yaml", GOOD), sections=SECTIONS)
    report = load_packs(write("base/settings.yaml", GOOD.replace("7", "5")), sections=SECTIONS)
    assert report.sections["settings"].changed == ["requests.confirm_days 2026-01-01"]
    assert DatedSetting.objects.get().value == 5


def test_an_unknown_key_is_named_with_file_and_line_in_both_languages(write):
    found = problems_of(write("base/settings.yaml", GOOD.replace("unit:", "unti:")))
    assert found == [
        (
            "base/settings.yaml 第 4 行：不认识的项目“unti”。可用：key, value, unit, area, valid_from, valid_to, source, note。",
            (
                "base/settings.yaml:4: “unti” is not known here. "
                "Known: key, value, unit, area, valid_from, valid_to, source, note."
            ),
        )
    ]


def test_a_missing_key_is_named_at_its_entry(write):
    found = problems_of(write("base/settings.yaml", GOOD + GOOD.replace("  source: 规程第九条\n", "")))
    assert any(
        "第 8 行：缺少“source”" in zh and "settings.yaml:8: “source” is missing" in en for zh, en in found
    )


def test_all_problems_are_told_at_once_and_nothing_is_stored(write):
    write("base/settings.yaml", GOOD + "- key: x\n")
    directory = write("county/calendar.yaml", "- year: abc\n  source: s\n")
    found = problems_of(directory)
    assert len(found) >= 3
    assert not DatedSetting.objects.exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- code: a\n  name: {zh: 甲, en: A}\n  home: other\n", 3, "应为其中之一：'resident'、'workbench'"),
        ("- code: 370883\n  name: {zh: 甲, en: A}\n", 1, "请加引号"),
        ("- code: a\n  name: {zh: 甲}\n", 2, "缺少“name.en”"),
        ("- code: a\n  name: {zh: 甲, en: A}\n  count: 三\n", 3, "应为一个整数"),
        ("- code: a\n  code: b\n", 2, "写了两次"),
        ("- code: a\n name: x\n", 2, "文件格式有误"),
        ("- &x a\n- *x\n", 2, "不能使用引用"),
        ("- code: 2026-02-30\n", 1, "不是有效的值"),
        ("- code: \x07\n", 1, "控制字符"),
        ("- just text\n", 1, "几个“名称: 值”"),
        ("- ? [a]\n  : b\n", 1, "项目名应是一个词"),
        ("- code: !!python/object:os.system x\n", 1, "文件格式有误"),
        (
            "- code: a\n  name: {zh: 甲, en: A}\n- code: a\n  name: {zh: 乙, en: B}\n",
            3,
            "base/kinds.yaml 第 1 行已经写过",
        ),
    ],
)
def test_each_mistake_is_told_at_its_line(write, text, line, words):
    found = problems_of(write("base/kinds.yaml", text), [Shelf().section])
    assert any(f"base/kinds.yaml 第 {line} 行：" in zh and words in zh for zh, _ in found), found
    assert any(f"base/kinds.yaml:{line}: " in en for _, en in found)


def test_a_file_that_is_not_utf_8_is_told_at_its_line(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "kinds.yaml").write_bytes("- code: a\n  name: 网格".encode("gb18030"))
    assert "第 2 行：文件不是 UTF-8" in problems_of(tmp_path, [Shelf().section])[0][0]


def test_a_file_that_belongs_to_no_section_is_an_error(write):
    assert "没有名为“rolls”的配置项" in problems_of(write("base/rolls.yaml", "[]"))[0][0]


def test_a_folder_holds_one_entry_or_several_a_file(write):
    shelf = Shelf()
    write("base/kinds/one.yaml", "code: one\nname: {zh: 一, en: One}\n")
    directory = write("base/kinds/two.yaml", "- code: two\n  name: {zh: 二, en: Two}\n")
    load_packs(directory, sections=[shelf.section])
    assert [entry.value.code for entry in shelf.entries] == ["one", "two"]


def test_a_later_pack_replaces_what_an_earlier_one_says(write):
    shelf = Shelf()
    write("base/kinds.yaml", "- code: a\n  name: {zh: 甲, en: A}\n")
    directory = write("county/kinds.yaml", "- code: a\n  name: {zh: 甲县, en: A county}\n")
    load_packs(directory, ["county"], sections=[shelf.section])
    assert [(entry.value.name.zh, entry.pack) for entry in shelf.entries] == [("甲县", "county")]


def test_a_pack_brings_the_packs_it_needs(write):
    write("base/settings.yaml", GOOD)
    write("shared/settings.yaml", "[]")
    directory = write("county/pack.yaml", "needs: [shared]\n")
    assert check_packs(directory, ["county"], sections=SECTIONS) == ["base", "shared", "county"]
    assert not DatedSetting.objects.exists()


def test_an_unknown_pack_is_named_with_those_there_are(write):
    directory = write("base/settings.yaml", GOOD)
    with pytest.raises(InvalidInput, match="没有找到配置包“qinghe”。现有：base"):
        load_packs(directory, ["qinghe"], sections=SECTIONS)


@pytest.mark.parametrize("name", ["../base", ".", ".git", "/etc"])
def test_a_pack_name_is_no_way_out_of_the_folder(write, name):
    directory = write("base/settings.yaml", GOOD)
    with pytest.raises(InvalidInput):
        load_packs(directory, [name], sections=SECTIONS)


def test_an_error_while_applying_undoes_everything(write):
    def refuse(entries):
        raise PackError(problems=[entries[0].problem(Text(zh="没有这个角色。", en="No such role."), "home")])

    kinds = Section("kinds", KindEntry, refuse, key=lambda kind: kind.code)
    write("base/settings.yaml", GOOD)
    directory = write("base/kinds.yaml", "- code: a\n  name: {zh: 甲, en: A}\n  home: workbench\n")
    assert problems_of(directory, [settings_section, kinds]) == [
        ("base/kinds.yaml 第 3 行：没有这个角色。", "base/kinds.yaml:3: No such role.")
    ]
    assert not DatedSetting.objects.exists()


def test_a_calendar_entry_must_lie_in_its_year(write):
    text = "- year: 2027\n  holidays: [2026-10-01]\n  source: 国办通知\n"
    assert "第 1 行：2026-10-01 不在 2027 年" in problems_of(write("base/calendar.yaml", text))[0][0]


def test_registered_sections_are_used_by_default(write, monkeypatch):
    monkeypatch.setattr(packs, "_sections", {})
    shelf = Shelf()
    packs.register(shelf.section)
    load_packs(write("base/kinds.yaml", "- code: a\n  name: {zh: 甲, en: A}\n"))
    assert len(shelf.entries) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("0101", "0101"),
        ("12:30", "12:30"),
        ("true", True),
        ("7", 7),
        ("1e3", "1e3"),
        ("0.50", 0.5),
        ("~", None),
        ("2026-03-01", date(2026, 3, 1)),
        ("'7'", "7"),
    ],
)
def test_plain_words_mean_what_a_person_reads(text, value):
    assert located_yaml.read(f"key: {text}").data == {"key": value}


simple = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(alphabet="abc 中文:#-'\"", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc中", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(simple)
def test_what_yaml_writes_is_read_back(data):
    assert located_yaml.read(yaml.safe_dump(data, allow_unicode=True)).data == data
