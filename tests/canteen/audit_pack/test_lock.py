"""From the cut-off to the lock: the pack is stored once, served as it was stored, and the next month follows it."""

import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from canteen.audit_pack.build import Pack, build_pack
from canteen.audit_pack.errors import PackDoubted
from canteen.audit_pack.keys import kept_signer
from canteen.cli import main
from canteen.clock import move_demo_clock
from canteen.readmodels.month_claim import month_claim
from canteen.readmodels.signed_months import signed_months
from canteen.usecases.approve_month import Disallowed, approve_month
from canteen.usecases.cut_off_month import cut_off_month
from canteen.usecases.declare_month import declare_month
from canteen.usecases.end_orders import end_orders
from canteen.usecases.lock_month import lock_month
from canteen.usecases.review_month import review_month
from canteen.usecases.steps.month_moves import MonthStep
from subsidies.statement_states import BooksMoved
from tests.canteen.audit_pack.conftest import MONTH, live_a_little
from tests.journeys.office_browser import OfficeBrowser
from tests.support.world import World

AFTER = datetime(2026, 12, 2, 3, tzinfo=UTC)
PAGE = "/office/months/2026-11/longcheng"


def _approved(world: World) -> MonthStep:
    """November at Longcheng, approved but for a yuan; returns the step of whoever would lock it."""
    live_a_little(world)
    while world.database.write_sync(end_orders, now=AFTER):
        pass
    step = MonthStep("longcheng", MONTH, "account:1", "钱经理", AFTER)
    write = world.database.write_sync
    write(cut_off_month, step)
    write(declare_month, step, world.database.read_sync(month_claim, "longcheng", MONTH))
    write(review_month, replace(step, by="account:2", by_name="孙主任"))
    approver = replace(step, by="account:3", by_name="李科长", now=AFTER + timedelta(hours=1))
    write(approve_month, approver, {("district", "elder-meals"): Disallowed(100, "一份重复")})
    return approver


def _built(world: World) -> Pack:
    signer = kept_signer(world.data_dir, "")
    return world.database.read_sync(build_pack, "longcheng", MONTH, signer=signer, now=AFTER)


def _export(world: World, out: Path) -> tuple[int, dict[str, bytes]]:
    settings = world.environment() | {"CANTEEN_DATA_DIR": str(world.data_dir)}
    arguments = ["month", "export", "2026-11", "--canteen", "longcheng", "--out", str(out)]
    told = CliRunner().invoke(main, arguments, env=settings)
    return told.exit_code, {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_locked_month_is_served_as_it_was_stored(world: World, tmp_path: Path) -> None:
    """By the officer's button; the command line and the office give the same bytes, and the verifier agrees with them."""
    _approved(world)
    world.database.write_sync(move_demo_clock, AFTER + timedelta(hours=2), real_at=datetime.now(UTC))
    with world.client() as client:
        officer = OfficeBrowser(client, world, "officer")
        assert f'action="{PAGE}/lock"' in officer.get(PAGE).text
        officer.post(f"{PAGE}/lock", page=PAGE)
        officer.post(f"{PAGE}/lock", page=PAGE)
        page = officer.get(PAGE)
        assert f'action="{PAGE}/lock"' not in page.text
        assert f"{PAGE}/pack/public_notice.pdf" in page.text
        served = {name: officer.get(f"{PAGE}/pack/{name}").content for name in ("statement.pdf", "lines.csv")}
        archive = officer.get(f"{PAGE}/pack").content
    code, files = _export(world, tmp_path / "out")
    assert (code, sorted(files)) == (
        0,
        ["nuancan-longcheng-2026-11.zip", "public_notice.csv", "public_notice.pdf", "statement.json", "statement.pdf"],
    )
    assert files["nuancan-longcheng-2026-11.zip"] == archive
    assert files["statement.pdf"] == served["statement.pdf"]
    with zipfile.ZipFile(tmp_path / "out" / "nuancan-longcheng-2026-11.zip") as opened:
        opened.extract("verify.py", tmp_path)
        assert opened.read("lines.csv") == served["lines.csv"]
    told = subprocess.run(
        [sys.executable, "-I", tmp_path / "verify.py", tmp_path / "out" / "nuancan-longcheng-2026-11.zip"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout
    (locked,) = world.database.read_sync(signed_months)
    assert (locked.period, locked.breaches) == ("2026-11", ())
    assert locked.root in told.stdout
    verified = CliRunner().invoke(main, ["ledger", "verify"], env=world.environment())
    assert f"ok    longcheng 2026-11: locked, root {locked.root}, key {locked.key_id}" in verified.stdout


def test_a_pack_of_other_books_is_not_stored(world: World) -> None:
    step = _approved(world)
    pack = _built(world)
    with pytest.raises(BooksMoved):
        world.database.write_sync(lock_month, step, replace(pack, previous_root="ab" * 32), blocking=0)
    with pytest.raises(BooksMoved):
        world.database.write_sync(lock_month, step, replace(pack, last_hash="ab" * 32), blocking=0)
    world.database.write_sync(lock_month, step, pack, blocking=0)


def test_what_was_changed_in_the_books_is_never_signed(world: World) -> None:
    """A fen moved behind the triggers' back: the verifier finds it before anybody puts a name to it."""
    _approved(world)
    with world.database.write_engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER posting_no_update")
        connection.exec_driver_sql(
            "UPDATE posting SET fen = fen + 1 WHERE account IN ('1000', '2100') AND fen = 600"
            " AND transaction_id IN (SELECT id FROM ledger_transaction WHERE canteen_id = 'longcheng')"
        )
        connection.exec_driver_sql(
            "UPDATE posting SET rule = 'x' WHERE account = 'earned' AND transaction_id IN"
            " (SELECT id FROM ledger_transaction WHERE canteen_id = 'longcheng')"
        )
    with pytest.raises(PackDoubted) as refused:
        _built(world)
    assert any("is not what its hash says" in problem for problem in refused.value.problems)
