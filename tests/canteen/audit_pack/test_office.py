"""The pack on the command line and in the office, before the lock; and the key that is made at the first start."""

import io
import stat
import zipfile
from pathlib import Path

from click.testing import CliRunner

from canteen.audit_pack.keys import KEY_FILE, kept_signer
from canteen.cli import main
from tests.canteen.audit_pack.conftest import live_a_little
from tests.journeys.office_browser import OfficeBrowser, links
from tests.support.world import World

MONTH = "/office/months/2026-11/longcheng"


def test_an_open_month_is_downloaded_as_a_draft(world: World) -> None:
    """The zip, one paper, one file of the zip; a name that is not there is told in words."""
    live_a_little(world)
    with world.client() as client:
        manager = OfficeBrowser(client, world, "longcheng-manager")
        assert links(manager.get(MONTH), f"{MONTH}/pack") == [f"{MONTH}/pack", f"{MONTH}/pack/statement.pdf"]
        answer = manager.get(f"{MONTH}/pack")
        assert answer.headers["content-disposition"] == 'attachment; filename="nuancan-longcheng-2026-11-draft.zip"'
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert "signature.json" not in archive.namelist()
            lines = archive.read("lines.csv")
        assert manager.get(f"{MONTH}/pack/statement.pdf").content.startswith(b"%PDF-")
        assert manager.get(f"{MONTH}/pack/lines.csv").content == lines
        assert "审计包里没有这个文件" in manager.get(f"{MONTH}/pack/secret.key", 404).text


def test_the_first_start_makes_the_key_for_its_owner_alone(world: World) -> None:
    with world.client():
        kept = world.data_dir / KEY_FILE
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    told = CliRunner().invoke(main, ["ledger", "public-key"], env=_settings(world))
    signer = kept_signer(world.data_dir, "")
    assert told.stdout == f"key {signer.key_id}\n{signer.pem}"
    given = CliRunner().invoke(
        main, ["ledger", "public-key"], env=_settings(world) | {"CANTEEN_STATEMENT_KEY": "k" * 43}
    )
    assert (
        given.stdout.splitlines()[0] == f"key {kept_signer(world.data_dir, 'k' * 43).key_id}" != f"key {signer.key_id}"
    )


def test_a_draft_is_exported_with_the_operators_own_accounts(world: World, tmp_path: Path) -> None:
    live_a_little(world)
    (world.data_dir / "accounts").mkdir()
    own = world.data_dir / "accounts" / "longcheng.toml"
    own.write_text('2000 = ["2203.88", "预收账款—饭卡"]\n', "utf-8")
    out = tmp_path / "out"
    arguments = ["month", "export", "2026-11", "--canteen", "longcheng", "--out", str(out)]

    answer = CliRunner().invoke(main, arguments, env=_settings(world))
    assert (answer.exit_code, "草稿" in answer.stderr) == (0, True)
    assert sorted(path.name for path in out.iterdir()) == [
        "nuancan-longcheng-2026-11-draft.zip", "statement.json", "statement.pdf",
    ]  # fmt: skip
    with zipfile.ZipFile(out / "nuancan-longcheng-2026-11-draft.zip") as archive:
        assert "2203.88,预收账款—饭卡" in archive.read("vouchers.csv").decode("utf-8-sig")

    own.write_text('9999 = ["1", "x"]\n', "utf-8")
    refused = CliRunner().invoke(main, arguments, env=_settings(world))
    assert (refused.exit_code, "9999 must be one of our accounts" in refused.stderr) == (1, True)


def _settings(world: World) -> dict[str, str]:
    return world.environment() | {"CANTEEN_DATA_DIR": str(world.data_dir), "CANTEEN_DEMO": ""}
