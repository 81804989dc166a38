"""Two people press at the same instant: an application is decided once, and a category granted once or not at all."""

from collections import Counter

from sqlmodel import Session, select

from canteen.applications.models import Application, ApplicationStep
from canteen.applications.states import Level
from canteen.usecases.begin_application import ApplicationBegun, begin_application
from canteen.usecases.decide_application import ApplicationDecided, decide_application
from canteen.usecases.submit_application import ApplicationSent, submit_application
from subsidies.models import CategoryGrant
from tests.faults.deeds import Decide, TakeBack, do_at_once
from tests.support.world import World

MANY = 12


def _reviewed(session: Session, world: World, elders: list[str]) -> list[str]:
    """As many applications that wait for civil affairs."""
    keys = []
    for elder in elders:
        key = begin_application(session, ApplicationBegun(elder, "low_income", elder), now=world.now)
        submit_application(session, ApplicationSent(key, elder, agreed=True), now=world.now, sealing=world.sealer)
        for version, (level, word) in enumerate(((Level.COMMUNITY, "verify"), (Level.SUBDISTRICT, "review")), start=2):
            decided = ApplicationDecided(key, level, word, version)
            decide_application(session, decided, now=world.now, actor=f"account:{word}", sealing=world.sealer)
        keys.append(key)
    return keys


def _states(session: Session) -> Counter[str]:
    return Counter(session.exec(select(Application.state)))


def _granted(session: Session, elders: list[str]) -> set[str]:
    rows = session.exec(select(CategoryGrant.resident_id)).all()
    found = [key for key in rows if key in set(elders)]
    assert len(found) == len(set(found))
    return set(found)


def test_two_officers_and_the_applicant_at_once(either_world: World) -> None:
    """Each application is approved by one of the two, or withdrawn; a withdrawn one grants nothing; the others hear of it."""
    world = either_world
    elders = world.add_elders(MANY)
    keys = world.database.write_sync(_reviewed, world, elders)
    approve = [[Decide(key, "district", "approve", 4, f"account:{who}") for key in keys] for who in ("one", "two")]
    withdraw = [TakeBack(key, elder) for key, elder in zip(keys, elders, strict=True)][::-1]

    outcomes = do_at_once(world, [*approve, withdraw])

    codes = Counter(outcome.code for process in outcomes for outcome in process)
    assert codes == {"ok": MANY, "applications.moved-on": 2 * MANY}
    states = world.database.read_sync(_states)
    assert set(states) <= {"approved", "withdrawn"}
    assert len(world.database.read_sync(_granted, elders)) == states["approved"]
    steps = world.database.read_sync(lambda s: s.exec(select(ApplicationStep.id)).all())
    assert len(steps) == 4 * MANY
