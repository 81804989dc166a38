"""`canteen import`, for real, on a database of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canteen.cli import main
from canteen.db.database import Database
from canteen.people import cards
from menus.dishes import dishes_by_key
from tests.canteen.imports.files import csv_bytes, id_number, people, xlsx_bytes

Run = Callable[..., Result]
DISHES = [("菜名", "种类", "价格"), ("红烧豆腐", "素", 6.5), ("白灼菜心", "素", 5)]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'canteen.sqlite3'}"


@pytest.fixture
def run(tmp_path: Path, url: str) -> Run:
    """`run("dishes", data, "--kitchen", "longcheng")`; the file is called list.xlsx or list.csv by what it is."""

    def invoke(kind: str, data: bytes, *options: str, **environment: str) -> Result:
        file = tmp_path / ("list.xlsx" if data.startswith(b"PK") else "list.csv")
        file.write_bytes(data)
        settings = {"CANTEEN_DATA_DIR": str(tmp_path), "CANTEEN_DATABASE_URL": url, "CANTEEN_SECRET_KEY": "k" * 48}
        settings |= {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}
        return CliRunner().invoke(main, ["import", kind, str(file), *options], env=settings | environment)

    return invoke


def test_without_apply_nothing_is_changed(run: Run, url: str) -> None:
    """And it says so, with what would come."""
    result = run("dishes", xlsx_bytes(DISHES), "--kitchen", "longcheng")

    assert result.exit_code == 0, result.output
    assert "新增 2" in result.output
    assert "第 3 行  新增  白灼菜心" in result.output
    assert "--apply" in result.output
    again = run("dishes", xlsx_bytes(DISHES), "--kitchen", "longcheng")
    assert "新增 2" in again.output


def test_apply_brings_it_in_and_a_second_time_changes_nothing(run: Run, url: str) -> None:
    """Dishes from a workbook, residents from CSV of an old Excel."""
    dishes = run("dishes", xlsx_bytes(DISHES), "--canteen", "longcheng", "--apply")
    again = run("dishes", xlsx_bytes(DISHES), "--canteen", "longcheng", "--apply")
    rows = [("姓名", "身份证号", "餐卡号"), ("张三丰", id_number(5), "0022005")]
    residents = run("residents", csv_bytes(rows, encoding="gbk"), "--community", "longcheng", "--apply")

    assert (dishes.exit_code, again.exit_code, residents.exit_code) == (0, 0, 0)
    assert "导入完成：新增 2，修改 0" in dishes.output
    assert "完全一样" in again.output
    assert "GB18030" in residents.output
    database = Database(url)
    assert database.read_sync(cards.find, "0022005") is not None
    assert database.read_sync(dishes_by_key, "longcheng", []) == {}
    database.close()


def test_wrong_lines_stop_it_with_their_place(run: Run, url: str) -> None:
    """Exit code 1, faults on stderr, nobody on the roll."""
    data = people(("张三丰", id_number(5), "", "22005"), ("李四", "1.1E+17", "", ""))

    result = run("residents", data, "--community", "longcheng", "--apply")

    assert result.exit_code == 1
    assert "第 3 行 B 列「身份证号」 身份证号变成了 1.1E+17" in result.stderr
    assert "没有导入" in result.output
    database = Database(url)
    assert database.read_sync(cards.find, "22005") is None
    database.close()


@pytest.mark.parametrize(
    "options, environment", [(("--lang", "en"), {}), ((), {"LANG": "en_GB.UTF-8"}), ((), {"LC_ALL": "en_US.UTF-8"})]
)
def test_it_answers_in_the_language_asked_for(run: Run, options: tuple[str, ...], environment: dict[str, str]) -> None:
    """By option or by LANG; Chinese otherwise."""
    result = run("dishes", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "--kitchen", "longcheng", *options, **environment)

    assert result.exit_code == 1
    assert "old .xls" in result.output


def test_an_unknown_kitchen_is_told_which_there_are(run: Run) -> None:
    """And so is an unknown community."""
    kitchen = run("dishes", xlsx_bytes(DISHES), "--kitchen", "mars")
    community = run("residents", people(("张三丰", id_number(5), "", "")), "--community", "longchen")

    assert (kitchen.exit_code, community.exit_code) == (2, 2)
    assert "longcheng、shuiyun" in kitchen.output
    assert "longcheng" in community.output
