"""Files of every make: what is understood is told, what cannot be is refused in words."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pytest
import xlsxwriter

from canteen.readmodels.file_checks.checked import FileCheck
from canteen.readmodels.file_checks.cleaning import clean
from canteen.tables.apart import read_apart, read_here
from canteen.tables.errors import WHY, FileRefused
from canteen.tables.kinds import ImportKind
from canteen.web.language import LANGUAGES, catalogue
from tests.canteen.imports.files import csv_bytes, id_number, xlsx_bytes

HEADER = ("姓名", "身份证号", "出生日期", "电话", "餐卡号")
RARE = ("𬭊䶮堃", "", "1944-03-12", "19900000001", "0012345")


def _read(data: bytes) -> FileCheck:
    return clean(read_here(data), ImportKind.RESIDENTS)


def _one(cell: object, column: str, *, workbook: bool = False) -> FileCheck:
    rows = [("姓名", "社区", column), ("张三", "龙城", cell)]
    return _read(xlsx_bytes(rows) if workbook else csv_bytes([[str(c) for c in row] for row in rows]))


@pytest.mark.parametrize(
    "encoding, note",
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("gb18030", "GB18030")],
)
def test_encodings_are_told_apart(encoding: str, note: str | None) -> None:
    """Rare characters among them; what is unusual is told."""
    check = _read(csv_bytes([HEADER, RARE], encoding=encoding))

    assert check.rows[0].values["name"] == "𬭊䶮堃"
    assert check.rows[0].values["card"] == "0012345"
    assert [n.facts["encoding"] for n in check.notes if n.key == "encoding"] == ([note] if note else [])


def test_gbk_of_an_old_excel_is_understood() -> None:
    """What WPS and Excel save as plain CSV."""
    assert _read(csv_bytes([HEADER, ("张三", *RARE[1:])], encoding="gbk")).rows[0].values["name"] == "张三"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_understood_and_told(separator: str) -> None:
    """As lists from elsewhere have them."""
    check = _read(csv_bytes([HEADER, RARE], separator=separator))

    assert check.rows[0].values["born"] == "1944-03-12"
    assert "separator" in [note.key for note in check.notes]


def test_titles_blank_lines_and_headers_in_english() -> None:
    """A title above, empty lines between; both languages in one header."""
    rows = [
        ("龙城社区名单", "", ""),
        (),
        ("Name", "出生日期", "card number"),
        ("", "", ""),
        ("张三", "1944-03-12", "22001"),
    ]

    check = _read(csv_bytes(rows))

    assert [row.line for row in check.rows] == [5]
    assert check.rows[0].values == {"name": "张三", "born": "1944-03-12", "card": "22001"}


def test_a_renamed_column_is_suggested_and_a_missing_one_named() -> None:
    """Nothing is guessed."""
    check = _read(csv_bytes([("姓 名", "出生年月", "备注"), ("张三", "1944-03-12", "x")]))
    missing = clean(read_here(csv_bytes([("菜名", "价格"), ("豆腐", "6")])), ImportKind.DISHES)

    assert [(f.letter, f.title, f.key, f.facts.get("zh")) for f in check.faults] == [
        ("B", "出生年月", "column-renamed", "出生日期")
    ]
    assert [note.facts for note in check.notes if note.key == "column-ignored"] == [{"title": "备注", "letter": "C"}]
    assert [(f.key, f.facts["zh"]) for f in missing.faults] == [("column-missing", "种类")]


def test_a_column_that_stands_twice_is_refused() -> None:
    """Which one is meant?"""
    check = _read(csv_bytes([("姓名", "电话", "手机"), ("张三", "1", "2")]))

    assert [f.key for f in check.faults] == ["column-twice"]


@pytest.mark.parametrize(
    "cell",
    [
        "1948-03-12",
        "1948/3/12",
        "1948.3.12",
        "1948年3月12日",
        "19480312",
        "１９４８－０３－１２",
        "17604",
        "1948-03-12 00:00:00",
    ],
)
def test_dates_of_every_habit(cell: str) -> None:
    """Excel's count of days among them."""
    assert _one(cell, "出生日期").rows[0].values["born"] == "1948-03-12"


@pytest.mark.parametrize("cell", [date(1948, 3, 12), 17604, 19480312])
def test_dates_in_cells_of_a_workbook(cell: object) -> None:
    """Real dates and numbers."""
    assert _one(cell, "出生日期", workbook=True).rows[0].values["born"] == "1948-03-12"


@pytest.mark.parametrize(
    "cell, key",
    [("12/3/1948", "date-order"), ("48.3.12", "date-order"), ("1948-02-30", "no-such-day"), ("去年", "date")],
)
def test_what_is_no_date_says_why(cell: str, key: str) -> None:
    """Three different things to do."""
    assert [f.key for f in _one(cell, "出生日期").faults] == [key]


@pytest.mark.parametrize(
    "cell, column, workbook, key",
    [
        ("1.10101E+17", "身份证号", False, "id-lost"),
        (110101194403120025, "身份证号", True, "id-lost"),
        ("110101440312002", "身份证号", False, "id-old"),
        (6222000000000082, "餐卡号", True, "card-lost"),
        (22001, "餐卡号", True, "card-number"),
        ("6.222E+15", "餐卡号", False, "card-lost"),
        ("43262481234", "电话", False, "phone-zero"),
        ("12", "电话", False, "phone"),
        ("=1+1", "住址", False, "formula"),
    ],
)
def test_numbers_a_spreadsheet_has_spoilt(cell: object, column: str, workbook: bool, key: str) -> None:
    """What is lost is said to be lost."""
    check = _one(cell, column, workbook=workbook)

    assert [(f.line, f.key) for f in check.faults] == [(2, key)]
    assert check.faults[0].letter


