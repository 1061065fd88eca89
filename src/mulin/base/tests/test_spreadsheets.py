import csv
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulin.base import spreadsheets

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", ";=1", "|=1", "%=1", "＝1+1", "＋1", "－1", "＠A1",
    "\ufeff=1", "\u00a0=1", "\u200b=1", "\u3000=1", "  =1", "\u202e=1", "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://x","y")', "=IMPORTXML(1)", "{=1}"[1:],
]  # fmt: skip
COLUMNS = ["姓名", "身份证号"]


def cells_of(content):
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_xlsx(text):
    content = spreadsheets.write([text], [[text]], "表")
    ((value, kind),) = cells_of(content)[0]
    assert kind == "s"
    assert value.replace("_x000D_", "\r").strip() == text.strip()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_csv(text):
    content = spreadsheets.write_csv([text], [[text]]).decode("utf-8-sig")
    for row in csv.reader(StringIO(content, newline="")):
        assert row == [f"'{text}"]
    assert content.count('"') >= 4, "every field is quoted, so that no other separator opens one"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_guard_is_taken_off_again(text):
    assert spreadsheets.unguarded(spreadsheets.guarded(text)) == (
        spreadsheets.unguarded(text) if text.startswith("'") else text
    )


def test_long_numbers_keep_every_digit():
    rows = [["110101199001011234", 110101199001011234], ["013800131234", 42], ["1E5", Decimal("1.50")]]
    content = spreadsheets.write(COLUMNS, rows, "表")
    assert cells_of(content) == [
        [("110101199001011234", "s"), ("110101199001011234", "s")],
        [("013800131234", "s"), (42, "n")],
        [("1E5", "s"), (1.5, "n")],
    ]


def test_dates_moments_and_nothing_read_as_people_write_them():
    row = [date(2026, 3, 1), datetime(2026, 2, 28, 16, 30, tzinfo=UTC), None, True, float("nan")]
    content = spreadsheets.write(list("abcde"), [row], "表")
    assert [value for value, _ in cells_of(content)[0]] == [
        "2026-03-01",
        "2026-03-01 00:30",
        None,
        "是",
        "nan",
    ]


def test_rare_characters_and_over_long_texts_survive():
    content = spreadsheets.write(["𠮷"], [["𠮷\u202e👵🏻"], ["长" * 40_000], ["a\x01b"]], "a/b:c" * 20)
    rows = cells_of(content)
    assert rows[0][0][0] == "𠮷\u202e👵🏻"
    assert len(rows[1][0][0]) == 32_767


def test_rows_are_taken_one_by_one():
    taken = []

    def rows():
        for number in range(3000):
            taken.append(number)
            yield [number]

    lines = spreadsheets.csv_lines(["n"], rows())
    next(lines)
    next(lines)
    assert len(taken) == 1
