"""A planted month: each kind of difference is found once, nothing is found that is not there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from subsidies.months import Month, MonthUnreadable, month_of, read_month
from subsidies.reconciliation import Earned, Kind, MealFact, Received, Reconciliation, reconcile

DAY = date(2026, 11, 10)
NOON = datetime(2026, 11, 10, 3, 40, tzinfo=UTC)
DISTRICT = ("district", "elder-meals")
OPERATOR = ("operator", "operator-discount")
SHARES = {DISTRICT: 300, OPERATOR: 100}

Planted = tuple[list[MealFact], list[Earned], list[Received]]


def meal(order: str, **changes: object) -> MealFact:
    """A lunch at 11:40 that agrees: 4 yuan of help, 6 yuan by the diner."""
    right = MealFact(
        order=order,
        canteen="longcheng",
        day=DAY,
        meal="lunch",
        person=order,
        collected=True,
        expected=SHARES,
        recorded=SHARES,
        self_pay_fen=600,
        served_at=NOON,
    )
    return replace(right, **changes)  # type: ignore[arg-type]


def booked(order: str, canteen: str = "longcheng", district_fen: int = 300) -> list[Earned]:
    """What the books hold for such a lunch."""
    return [
        Earned(order, canteen, DAY, *DISTRICT, district_fen),
        Earned(order, canteen, DAY, *OPERATOR, 100),
    ]


def agreeing(how_many: int = 40) -> Planted:
    """Lunches of different people by every tender, and orders nobody collected."""
    meals = [meal(f"meal-{i}") for i in range(how_many)]
    earned = [row for one in meals for row in booked(one.order)]
    received = [Received(one.order, *(600 * (i % 4 == tender) for tender in range(4))) for i, one in enumerate(meals)]
    meals += [meal("free", expected={DISTRICT: 1000}, recorded={DISTRICT: 1000}, self_pay_fen=0)]
    earned += [Earned("free", "longcheng", DAY, *DISTRICT, 1000)]
    meals += [meal("guest", person=None, expected={}, recorded={}, self_pay_fen=1000)]
    received += [Received("guest", cash_fen=1000)]
    meals += [meal("fetched-by-nobody", collected=False, expected={}, self_pay_fen=0, served_at=None)]
    received += [Received("fetched-by-nobody", wallet_fen=0)]
    return meals, earned, received


def found(meals: list[MealFact], earned: list[Earned], received: list[Received]) -> Reconciliation:
    """That month with the planted rows added."""
    base = agreeing()
    return reconcile(base[0] + meals, base[1] + earned, base[2] + received)


PAID = [Received("planted", cash_fen=600)]
PLANTED: list[tuple[Kind, int, Planted]] = [
    (Kind.NOT_EARNED, -400, ([meal("planted")], [], PAID)),
    (Kind.NOT_COLLECTED, 400, ([meal("planted", collected=False, served_at=None)], booked("planted"), [])),
    (Kind.NOT_COLLECTED, 400, ([], booked("planted"), [])),
    (Kind.AMOUNT, 1, ([meal("planted")], booked("planted", district_fen=301), PAID)),
    (Kind.AMOUNT, 0, (
        [meal("planted")],
        [Earned("planted", "longcheng", DAY, *DISTRICT, 299), Earned("planted", "longcheng", DAY, *OPERATOR, 101)],
        PAID,
    )),
    (Kind.RECORD, -50, ([meal("planted", recorded={DISTRICT: 250, OPERATOR: 100})], booked("planted"), PAID)),
    (Kind.INELIGIBLE, 400, ([meal("planted", ineligible="deceased")], booked("planted"), PAID)),
    (Kind.OUTSIDE_HOURS, 400, ([meal("planted", hours_ok=False)], booked("planted"), PAID)),
    (Kind.CLOSED_DAY, 400, ([meal("planted", open_day=False)], booked("planted"), PAID)),
    (Kind.LICENCE, 400, ([meal("planted", licensed=False)], booked("planted"), PAID)),
    (Kind.MONEY, -1, ([meal("planted")], booked("planted"), [Received("planted", cash_fen=599)])),
    (Kind.MONEY, -600, ([meal("planted")], booked("planted"), [])),
    (Kind.MONEY, 600, ([meal("planted")], booked("planted"), [Received("planted", cash_fen=600, later_fen=600)])),
]  # fmt: skip


@pytest.mark.parametrize("kind, fen, rows", PLANTED)
def test_planted_difference_is_found_and_nothing_else(kind: Kind, fen: int, rows: Planted) -> None:
    """To the fen, at its own order; the forty lunches beside it stay clean."""
    result = found(*rows)

    assert [(one.kind, one.order, one.fen) for one in result.differences] == [(kind, "planted", fen)]


def test_all_planted_at_once_are_all_found() -> None:
    """One month with every kind in it: 100 % found, no false one."""
    meals: list[MealFact] = []
    earned: list[Earned] = []
    received: list[Received] = []
    for index, (_, _, rows) in enumerate(PLANTED):
        meals += [replace(one, order=f"p{index}", person=f"p{index}") for one in rows[0]]
        earned += [replace(one, order=f"p{index}") for one in rows[1]]
        received += [replace(one, order=f"p{index}") for one in rows[2]]

    result = found(meals, earned, received)

    assert {(one.order, one.kind) for one in result.differences} == {
        (f"p{index}", kind) for index, (kind, _, _) in enumerate(PLANTED)
    }
    assert len(result.differences) == len(PLANTED)


def test_a_clean_month_has_no_difference() -> None:
    """Guests, free meals, every tender, and orders nobody collected are no differences."""
    result = found([], [], [])

    assert result.differences == ()


def test_same_meal_helped_at_two_canteens_is_a_difference_at_the_second() -> None:
    """The later hand-over is the one to look into; it names the first canteen."""
    twice = [
        meal("first", person="elder"),
        meal("second", person="elder", canteen="shuiyun", served_at=NOON + timedelta(minutes=20)),
    ]
    paid = [Received("first", cash_fen=600), Received("second", cash_fen=600)]

    result = found(twice, booked("first") + booked("second", "shuiyun"), paid)

    assert [(one.kind, one.order, one.canteen, one.note) for one in result.differences] == [
        (Kind.TWO_CANTEENS, "second", "shuiyun", "longcheng")
    ]


def test_a_second_meal_at_full_price_is_no_difference() -> None:
    """A second meal in the period is never refused; it only gets no help."""
    second = meal("second", person="elder", canteen="shuiyun", expected={}, recorded={}, self_pay_fen=1000)
    paid = [Received("first", cash_fen=600), Received("second", cash_fen=1000)]

    assert found([meal("first", person="elder"), second], booked("first"), paid).differences == ()


def test_the_dead_may_have_paid_list_price_in_the_books_without_a_difference() -> None:
    """Only help that was given wrongly is to be recovered."""
    guestlike = meal("planted", ineligible="moved", expected={}, recorded={}, self_pay_fen=1000)

    assert found([guestlike], [], [Received("planted", cash_fen=1000)]).differences == ()


def test_an_operator_who_alone_took_something_off_is_asked_nothing() -> None:
    """No public money is in it: nobody could put it right, so it is no difference."""
    discount = {OPERATOR: 100}
    kind = meal("planted", ineligible="deceased", expected=discount, recorded=discount, self_pay_fen=900)
    paid = [Received("planted", cash_fen=900)]

    assert found([kind], [Earned("planted", "longcheng", DAY, *OPERATOR, 100)], paid).differences == ()


def test_a_meal_entered_by_hand_is_counted_apart_and_its_hours_are_not_judged() -> None:
    """It is entered in the afternoon, when nothing is served."""
    result = found([meal("planted", by_hand=True, hours_ok=False)], booked("planted"), PAID)

    assert result.differences == ()
    assert result.totals["longcheng"].by_hand == 1


def test_totals_add_up_by_funder_and_tender() -> None:
    """Decided again = ledger = the sum of funders; due = received + open."""
    totals = found([], [], []).totals["longcheng"]

    assert totals.collected == 42
    assert dict(totals.redecided) == dict(totals.ledger) == {DISTRICT: 40 * 300 + 1000, OPERATOR: 4000}
    assert totals.redecided_fen == totals.ledger_fen == 17_000
    assert totals.due_fen == totals.received_fen == 25_000
    assert (totals.wallet_fen, totals.cash_fen, totals.online_fen, totals.later_fen) == (6000, 7000, 6000, 6000)


def test_month_is_half_open_and_knows_its_neighbours() -> None:
    """December leads into January."""
    month = read_month("2026-12")

    assert (month.first, month.after) == (date(2026, 12, 1), date(2027, 1, 1))
    assert month.following == Month(2027, 1)
    assert Month(2027, 1).previous == month == month_of(date(2026, 12, 31))


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "２０２６-11", "", "2026-11-01", "1999-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    """With the text, so that the page can say so."""
    with pytest.raises(MonthUnreadable):
        read_month(text)
