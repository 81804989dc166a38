"""Note a food sample (留样) taken, or thrown away after its 48 hours."""

from datetime import date, datetime

from sqlmodel import Session

from canteen.audit import log
from menus import food_samples, kitchen_counts
from menus.errors import NotOnMenu


def take_sample(
    session: Session,
    canteen_id: str,
    kitchen_id: str,
    menu: tuple[int, date, str],
    *,
    dish_id: int,
    grams: int,
    now: datetime,
    actor: str,
    actor_name: str,
) -> str:
    """Of one dish of `menu` (its id, day and meal); returns the sample's id.

    Raises:
        menus.food_samples.SampleTooSmall: under 125 g.
        menus.errors.NotOnMenu: the menu has no such dish.
    """
    menu_id, day, meal = menu
    if dish_id not in {dish for dishes in kitchen_counts.dishes_of(session, menu_id).values() for dish in dishes}:
        raise NotOnMenu(dish_id)
    found = food_samples.take(
        session, kitchen_id, (day, meal), dish_id=dish_id, grams=grams, now=now, by=actor, name=actor_name
    )
    log.record(
        session, at=now, actor=actor, action="sample.taken", subject=f"sample:{found}", canteen_id=canteen_id,
        details={"grams": grams},
    )  # fmt: skip
    return found


def throw_sample(
    session: Session, canteen_id: str, kitchen_id: str, sample_id: str, *, now: datetime, actor: str, actor_name: str
) -> None:
    """It went.

    Raises:
        menus.food_samples.SampleUnknown, SampleTooYoung: not there, or not 48 hours old.
    """
    food_samples.throw_away(session, kitchen_id, sample_id, now=now, by=actor, name=actor_name)
    log.record(
        session, at=now, actor=actor, action="sample.thrown", subject=f"sample:{sample_id}", canteen_id=canteen_id
    )
