"""The day close: cash belongs to a shift, the drawer is counted by two, over and short are posted once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from canteen.payments import shifts
from canteen.payments.shifts import CountNeeded, SecondPersonWrong, ShiftClosed, ShiftOpen, ShiftView
from canteen.people.accounts import Actor
from canteen.pickup.errors import UndoTooLate
from canteen.readmodels.shift_days import ShiftDay, shift_days
from canteen.usecases.close_shift import DrawerCounted, close_shift
from canteen.usecases.note_sample import take_sample, throw_sample
from canteen.usecases.open_shift import open_shift
from canteen.usecases.top_up_wallet import top_up_wallet
from canteen.usecases.undo_collection import undo_collection
from menus import food_samples
from menus.errors import NotOnMenu
from menus.food_samples import KEEP, SampleTooSmall, SampleTooYoung, SampleUnknown
from tests.support.world import ACTOR, World

LATER = timedelta(hours=3)


def _hand_on(world: World) -> None:
    """The world's own top-ups opened a shift by themselves: everything in it goes to the bank."""
    if world.database.read_sync(shifts.open_shift, "longcheng") is not None:
        holds = _books(world)
        assert _close(world, holds, banked=holds, reference="回单 1") == 0


def _open(world: World, fen: int = 20_000) -> str:
    _hand_on(world)
    return _begin(world, fen)


def _begin(world: World, fen: int = 20_000) -> str:
    return world.database.write_sync(
        open_shift, "longcheng", float_fen=fen, now=world.now, actor=ACTOR, actor_name="李师傅"
    )


def _standing(world: World) -> ShiftView:
    found = world.database.read_sync(shifts.open_shift, "longcheng")
    assert found is not None
    return found


def _close(
    world: World, counted: int, *, banked: int = 0, reference: str = "", second: Actor | None = None, shift: str = ""
) -> int:
    count = DrawerCounted(shift or _standing(world).id, "longcheng", counted, banked, reference, second)
    return world.database.write_sync(close_shift, count, now=world.now + LATER, actor=ACTOR, actor_name="李师傅")


def _books(world: World) -> int:
    return world.database.read_sync(shifts.books_fen, "longcheng")


def _day(world: World) -> ShiftDay:
    return world.database.read_sync(shift_days, "longcheng", world.day, world.day)[0]


def _top_up(world: World, fen: int = 5_000) -> None:
    world.database.write_sync(
        top_up_wallet, world.people["elder82"], "longcheng", fen=fen, now=world.now + LATER, actor=ACTOR
    )


def test_a_drawer_two_yuan_short_is_posted_and_banked(w: World) -> None:
    """Float, cash, count, over/short and bank agree with account 1000."""
    _open(w)
    _top_up(w)
    over = _close(w, 24_800, banked=4_800, reference="回单 77", second=w.actor("manager"))
    assert (over, _books(w)) == (-200, 20_000)
    day = _day(w)
    assert (day.is_closed, day.is_banked, day.over_fen) == (True, True, -200)
    assert [one.none_on_site for one in day.shifts] == [True, False]


def test_cash_opens_a_shift_when_nobody_did(w: World) -> None:
    """An elder is never turned away; the shift says that its float was not counted."""
    _hand_on(w)
    _top_up(w)
    standing = _standing(w)
    assert (standing.is_counted, standing.float_fen) == (False, 0)


def test_cash_after_the_close_belongs_to_the_next_shift(w: World) -> None:
    """What the last left is what the next begins with; a float counted lower is cash short."""
    _open(w)
    _close(w, 20_000)
    _top_up(w)
    assert _standing(w).float_fen == 20_000
    assert _close(w, 25_000) == 0
    _open(w, 24_000)
    assert _books(w) == 24_000
    assert _day(w).is_counted_alone


@pytest.mark.parametrize(
    "counted, banked, reference", [(20_000, 20_001, "1"), (20_000, 1, ""), (-1, 0, ""), (10_000_001, 0, "")]
)
def test_sums_that_cannot_be_right_close_nothing(world: World, counted: int, banked: int, reference: str) -> None:
    """More banked than counted, banked without a slip, below zero, too much."""
    _open(world)
    with pytest.raises(CountNeeded):
        _close(world, counted, banked=banked, reference=reference)
    assert _standing(world).closed_at is None


