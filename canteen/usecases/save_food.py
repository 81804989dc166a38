"""The manager writes a dish or a kind of set meal into the kitchen's book, or corrects it."""

from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from sqlmodel import Session

from canteen.audit import log
from menus import food_facts
from menus.dishes import DishSpec, SetMealSpec, put_dish, put_set_meal
from menus.errors import DishRetired
from menus.food import Food, FoodKind, PriceNote, check_name, reprice_drafts, row_of
from menus.models import Dish

LONGEST_REASON = 100


@dataclass(frozen=True, slots=True)
class FoodToSave:
    """`spec.key` is ignored: a new row gets one, an old one keeps its own. `id` None: it is new.

    `reprice`: drafts that hold it take the new price too; published menus never do.
    """

    kitchen_id: str
    spec: DishSpec | SetMealSpec
    id: int | None = None
    reason: str = ""
    reprice: bool = False


@dataclass(frozen=True, slots=True)
class SavedFood:
    """What was done. `told` menus took corrected allergens or diet tags, `repriced` drafts the new price."""

    id: int
    told: int = 0
    repriced: int = 0


def save_food(session: Session, request: FoodToSave, *, now: datetime, actor: str) -> SavedFood:
    """Write it with its price history. Allergens and diet tags reach planned menus at once, name and price do not.

    Raises:
        menus.errors.DishRefused: a field nobody could sell by.
        menus.errors.DishNameTaken: another one is called the same.
        menus.errors.DishUnknown: this kitchen has no such row.
        menus.errors.DishRetired: bring it back first.
    """
    kind: FoodKind = "dish" if isinstance(request.spec, DishSpec) else "set"
    key = f"{kind}-{token_hex(6)}"
    is_demo = False
    if request.id is not None:
        row = row_of(session, Food(request.kitchen_id, kind, request.id))
        key, is_demo = row.key, row.is_demo
        if row.retired_at is not None:
            raise DishRetired(key=key, name=row.name)
    check_name(session, request.kitchen_id, kind, request.spec.name, but=request.id)
    note = PriceNote(now, actor, request.reason.strip()[:LONGEST_REASON])
    told = 0
    if isinstance(request.spec, DishSpec):
        spec = replace(request.spec, key=key, is_demo=is_demo)
        found = put_dish(session, request.kitchen_id, spec, note=note)
        dish = session.get(Dish, found)
        if dish is not None and request.id is not None:
            told = food_facts.spread(session, dish)
    else:
        kept = replace(request.spec, key=key, is_demo=is_demo)
        found = put_set_meal(session, request.kitchen_id, kept, note=note)
    repriced = reprice_drafts(session, Food(request.kitchen_id, kind, found)) if request.reprice else 0
    log.record(
        session,
        at=now,
        actor=actor,
        action=f"{kind}.added" if request.id is None else f"{kind}.changed",
        subject=f"{kind}:{found}",
        details={
            "kitchen": request.kitchen_id,
            "price_fen": request.spec.price_fen,
            "menus": told + repriced,
        },
    )
    return SavedFood(found, told, repriced)