def test_full_width_digits_and_guards_are_read_through() -> None:
    """１９９… and the tab or apostrophe of our own exports."""
    check = _read(csv_bytes([HEADER, ("'=张", f"\t{id_number(2)}", "", "１９９０００００００１", "\t0012345")]))

    assert check.faults == []
    assert check.rows[0].values == {
        "name": "=张",
        "national_id": id_number(2),
        "phone": "19900000001",
        "card": "0012345",
    }


def test_lines_with_too_many_cells_are_named() -> None:
    """A comma in an address without quotes."""
    data = "姓名,住址,电话\n张三,龙城,3号楼,19900000001\n".encode()

    assert [(f.line, f.key) for f in _read(data).faults] == [(2, "too-many-cells")]


def test_examples_and_repeated_headers_are_left_out() -> None:
    """Lists are put together by hand."""
    check = _read(csv_bytes([HEADER, ("示例：张玉兰", "", "", "", ""), RARE, HEADER, ("李四", *RARE[1:])]))

    assert [row.line for row in check.rows] == [3, 5]


def _workbook(**sheets: Sequence[tuple[str, ...]]) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    workbook.close()
    return out.getvalue()


def test_the_sheet_with_the_list_is_found() -> None:
    """Others are told; two lists are refused."""
    rows = [("姓名", "出生日期"), ("张三", "1944-03-12")]

    check = _read(_workbook(说明=[("怎么填",)], 名单=rows))
    with pytest.raises(FileRefused) as refused:
        _read(_workbook(一=rows, 二=rows))

    assert check.rows[0].values["name"] == "张三"
    assert {note.key for note in check.notes} >= {"sheet", "other-sheet"}
    assert refused.value.why == "two-sheets"


def test_merged_cells_and_formulas_are_named_by_their_place() -> None:
    """Below the header; a merged title above it harms nobody."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    sheet = workbook.add_worksheet()
    sheet.merge_range(0, 0, 0, 2, "龙城社区名单")
    sheet.write_row(1, 0, ["姓名", "出生日期", "社区"])
    sheet.write_row(2, 0, ["张三", "1944-03-12"])
    sheet.write_row(3, 0, ["李四", "1944-03-13"])
    sheet.merge_range(2, 2, 3, 2, "龙城")
    sheet.write_formula(3, 1, "=B3+1", None, "1944-03-13")
    workbook.close()

    faults = _read(out.getvalue()).faults

    assert [(f.line, f.letter, f.title, f.key) for f in faults] == [
        (4, "B", "出生日期", "formula-cell"),
        (3, "C", "社区", "merged"),
    ]


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/"), data)
    return out.getvalue()


_FAR = b'<worksheet><sheetData><row r="1"><c r="XFD1" t="n"><v>1</v></c></row></sheetData></worksheet>'
_DEEP = b'<worksheet><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "empty"),
        ("姓名,电话\n".encode(), "empty"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old-excel"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (_zip(**{"xl__workbook.xml": b"x", "xl__vbaProject.bin": b"x"}), "macros"),
        (_zip(**{"xl__workbook.bin": b"x"}), "binary-excel"),
        (_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "open-document"),
        (_zip(**{"word__document.xml": b"x"}), "not-a-table"),
        (_zip(**{"xl__workbook.xml": b"x", "xl__worksheets__sheet1.xml": _FAR}), "too-many-columns"),
        (_zip(**{"xl__workbook.xml": b"x", "xl__worksheets__sheet1.xml": _DEEP}), "too-many-rows"),
        (_zip(**{"xl__workbook.xml": b"x", "xl__worksheets__sheet1.xml": b" " * 210_000_000}), "unpacks-too-large"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"%PDF-1.7", "not-a-table"),
        (b"<html><table></table></html>", "html"),
        ("姓名，电话，社区\n张三，1，2".encode(), "full-width-comma"),
        ('姓名,电话\n"张三,1\n'.encode(), "quotes"),
        (b"nom,pr\xe9nom\xff\n", "encoding"),
        (b"a,b\n1,2\n", "no-header"),
        ("姓名,电话\n".encode() + b"," * 300 + b"x\n", "too-many-columns"),
        ("姓名,电话\n".encode() + b"x" * 3_000 + b",1\n", "cell-too-long"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, why: str) -> None:
    """Each with a sentence of its own in both languages."""
    with pytest.raises(FileRefused) as refused:
        clean(read_apart(data) if len(data) > 100_000 or not data else read_here(data), ImportKind.RESIDENTS)

    assert refused.value.why == why


def test_every_reason_has_its_sentence() -> None:
    """In both languages."""
    for language in LANGUAGES:
        assert {f"tables.file.{why}" for why in WHY} <= catalogue(language).keys()


def test_formatted_but_empty_columns_are_no_columns() -> None:
    """Excel writes a style for a whole row when somebody colours it."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "出生日期"])
    sheet.write_row(1, 0, ["张三", "1944-03-12"])
    sheet.write_blank(1, 16_000, None, workbook.add_format({"bold": True}))
    workbook.close()

    assert len(_read(out.getvalue()).rows) == 1


def test_fifty_thousand_lines_are_read() -> None:
    """Apart from the server, and no more than that."""
    rows = [HEADER, *((f"新人{n}", "", "1944-03-12", "", f"{n:07d}") for n in range(50_000))]
    found = read_apart(csv_bytes(rows))
    with pytest.raises(FileRefused) as refused:
        read_here(csv_bytes([*rows, *[rows[-1]] * 50]))

    assert len(found[0].rows) == 50_001
    assert refused.value.why == "too-many-rows"
