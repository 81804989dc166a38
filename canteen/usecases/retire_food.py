"""The manager stops offering a dish or a kind of set meal, or offers it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import food
from menus.food import Food


@dataclass(frozen=True, slots=True)
class Offer:
    """`offered` False retires it."""

    food: Food
    offered: bool


def retire_food(session: Session, request: Offer, *, now: datetime, actor: str) -> bool:
    """Menus that hold it keep it; new plans do not see it. False when nothing changed.

    Raises:
        menus.errors.DishUnknown: this kitchen has no such row.
        menus.errors.DishNameTaken: another one took its name meanwhile.
    """
    meant = request.food
    changed = food.bring_back(session, meant) if request.offered else food.retire(session, meant, now=now)
    if changed:
        log.record(
            session,
            at=now,
            actor=actor,
            action=f"{request.food.kind}.{'back' if request.offered else 'retired'}",
            subject=f"{request.food.kind}:{request.food.id}",
            details={"kitchen": request.food.kitchen_id},
        )
    return changed
