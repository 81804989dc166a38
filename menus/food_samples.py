"""Food samples (留样): of each dish at least 125 g, kept at least 48 hours, with who took and who threw it away."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, insert, select, update
from sqlmodel import Field, Session, SQLModel, col
from ulid import ULID

from menus.errors import MenuError
from menus.models import Dish

LEAST_GRAMS = 125
MOST_GRAMS = 2_000
KEEP = timedelta(hours=48)


class SampleTooSmall(MenuError):
    """Less than 125 g, or more than a sample can weigh: `least`."""

    code = "menus.sample-too-small"


class SampleTooYoung(MenuError):
    """It has to be kept until `until`."""

    code = "menus.sample-too-young"


class SampleUnknown(MenuError):
    """No such sample of this kitchen, or thrown away already."""

    code = "menus.sample-unknown"


class FoodSample(SQLModel, table=True):
    """One sample in the fridge, or thrown away since."""

    __tablename__ = "food_sample"
    __table_args__ = (
        CheckConstraint("grams >= 125", name="food_sample_grams"),
        CheckConstraint("thrown_at >= keep_until", name="food_sample_kept"),
        CheckConstraint("keep_until > taken_at", name="food_sample_until"),
        CheckConstraint("(thrown_at IS NULL) = (thrown_by IS NULL)", name="food_sample_thrown"),
    )
    id: str = Field(primary_key=True, max_length=26)
    kitchen_id: str = Field(index=True, max_length=40)
    day: date
    meal: str = Field(max_length=10)
    dish_id: int = Field(foreign_key="dish.id")
    grams: int
    taken_at: datetime
    taken_by: str
    taken_name: str
    keep_until: datetime
    thrown_at: datetime | None = None
    thrown_by: str | None = None
    thrown_name: str = ""


@dataclass(frozen=True, slots=True)
class SampleView:
    """One sample. Not thrown away: `thrown_at` is None."""

    id: str
    day: date
    meal: str
    dish_id: int
    name: str
    name_en: str
    grams: int
    taken_at: datetime
    taken_name: str
    keep_until: datetime
    thrown_at: datetime | None
    thrown_name: str


def take(
    session: Session,
    kitchen_id: str,
    meal: tuple[date, str],
    *,
    dish_id: int,
    grams: int,
    now: datetime,
    by: str,
    name: str,
) -> str:
    """Note a sample of a day's meal; returns its id.

    Raises:
        SampleTooSmall: under 125 g.
    """
    if not LEAST_GRAMS <= grams <= MOST_GRAMS:
        raise SampleTooSmall(least=LEAST_GRAMS)
    sample_id = str(ULID.from_datetime(now))
    session.execute(
        insert(_SAMPLE).values(
            id=sample_id, kitchen_id=kitchen_id, day=meal[0], meal=meal[1], dish_id=dish_id, grams=grams, taken_at=now,
            taken_by=by, taken_name=name, keep_until=now + KEEP, thrown_name="",
        )
    )  # fmt: skip
    return sample_id


def throw_away(session: Session, kitchen_id: str, sample_id: str, *, now: datetime, by: str, name: str) -> None:
    """Note that it went, 48 hours or more after it was taken.

    Raises:
        SampleUnknown: none of this kitchen that is still there.
        SampleTooYoung: the 48 hours are not over.
    """
    mine = (_SAMPLE.c.id == sample_id, _SAMPLE.c.kitchen_id == kitchen_id, _SAMPLE.c.thrown_at.is_(None))
    until = session.execute(select(_SAMPLE.c.keep_until).where(*mine)).scalar_one_or_none()
    if until is None:
        raise SampleUnknown(sample=sample_id)
    if now < until:
        raise SampleTooYoung(until=until.isoformat())
    session.execute(update(_SAMPLE).where(*mine).values(thrown_at=now, thrown_by=by, thrown_name=name))


def samples(session: Session, kitchen_id: str, day: date) -> tuple[SampleView, ...]:
    """Those of `day`, and older ones still in the fridge; oldest first."""
    rows = session.execute(
        select(*(_SAMPLE.c[name] if name in _SAMPLE.c else col(getattr(Dish, name)) for name in _COLUMNS))
        .join(Dish, col(Dish.id) == _SAMPLE.c.dish_id)
        .where(_SAMPLE.c.kitchen_id == kitchen_id, (_SAMPLE.c.day == day) | _SAMPLE.c.thrown_at.is_(None))
        .order_by(_SAMPLE.c.taken_at, _SAMPLE.c.id)
    ).all()
    return tuple(SampleView(*row) for row in rows)


_SAMPLE = SQLModel.metadata.tables["food_sample"]
_COLUMNS = tuple(SampleView.__dataclass_fields__)
