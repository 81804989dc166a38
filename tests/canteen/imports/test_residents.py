"""A list of residents comes onto the roll: all of it at once, or nothing."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from canteen.audit.models import AuditEntry
from canteen.people import cards, residents
from canteen.people.models import Card, Consent, Resident
from canteen.readmodels.residence_list import residence_list
from canteen.readmodels.residents_list import RollFilter, RollScope, residents_list
from canteen.tables.errors import BatchHasErrors, BatchUnknown, ChangedMeanwhile
from canteen.tables.models import ImportRow, Verdict
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.web.due_jobs import run_due
from canteen.web.importing import Importer
from subsidies.models import CategoryGrant, CategoryProposal, EligibilityFile
from tests.canteen.imports.files import ACTOR, bring_in, csv_bytes, id_number, importer, names, people, roll
from tests.support.world import World

HEADER = (
    "姓名 身份证号 电话 住址 户籍在本社区 餐卡号 人员类别 类别开始日期 类别有效期至 类别依据 同意日期 同意方式".split()
)
RARE = [
    "𬭊䶮堃", id_number(1), "19900000001", "3号楼", "是", "0022000000000001", "独居、低保", "2026-01-01", "2026-12-31", "低保证",
    "2026-11-20", "签字",
]  # fmt: skip
FULL = (HEADER, RARE, ["欧阳娜", id_number(2, "19340101"), *[""] * 10])


def test_a_dry_run_changes_nothing(world: World) -> None:
    """It says what would be new, and nobody is on the roll."""
    before = names(world)

    check = importer(world).check(csv_bytes(FULL), roll(world))

    assert check.faults == []
    assert check.counts == {Verdict.NEW: 2, Verdict.CHANGE: 0, Verdict.SAME: 0, Verdict.BAD: 0}
    assert names(world) == before


def test_people_come_with_file_card_categories_and_consent(either_world: World) -> None:
    """As enrolment at a counter writes them; categories wait for a second person."""
    world = either_world

    bring_in(world, csv_bytes(FULL), roll(world))

    def look(session: Session) -> None:
        key = residents.by_national_id(session, world.sealer, id_number(1))
        assert key is not None
        person = session.exec(select(Resident).where(col(Resident.id) == key)).one()
        assert (person.name, person.sex, person.community_id) == ("𬭊䶮堃", "m", "longcheng")
        assert residents.opened(world.sealer, key, "phone_sealed", person.phone_sealed) == "19900000001"
        assert residents.by_phone_tail(session, world.sealer, "0001", "0312") == (key,)
        file = session.exec(select(EligibilityFile).where(col(EligibilityFile.resident_id) == key)).one()
        assert (file.born, file.register_area) == (date(1944, 3, 12), file.living_area)
        assert cards.find_active(session, "0022000000000001").resident_id == key
        assert session.exec(select(CategoryGrant).where(col(CategoryGrant.resident_id) == key)).all() == []
        waiting = session.exec(select(CategoryProposal).where(col(CategoryProposal.resident_id) == key)).all()
        assert {(g.category, g.valid_from, g.valid_until) for g in waiting} == {
            ("living_alone", date(2026, 1, 1), date(2027, 1, 1)),
            ("low_income", date(2026, 1, 1), date(2027, 1, 1)),
        }
        consents = session.exec(select(Consent).where(col(Consent.resident_id) == key)).all()
        assert [(c.kind, c.how) for c in consents] == [("service", "signed")]
        other = residents.by_national_id(session, world.sealer, id_number(2, "19340101"))
        assert session.exec(select(Consent).where(col(Consent.resident_id) == other)).all() == []

    world.database.read_sync(look)


def test_each_person_and_the_list_stand_in_the_audit_log(world: World) -> None:
    """One entry for the decision, one for each person; the staged rows are gone."""
    key = bring_in(world, csv_bytes(FULL), roll(world))

    def look(session: Session) -> tuple[list[str], int]:
        entries = session.exec(select(AuditEntry).where(col(AuditEntry.actor) == ACTOR)).all()
        assert all("姓" not in str(entry.details) for entry in entries)
        enrolled = [e for e in entries if e.action == "resident.enrolled" and e.details["import"] == key]
        return [e.action for e in entries if e.subject == f"import:{key}"], len(enrolled)

    assert world.database.read_sync(look) == (["import.checked", "import.applied"], 2)
    assert world.database.read_sync(lambda s: s.exec(select(ImportRow)).all()) == []


def test_the_same_list_again_changes_nothing(world: World) -> None:
    """With an ID number and without one."""
    data = csv_bytes(
        [
            ("姓名", "身份证号", "出生日期", "餐卡号"),
            ("张三丰", id_number(3), "", "22001"),
            ("李四", "", "1940-01-02", ""),
        ]
    )
    bring_in(world, data, roll(world))

    again = importer(world).check(data, roll(world))

    assert again.counts[Verdict.SAME] == 2
    assert not again.may_apply


def test_a_person_on_the_roll_is_shown_as_a_change(either_world: World) -> None:
    """By ID number; private fields masked; only what differs is written."""
    world = either_world
    bring_in(world, people(("张三丰", id_number(3), "19900000003", "22001")), roll(world))
    data = people(("张三丰", id_number(3), "19911112222", "22002"))

    check = importer(world).check(data, roll(world))
    bring_in(world, data, roll(world))

    assert [(d.field, d.old, d.new) for d in check.rows[0].differences] == [
        ("phone", "199****0003", "199****2222"),
        ("card", "", "22002"),
    ]

    def look(session: Session) -> tuple[set[str], tuple[str, ...]]:
        found = session.execute(select(col(Card.number)).where(col(Card.number).like("2200%"))).scalars()
        return set(found), residents.by_phone_tail(session, world.sealer, "2222", "0312")

    numbers, owners = world.database.read_sync(look)
    assert numbers == {"22001", "22002"}
    assert len(owners) == 1


def test_one_wrong_line_keeps_everybody_out(world: World) -> None:
    """All or nothing."""
    data = people(("张三丰", id_number(3), "19900000003", "22001"), ("李四", "110101194403120026", "", ""))
    working, place = importer(world), roll(world)

    check = working.check(data, place)
    key = working.stage(check, place, "list.csv")
    with pytest.raises(BatchHasErrors):
        working.apply(key, place)

    assert [(f.line, f.letter, f.title, f.key) for f in check.faults] == [(3, "B", "身份证号", "id")]
    assert "张三丰" not in names(world)


def test_a_change_between_dry_run_and_yes_is_noticed(world: World) -> None:
    """Somebody corrects the same person at the counter: the yes was to something else."""
    bring_in(world, people(("张三丰", id_number(3), "19900000003", "22001")), roll(world))
    working, place = importer(world), roll(world)
    key = working.stage(working.check(people(("张三丰", id_number(3), "19911112222", "")), place), place, "x.csv")
    person = world.database.read_sync(residents.by_national_id, world.sealer, id_number(3))
    assert person is not None
    world.database.write_sync(
        change_resident, ResidentChange(person, title="老师"), now=world.now, actor="x", sealer=world.sealer
    )

    with pytest.raises(ChangedMeanwhile):
        working.apply(key, place)

    assert world.database.read_sync(residents.by_phone_tail, world.sealer, "2222", "0312") == ()


def test_somebody_enrolled_at_the_counter_meanwhile_is_noticed(world: World) -> None:
    """The line was new at the dry run; now it is a second file of one person."""
    working, place = importer(world), roll(world)
    key = working.stage(working.check(people(("张三丰", id_number(3), "", "22001")), place), place, "x.csv")
    bring_in(world, people(("张三丰", id_number(3), "", "")), place)

    with pytest.raises(ChangedMeanwhile):
        working.apply(key, place)


class _Killed(Exception):
    pass


def _killed_at(world: World, what: str, after: int) -> Importer:
    """An importer whose process dies after so many lines."""
    working = importer(world)

    def die(step: str, done: int, _of: int) -> None:
        if step == what and done >= after:
            raise _Killed

    working.on_step = die
    return working


def _many(count: int) -> bytes:
    return people(*((f"新人{n}", id_number(n, "19400101"), "", f"33{n:05d}") for n in range(count)))


def _found(world: World) -> tuple[int, set[str]]:
    """How many of the list the office's search finds, and who of it is on the list of addresses to be seen."""
    wanted, scope = RollFilter(text="新人"), RollScope(community_id="longcheng")
    page = world.database.read_sync(residents_list, wanted, scope=scope, today=world.day, sealer=world.sealer)
    listed = world.database.read_sync(residence_list, scope, now=world.now)
    return page.total, {line.name for line in listed.lines if line.name.startswith("新人")}


