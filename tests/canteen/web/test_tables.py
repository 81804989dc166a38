"""Tables to take away: the same rows as CSV and as XLSX."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from canteen.web.tables import TableColumn, TableKind, table_answer, table_bytes
from subsidies.money import Money

COLUMNS = (
    TableColumn("姓名"),
    TableColumn("餐卡号", "digits"),
    TableColumn("应付", "money"),
    TableColumn("日期", "day"),
    TableColumn("取餐时间", "instant"),
)
ROW = (
    "𬭊䶮堃",
    "0022000000000082",
    Money(650),
    date(2026, 11, 23),
    datetime(2026, 11, 23, 3, 42, tzinfo=UTC),
)


def _csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _xlsx_rows(data: bytes) -> list[list[object]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [list(row) for row in workbook.get_sheet_by_index(0).to_python()]


def test_csv_keeps_numbers_of_digits_and_local_time() -> None:
    """A card number stands behind a tab, so Excel keeps its zeros; money names its unit once, in the header."""
    data = table_bytes(COLUMNS, [ROW], "csv")

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    assert _csv_rows(data) == [
        ["姓名", "餐卡号", "应付（元）", "日期", "取餐时间"],
        ["𬭊䶮堃", "\t0022000000000082", "6.50", "2026-11-23", "2026-11-23 11:42:00"],
    ]


def test_xlsx_has_text_numbers_and_dates() -> None:
    """Digits are text cells, money is a number, dates are dates."""
    rows = _xlsx_rows(table_bytes(COLUMNS, [ROW], "xlsx"))

    assert rows[0][2] == "应付（元）"
    assert rows[1] == ["𬭊䶮堃", "0022000000000082", 6.5, date(2026, 11, 23), datetime(2026, 11, 23, 11, 42)]  # noqa: DTZ001 - a spreadsheet knows no zone


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "＝1", '=HYPERLINK("http://x")'])
@pytest.mark.parametrize("kind", ["text", "digits"])
def test_no_cell_runs(text: str, kind: str) -> None:
    """CSV marks it, XLSX writes it as the string it is; digits columns are no way around."""
    column = TableColumn("备注", "digits" if kind == "digits" else "text")

    as_csv = _csv_rows(table_bytes([column], [(text,)], "csv"))[1][0]
    as_xlsx = table_bytes([column], [(text,)], "xlsx")

    assert as_csv == f"'{text}"
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert _xlsx_rows(as_xlsx)[1:] == [[text]]


def test_the_same_rows_make_the_same_file() -> None:
    """So that two exports can be compared."""
    assert table_bytes(COLUMNS, [ROW], "xlsx") == table_bytes(COLUMNS, [ROW], "xlsx")


def test_the_header_stays_on_screen() -> None:
    """Frozen panes."""
    data = table_bytes(COLUMNS, [ROW], "xlsx")

    assert b'state="frozen"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_may_have_a_chinese_name(kind: TableKind) -> None:
    """And one that old programs can write."""
    headers = table_answer("今日订单-longcheng", COLUMNS, [ROW], kind).headers

    assert headers["Content-Disposition"] == (
        f"attachment; filename=\"longcheng.{kind}\"; filename*=UTF-8''"
        f"%E4%BB%8A%E6%97%A5%E8%AE%A2%E5%8D%95-longcheng.{kind}"
    )


def test_money_in_english_names_yuan(tmp_path: Path) -> None:
    """The unit is in the language of the title."""
    column = TableColumn("List price", "money")

    (tmp_path / "prices.csv").write_bytes(table_bytes([column], [(1200,)], "csv"))

    assert _csv_rows((tmp_path / "prices.csv").read_bytes()) == [["List price (yuan)"], ["12.00"]]
