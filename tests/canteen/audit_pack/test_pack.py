"""A pack holds what the books hold, to the fen, says it in every file alike, and shows nobody."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from canteen.audit_pack.verify_parts import ed25519, ed25519_by_hand
from tests.canteen.audit_pack.conftest import SIGNER, BuiltMonth, build
from tests.support.world import PEOPLE, World


def _rows(built: BuiltMonth, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((built.folder / name).read_text("utf-8-sig"), newline="")))


def _fen(amount: str) -> int:
    return round(float(amount or "0") * 100)


def _booked(built: BuiltMonth, account: str, *, book: str = "F", funder: str = "%") -> int:
    with built.world.database.read_engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT coalesce(sum(p.fen), 0) FROM posting p JOIN ledger_transaction t ON t.id = p.transaction_id"
                " WHERE t.canteen_id = 'longcheng' AND t.period = '2026-11' AND p.book = :b AND p.account = :a"
                " AND p.funder LIKE :f"
            ),
            {"b": book, "a": account, "f": funder},
        )
        return int(found.scalar_one())


def test_the_verifier_runs_alone_on_the_zip_and_agrees(built: BuiltMonth) -> None:
    told = subprocess.run(
        [sys.executable, "-I", built.folder / "verify.py", built.zip, "--key", SIGNER.key_id],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("通过 ok") == 11
    assert built.pack.merkle_root in told.stdout
    another = subprocess.run(
        [sys.executable, "-I", built.folder / "verify.py", built.folder, "--key", "0" * 16],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (another.returncode, "another key than 0000000000000000 signed" in another.stdout) == (1, True)


def test_every_file_comes_to_what_the_books_come_to(built: BuiltMonth) -> None:
    statement = json.loads((built.folder / "statement.json").read_bytes())
    lines, vouchers, wallets = _rows(built, "lines.csv"), _rows(built, "vouchers.csv"), _rows(built, "wallets.csv")
    sheets = CalamineWorkbook.from_path(str(built.folder / "lines.xlsx"))
    assert sheets.sheet_names == ["明细", "记账凭证", "储值"]
    sheet = [
        dict(zip(rows[0], row, strict=True)) for rows in [sheets.get_sheet_by_index(0).to_python()] for row in rows[1:]
    ]
    for word, funder in (
        ("区级补贴（元）", "district"),
        ("街道补贴（元）", "subdistrict"),
        ("村集体补贴（元）", "collective"),
    ):
        earned = _booked(built, "earned", book="B", funder=funder)
        assert earned == -_booked(built, "4010", funder=funder) > 0
        assert sum(_fen(row[word]) for row in lines) == earned
        assert sum(_fen(str(row[word])) for row in sheet) == earned
        assert [row["claimed_fen"] for row in statement["claims"] if row["funder"] == funder] == [earned]
        credited = [
            _fen(row["贷方金额（元）"]) - _fen(row["借方金额（元）"])
            for row in vouchers
            if row["系统科目"] == "4010" and row["辅助核算"] == word.removesuffix("（元）")
        ]
        assert sum(credited) == earned
    assert (
        sum(_fen(row["期末余额（元）"]) for row in wallets)
        == -_booked(built, "2000")
        == statement["wallets"]["closing_fen"]
    )
    assert statement["meals"] == 4 == sum(int(row["份数"]) for row in lines)
    assert sum(_fen(row["借方金额（元）"]) for row in vouchers) == sum(_fen(row["贷方金额（元）"]) for row in vouchers)
    assert [row["事项"] for row in lines].count("撤销交付") == 1


def test_the_same_books_give_the_same_bytes(built: BuiltMonth) -> None:
    again = build(built.world)
    assert {name: hashlib.sha256(content).hexdigest() for name, content in again.files.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in built.pack.files.items()
    }


def test_nobody_can_be_told_from_the_pack(built: BuiltMonth) -> None:
    """No diner's name, card, key or phone in any file; whoever signed a step stands there by name."""
    private = {person.name for person in PEOPLE.values()} | set(built.world.people.values())
    private |= {card.number for person in PEOPLE.values() for card in person.cards}
    for path in built.folder.rglob("*"):
        if path.is_file() and path.suffix not in {".pdf", ".xlsx"}:
            content = path.read_text("utf-8")
            assert [word for word in private if word in content] == [], path.name
    with zipfile.ZipFile(built.folder / "lines.xlsx") as workbook:
        cells = "".join(workbook.read(name).decode() for name in workbook.namelist())
    assert [word for word in private if word in cells] == []


def test_the_statement_prints_with_its_own_fonts_and_the_date_of_the_lock(built: BuiltMonth) -> None:
    content = (built.folder / "statement.pdf").read_bytes()
    assert content.count(b"/FontFile2") == 2
    assert b"Helvetica" not in content
    assert b"D:20261202110000+08'00'" in content


def test_a_draft_says_so_everywhere_and_is_not_signed(world: World, tmp_path: Path) -> None:
    draft = build(world, signer=None)
    (tmp_path / draft.zip_name).write_bytes(draft.files[draft.zip_name])
    with zipfile.ZipFile(tmp_path / draft.zip_name) as archive:
        names = archive.namelist()
        assert "草稿" in archive.read("README.txt").decode()
        assert json.loads(archive.read("statement.json"))["draft"]
        archive.extract("verify.py", tmp_path)
    assert (draft.signature, draft.zip_name) == ("", "nuancan-longcheng-2026-11-draft.zip")
    assert not {"signature.json", "public_key.pem"} & set(names)
    told = subprocess.run(
        [sys.executable, "-I", tmp_path / "verify.py", tmp_path / draft.zip_name],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (told.returncode, "not signed: a draft" in told.stdout) == (1, True)


@pytest.mark.parametrize("message", [b"", b"\x00", b"statement" * 50])
def test_signatures_are_checked_alike_with_and_without_a_library(message: bytes) -> None:
    good = bytes.fromhex(SIGNER.sign(message))
    for signature, said in (
        (good, message),
        (good[:-1] + bytes([good[-1] ^ 1]), message),
        (good, message + b"."),
        (b"", message),
    ):
        expected = signature == good and said == message
        assert ed25519(SIGNER.public, said, signature) is expected
        assert ed25519_by_hand(SIGNER.public, said, signature) is expected
    assert not ed25519_by_hand(bytes(31), message, good)