def test_nobody_is_seen_before_the_decision(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process killed while people are written leaves nobody who can be found; the next yes starts afresh."""
    working, place = _killed_at(world, "write", 60), roll(world)
    monkeypatch.setattr(Importer, "_send_away", lambda *_: None)  # a killed process cleans nothing up
    monkeypatch.setattr("canteen.usecases.bring_in.give_back", lambda *_, **__: None)
    key = working.stage(working.check(_many(100), place), place, "x.csv")
    with pytest.raises(_Killed):
        working.apply(key, place)
    monkeypatch.undo()

    assert "新人3" in names(world)  # written …
    assert world.database.read_sync(residents.by_national_id, world.sealer, id_number(3, "19400101")) is None
    assert world.database.read_sync(cards.find, "3300003") is None  # … and not there
    assert _found(world) == (0, set())

    monkeypatch.setattr("canteen.tables.batches.LEFT_AFTER", timedelta(0))
    applied = importer(world).apply(key, place)

    assert applied.new == 100
    assert _found(world)[0] == 100
    assert world.database.read_sync(residents.by_national_id, world.sealer, id_number(3, "19400101")) is not None


async def test_a_decided_list_is_finished_by_the_jobs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed right after the decision: everybody is there, and the log is completed within a minute."""
    place = roll(world)
    working = importer(world)
    monkeypatch.setattr("canteen.usecases.bring_in.NOTES_TOGETHER", 10)

    def dies(*_: object) -> None:
        raise _Killed

    monkeypatch.setattr(Importer, "_finish", dies)
    key = working.stage(working.check(_many(30), place), place, "x.csv")
    with pytest.raises(_Killed):
        working.apply(key, place)
    monkeypatch.undo()

    assert world.database.read_sync(cards.find, "3300003") is not None
    monkeypatch.setattr("canteen.tables.batches.LEFT_AFTER", timedelta(0))
    assert await run_due(world.database, world.sealer, world.now, ["end-imports"]) == {"end-imports": 1}
    notes = world.database.read_sync(
        lambda s: s.exec(select(AuditEntry).where(col(AuditEntry.action) == "resident.enrolled")).all()
    )
    assert len([note for note in notes if note.details.get("import") == key]) == 30
    with pytest.raises(BatchUnknown):
        importer(world).apply(key, place)


async def test_a_dry_run_nobody_said_yes_to_goes_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for a day, and not longer: its rows hold people's numbers."""
    working, place = importer(world), roll(world)
    working.stage(working.check(_many(3), place), place, "x.csv")

    assert await run_due(world.database, world.sealer, world.now, ["end-imports"]) == {"end-imports": 0}
    monkeypatch.setattr("canteen.tables.batches.KEPT_FOR", timedelta(0))
    assert await run_due(world.database, world.sealer, world.now, ["end-imports"]) == {"end-imports": 1}

    assert world.database.read_sync(lambda s: s.exec(select(ImportRow)).all()) == []


def test_a_given_up_list_leaves_nothing(world: World) -> None:
    """Its rows held people's numbers."""
    working, place = importer(world), roll(world)
    key = working.stage(working.check(_many(3), place), place, "x.csv")

    working.drop(key, place)

    assert world.database.read_sync(lambda s: s.exec(select(ImportRow)).all()) == []
    with pytest.raises(BatchUnknown):
        working.apply(key, place)


def test_staged_rows_are_sealed(world: World) -> None:
    """Nobody who reads the database file reads a number or name."""
    working, place = importer(world), roll(world)
    working.stage(working.check(people(("张三丰", id_number(3), "19900000003", "22001")), place), place, "x.csv")

    rows = world.database.read_sync(lambda s: s.exec(select(ImportRow)).all())

    assert len(rows) == 1
    for secret in ("张三丰", id_number(3), "19900000003"):
        assert secret.encode() not in rows[0].sealed
