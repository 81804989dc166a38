"""One month of a small canteen, built once as a signed pack and once as a draft."""

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canteen.audit_pack.build import Pack, build_pack
from canteen.audit_pack.keys import Signer
from canteen.audit_pack.month_papers import MonthPapers, SignOff
from canteen.usecases.undo_collection import undo_collection
from subsidies.months import Month
from tests.support.world import ACTOR, World

SIGNER = Signer("a key for tests, of no use to anybody else")
MONTH = Month(2026, 11)
LOCKED_AT = datetime(2026, 12, 2, 3, tzinfo=UTC)
PAPERS = MonthPapers(
    "approved",
    sign_offs=tuple(
        SignOff(step, f"account:{number}", name, LOCKED_AT - timedelta(days=4 - number))
        for number, (step, name) in enumerate(
            (("declared", "钱经理"), ("reviewed", "孙主任"), ("approved", "李科长")), 1
        )
    ),
)


@dataclass
class BuiltMonth:
    """The world, its pack, and the pack's files in a folder."""

    world: World
    pack: Pack
    folder: Path

    @property
    def zip(self) -> Path:
        """The archive beside the folder."""
        return self.folder.parent / self.pack.zip_name


def build(world: World, *, signer: Signer | None = SIGNER) -> Pack:
    """Longcheng's November."""
    return world.database.read_sync(
        build_pack, "longcheng", MONTH, signer=signer, now=LOCKED_AT, papers=PAPERS if signer else MonthPapers()
    )


def live_a_little(world: World) -> None:
    """Meals of several people, by cash and wallet, one undone, one never fetched."""
    for who, method in (("elder82", "wallet"), ("elder92", "none"), ("lost", "cash"), ("young", "wallet")):
        placed = world.place(who, "light", method=method)
        world.collect(placed.pickup_code, take_cash=method == "cash")
    undone = world.place("lapsed67", "rice", method="cash")
    world.collect(undone.pickup_code, take_cash=True)
    world.database.write_sync(undo_collection, undone.id, now=world.now, actor=ACTOR, reason="重复")
    world.place("elder75", "rice", method="wallet")


@pytest.fixture(scope="module")
def built(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> BuiltMonth:
    """Signed."""
    live_a_little(shared_world)
    pack, folder = build(shared_world), tmp_path_factory.mktemp("pack") / "files"
    for name, content in pack.files.items():
        (folder.parent / name).write_bytes(content)
    with zipfile.ZipFile(folder.parent / pack.zip_name) as archive:
        archive.extractall(folder)
    return BuiltMonth(shared_world, pack, folder)
