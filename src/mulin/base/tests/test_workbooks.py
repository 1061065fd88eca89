import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from mulin.base import spreadsheets, workbooks
from mulin.base.workbooks import read_rows
from mulin.kernel.errors import InvalidInput, LimitReached

TABLE = [["姓名", "电话"], ["王小明", "13800131234"], ["李𠮷", "0537-2234567"]]


@pytest.fixture
def file(tmp_path):
    def write(content, name="table"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def as_csv(separator=","):
    return "".join(separator.join(row) + "\r\n" for row in TABLE)


@pytest.mark.parametrize(
    "content",
    [
        as_csv().encode(),
        as_csv().encode("utf-8-sig"),
        as_csv().encode("gb18030"),
        as_csv().encode("utf-16"),
        as_csv("\t").encode(),
        as_csv("\t").encode("gb18030"),
        as_csv(";").encode(),
        as_csv().replace("\r\n", "\n").encode(),
        spreadsheets.write(TABLE[0], TABLE[1:], "表"),
        spreadsheets.write_csv(TABLE[0], TABLE[1:]),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "tabs", "gb18030 tabs", "semicolons", "lf", "xlsx", "own csv"],
)
def test_a_table_of_any_origin_is_read_alike(file, content):
    assert list(read_rows(file(content))) == TABLE


def workbook(fill):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


def test_cells_read_as_people_see_them(file):
    def fill(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, [42, 3.5, True, "文本", 0.1])
        sheet.write_number(1, 0, 46082, day)
        sheet.write_number(1, 1, 370883199001011234)
        sheet.write_formula(1, 2, "=1+1", None, 2)

    rows = list(read_rows(file(workbook(fill))))
    assert rows[0] == ["42", "3.5", "TRUE", "文本", "0.1"]
    assert rows[1] == ["2026-03-01", "3.70883199001011E+17", "2"]


def test_row_n_of_the_sheet_is_the_nth_that_comes(file):
    def fill(book):
        book.add_worksheet("空的")
        hidden = book.add_worksheet("隐藏")
        hidden.hide()
        hidden.write_string(0, 0, "不该读")
        sheet = book.add_worksheet("名单")
        sheet.write_string(2, 1, "标题")
        sheet.write_string(5, 0, "末行")
        sheet.write_blank(500, 0, None, book.add_format({"bold": True}))

    assert list(read_rows(file(workbook(fill)))) == [[], [], ["", "标题"], [], [], ["末行"]]


def far_cell():
    """A sheet whose one cell lies in the last row and column there are: 550 GB if read as a rectangle."""
    return edited(
        lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"')
    )


def edited(change):
    content = spreadsheets.write(["a", "b"], [["1", "2"]], "表")
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            data = source.read(member)
            target.writestr(member, change(data) if member.filename.endswith("sheet1.xml") else data)
    return out.getvalue()


def zip_bomb():
    return edited(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b" " * 600_000_000))


def plain_zip():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    return out.getvalue()


def entity_bomb():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return edited(lambda xml: xml.replace(b"<worksheet", entities + b"<worksheet", 1))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (far_cell, "打不开|超过"),
        (zip_bomb, "展开后太大"),
        (plain_zip, "不是表格"),
        (lambda: b"PK\x03\x04" + bytes(500), "打不开"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "打不开"),
        (lambda: spreadsheets.write(TABLE[0], TABLE[1:], "表")[:2000], "打不开"),
        (lambda: workbook(lambda book: book.add_worksheet()), "没有内容"),
        (lambda: b"\xff\xd8\xff\xe0 a photo", "不是表格"),
        (lambda: b"<html><table></table></html>", "不是表格"),
        (lambda: b"", "不是表格"),
        (lambda: b"name\n\xff\xfe\xff\xff\x80\n", "第 2 行的文字无法识别"),
        (lambda: b'name\n"' + b"a" * 300_000, "第 2 行附近的引号"),
        (lambda: b",".join([b"a"] * 1000), "超过 512 列"),
    ],
    ids=[
        "far cell",
        "zip bomb",
        "plain zip",
        "broken zip",
        "broken xls",
        "cut off",
        "empty",
        "photo",
        "html",
        "nothing",
        "no known encoding",
        "open quote",
        "too wide",
    ],
)
def test_a_poisoned_table_is_refused_in_words(file, make, words):
    with pytest.raises((InvalidInput, LimitReached), match=words) as caught:
        list(read_rows(file(make())))
    assert caught.value.field == "file"
    assert caught.value.text.en


def test_an_entity_bomb_expands_nothing(file):
    try:
        rows = list(read_rows(file(entity_bomb())))
    except InvalidInput:
        return
    assert rows == [["a", "b"], ["1", "2"]]


def test_too_many_rows_are_refused(file):
    content = spreadsheets.write(["n"], ([number] for number in range(30)), "表")
    for table in (content, b"n\n" * 31):
        with pytest.raises(LimitReached, match="超过"):
            list(read_rows(file(table), rows_max=20))


def test_macros_and_links_are_not_looked_at(file):
    book = openpyxl.Workbook()
    book.active.append(["a", "=cmd|'/c calc'!A0"])
    out = BytesIO()
    book.save(out)
    assert next(iter(read_rows(file(out.getvalue()))))[0] == "a"


cell_texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(
    st.lists(
        st.lists(cell_texts.map(lambda text: f"x{text}"), min_size=2, max_size=2), min_size=1, max_size=5
    )
)
def test_our_own_csv_is_read_back_as_it_was(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "own.csv"
    path.write_bytes(spreadsheets.write_csv(["甲", "乙"], rows))
    assert list(workbooks.read_rows(path))[1:] == rows
