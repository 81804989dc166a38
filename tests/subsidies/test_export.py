"""Lists for Excel."""

import csv
import io
from datetime import date

import pytest

from subsidies.export import csv_bytes
from subsidies.money import Money


def test_excel_sees_chinese_and_rows() -> None:
    """A byte order mark, CRLF, quotes only where they are needed."""
    data = csv_bytes(("日期", "金额（元）"), [(date(2026, 11, 23), Money(9_840_600)), ("a,b", Money(-5))])

    assert data == '\ufeff日期,金额（元）\r\n2026-11-23,98406.00\r\n"a,b",-0.05\r\n'.encode()


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_runs_as_a_formula(text: str) -> None:
    """Somebody's name may be typed as a formula; it opens as text."""
    rows = list(csv.reader(io.StringIO(csv_bytes(("x",), [(text,)]).decode("utf-8-sig"), newline="")))

    assert rows[1] == [f"'{text}"]


def test_rare_characters_survive() -> None:
    """Names beyond the basic plane."""
    assert "𬭊䶮堃".encode() in csv_bytes(("姓名",), [("𬭊䶮堃",)])
