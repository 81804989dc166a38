"""Whatever bit of a pack is flipped, the verifier finds it and names the file."""

import random
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from canteen.audit_pack.verify import Check
from canteen.audit_pack.verify_parts import Pack
from tests.canteen.audit_pack.conftest import BuiltMonth


@pytest.mark.parametrize("flips", [60, pytest.param(1_000, marks=pytest.mark.long)])
def test_every_flipped_bit_is_found_and_named(built: BuiltMonth, tmp_path: Path, flips: int) -> None:
    """Files are taken in turn, so that small ones have their share; the bit within by chance."""
    folder = Path(shutil.copytree(built.folder, tmp_path / "pack"))
    names = Pack(folder).names()
    draw = random.Random(20261202)
    missed = []
    for turn in range(flips):
        name = names[turn % len(names)]
        content = (folder / name).read_bytes()
        bit = draw.randrange(len(content) * 8)
        broken = bytearray(content)
        broken[bit // 8] ^= 1 << bit % 8
        (folder / name).write_bytes(broken)
        check = Check(Pack(folder))
        if check.run() or not any(name in problem for problem in check.problems):
            missed.append((name, bit, check.problems))
        (folder / name).write_bytes(content)
    assert missed == []
    assert Check(Pack(folder)).run()


def test_a_file_too_many_and_a_file_too_few_are_found(built: BuiltMonth, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built.folder, tmp_path / "pack"))
    (folder / "extra.csv").write_text("1,2\n")
    more = Check(Pack(folder))
    assert not more.run()
    assert "extra.csv" in more.problems[0]
    (folder / "extra.csv").unlink()
    (folder / "wallets.csv").unlink()
    fewer = Check(Pack(folder))
    assert not fewer.run()
    assert any("wallets.csv" in problem for problem in fewer.problems)


def test_a_broken_zip_is_an_answer_and_no_traceback(built: BuiltMonth, tmp_path: Path) -> None:
    broken = bytearray(built.zip.read_bytes())
    with zipfile.ZipFile(built.zip) as archive:
        at = archive.getinfo("entries.jsonl").header_offset + 200
    broken[at] ^= 0x40
    (tmp_path / "broken.zip").write_bytes(broken)
    for path in (tmp_path / "broken.zip", tmp_path / "none.zip"):
        told = subprocess.run(
            [sys.executable, "-I", built.folder / "verify.py", path], capture_output=True, encoding="utf-8", check=False
        )
        assert (told.returncode, told.stderr) == (1, "")
        assert "FAIL" in told.stdout
