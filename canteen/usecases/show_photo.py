"""The kitchen's own photo takes the place of the drawing, or is taken down."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from menus import photos
from menus.errors import DishUnknown
from menus.food import Food
from menus.photos import Pictures


@dataclass(frozen=True, slots=True)
class PhotoOf:
    """`pictures` None takes it down."""

    food: Food
    pictures: Pictures | None


def show_photo(session: Session, request: PhotoOf, *, now: datetime, actor: str) -> str | None:
    """The id of the photo shown from now on; None when the drawing is shown again.

    Raises:
        menus.errors.DishUnknown: this kitchen has no such row.
    """
    shown = None
    if request.pictures is not None:
        shown = photos.put(session, request.food, request.pictures, now=now, by=actor)
    elif not photos.remove(session, request.food):
        raise DishUnknown(key=str(request.food.id))
    log.record(
        session,
        at=now,
        actor=actor,
        action="photo.shown" if shown else "photo.taken-down",
        subject=f"{request.food.kind}:{request.food.id}",
        details={"kitchen": request.food.kitchen_id},
    )
    return shown
