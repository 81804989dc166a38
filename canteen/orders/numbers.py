"""Pick-up numbers: A 01 … A 99, B 01 …; never I or O; unique per canteen, date and meal."""

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from canteen.orders.models import NumberSequence

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def number_text(index: int, *, first_letter: str = "A", skip_four: bool = False) -> str:
    """What the diner reads for the `index`-th order (from 1) of a meal: `A 23`.

    `skip_four` leaves out numbers ending in 4, which some people would rather not be given.
    """
    if index < 1:
        raise ValueError("numbers start at 1")
    numbers = [n for n in range(1, 100) if not (skip_four and n % 10 == 4)]
    block, within = divmod(index - 1, len(numbers))
    letter = LETTERS[(LETTERS.index(first_letter) + block) % len(LETTERS)]
    lap = (LETTERS.index(first_letter) + block) // len(LETTERS)
    return f"{letter}{'' if lap == 0 else lap} {numbers[within]:02d}"


def take_number(session: Session, canteen_id: str, day: date, meal: str) -> int:
    """The next index at this canteen, date and meal, from 1. Holds the row until the transaction ends."""
    statement = _NEXT[session.get_bind().dialect.name]
    row = {"canteen_id": canteen_id, "day": day, "meal": meal, "last": 1}
    return int(session.execute(statement, row).scalar_one())


_TABLE = NumberSequence.__table__  # type: ignore[attr-defined]
_NEXT = {
    name: dialect.insert(_TABLE)
    .on_conflict_do_update(index_elements=["canteen_id", "day", "meal"], set_={"last": _TABLE.c.last + 1})
    .returning(_TABLE.c.last)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