def test_the_second_person_is_another_one_of_this_canteen(world: World) -> None:
    """Neither oneself nor somebody of elsewhere."""
    _open(world)
    for second in (Actor(ACTOR, "自己", canteen_id="longcheng"), world.actor("manager", "shuiyun")):
        with pytest.raises(SecondPersonWrong):
            _close(world, 20_000, second=second)


def test_one_shift_is_open_and_closes_once(world: World) -> None:
    """A second opening and a second close are refused."""
    shift = _open(world)
    with pytest.raises(ShiftOpen):
        _begin(world)
    _close(world, 20_000)
    with pytest.raises(ShiftClosed):
        _close(world, 20_000, shift=shift)


def test_a_closed_shift_stays_as_it_was(w: World) -> None:
    """The database refuses another count."""
    _open(w)
    _close(w, 20_000)

    def change(session: Session) -> None:
        session.execute(text("UPDATE shift SET counted_fen = 1"))

    with pytest.raises(IntegrityError):
        w.database.write_sync(change)


def test_two_close_at_once_and_one_of_them_does(w: World) -> None:
    """The difference is posted once."""
    shift = _open(w)

    def close(counted: int) -> str:
        try:
            _close(w, counted, shift=shift)
        except ShiftClosed:
            return "closed"
        return "did"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, (19_800, 19_900))) == ["closed", "did"]
    assert _books(w) in {19_800, 19_900}


def test_cash_while_closing_is_in_the_old_shift_or_the_new(w: World) -> None:
    """Never in neither: the drawer agrees with the books whichever came first."""
    shift = _open(w)
    with ThreadPoolExecutor(2) as pool:
        closing = pool.submit(_close, w, 20_000, shift=shift)
        paying = [pool.submit(_top_up, w, 100) for _ in range(4)]
        assert closing.result() <= 0
        assert [one.result() for one in paying] == [None] * 4


def test_a_hand_over_cannot_be_undone_once_the_day_is_closed(w: World) -> None:
    """Until the close it can."""
    first, second = (w.place(who, "light") for who in ("elder82", "elder75"))
    for order in (first, second):
        w.collect(order.pickup_code, take_cash=True)
    w.database.write_sync(undo_collection, first.id, reason="递错", now=w.now + LATER, actor=ACTOR)
    _close(w, 0)
    with pytest.raises(UndoTooLate):
        w.database.write_sync(undo_collection, second.id, reason="递错", now=w.now + LATER, actor=ACTOR)


def test_a_sample_weighs_125_grams_and_stays_48_hours(w: World) -> None:
    """Refused in words by the use case, and by the database whoever asks."""
    menu, dish = w.database.read_sync(
        lambda s: s.execute(
            text(
                "SELECT m.id, p.dish_id FROM menu m JOIN menu_item i ON i.menu_id = m.id JOIN menu_item_part p"
                " ON p.menu_item_id = i.id WHERE m.kitchen_id = 'longcheng' ORDER BY i.id LIMIT 1"
            )
        ).one()
    )
    of = (menu, w.day, "lunch")
    who = {"actor": ACTOR, "actor_name": "李师傅"}

    def take(grams: int, dish_id: int = dish) -> str:
        return w.database.write_sync(
            take_sample, "longcheng", "longcheng", of, dish_id=dish_id, grams=grams, now=w.now, **who
        )

    def throw(hours: timedelta) -> None:
        w.database.write_sync(throw_sample, "longcheng", "longcheng", sample, now=w.now + hours, **who)

    with pytest.raises(SampleTooSmall):
        take(124)
    with pytest.raises(NotOnMenu):
        take(125, 999_999)
    sample = take(125)
    with pytest.raises(SampleTooYoung):
        throw(KEEP - timedelta(seconds=1))
    with pytest.raises(IntegrityError):
        w.database.write_sync(lambda s: s.execute(text("UPDATE food_sample SET thrown_at = taken_at, thrown_by = 'x'")))
    assert [one.grams for one in w.database.read_sync(food_samples.samples, "longcheng", w.day)] == [125]
    throw(KEEP)
    with pytest.raises(SampleUnknown):
        throw(KEEP)
