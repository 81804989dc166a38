"""The usual meal, rule by rule (product.md, "Usual")."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from canteen.db.database import Database
from canteen.orders.models import MealOrder
from canteen.people.diet_notes import NOTHING, DietNotes
from canteen.readmodels.day_menu import day_menu
from canteen.readmodels.usual_meal import UsualMeal, usual_meal
from menus.models import MenuItem
from menus.planning import PlannedLine
from menus.portions import reserve, set_sold_out
from tests.canteen.building import LINES, TODAY, collected_meal, enrol, plan_lunch


def item(session: Session, name: str, kitchen_menu: int) -> MenuItem:
    """The set meal of this name."""
    return session.exec(
        select(MenuItem).where(MenuItem.name == name, MenuItem.kind == "set", MenuItem.menu_id == kitchen_menu)
    ).one()


NAMES = {"soft": "软烂两荤一素", "light": "清淡套餐", "seafood": "鲜味套餐"}


class Diner:
    """Somebody with a past at Longcheng, whose menu today is the usual one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.menu_id = plan_lunch(database)
        self.id = enrol(database)
        self._eaten = 0

    def line(self, key: str) -> MenuItem:
        return self.database.read_sync(item, NAMES[key], self.menu_id)

    def ate(self, *keys: str) -> None:
        """One collected lunch a day, the last one yesterday."""
        for place, key in enumerate(keys):
            line = self.line(key)
            assert line.id is not None
            self._eaten += 1
            self.database.write_sync(
                collected_meal,
                self.id,
                self.menu_id,
                line.id,
                line.set_meal_id,
                day=TODAY - timedelta(days=len(keys) - place),
                number=self._eaten,
            )

    def offered(self, notes: DietNotes = NOTHING) -> UsualMeal | None:
        """What K1 offers now."""

        def read(session: Session) -> UsualMeal | None:
            return usual_meal(session, day_menu(session, "longcheng", TODAY, "lunch"), self.id, notes)

        return self.database.read_sync(read)

    def told(self, notes: DietNotes = NOTHING) -> tuple[str, str]:
        """Title and kind of what K1 offers."""
        usual = self.offered(notes)
        assert usual is not None
        return usual.title_key, usual.item.key


@pytest.fixture
def diner(database: Database) -> Diner:
    """Somebody who has never eaten here."""
    return Diner(database)


def test_the_kind_collected_most(diner: Diner) -> None:
    diner.ate("soft", "soft", "soft", "light", "light")

    assert diner.told() == ("usual", "soft")


def test_of_two_as_frequent_the_latest(diner: Diner) -> None:
    diner.ate("soft", "light", "soft", "light")
    assert diner.told() == ("usual", "light")


def test_only_the_last_twenty_meals_count(diner: Diner) -> None:
    diner.ate(*["soft"] * 13, *["light"] * 11)

    assert diner.told() == ("usual", "light")


@pytest.mark.parametrize("eaten", [[], ["soft"], ["soft", "soft"]])
def test_fewer_than_three_meals_are_no_habit(diner: Diner, eaten: list[str]) -> None:
    diner.ate(*eaten)

    assert diner.told() == ("recommended", "light")


def test_meals_not_collected_are_no_habit(diner: Diner) -> None:
    diner.ate("soft", "soft", "soft")

    def miss_one(session: Session) -> None:
        first = session.exec(select(MealOrder.id)).first()
        session.execute(update(MealOrder).where(col(MealOrder.id) == first).values(status="not_collected"))

    diner.database.write_sync(miss_one)

    assert diner.told() == ("recommended", "light")


def test_another_meal_period_is_another_habit(diner: Diner) -> None:
    diner.ate("soft", "soft", "soft")

    def at_dinner(session: Session) -> None:
        session.execute(update(MealOrder).values(meal="dinner"))

    diner.database.write_sync(at_dinner)

    assert diner.told() == ("recommended", "light")


def test_a_habit_that_clashes_with_an_allergy_today_is_never_offered(diner: Diner) -> None:
    """Soft has fish in it today; light too; so only the shellfish set is left for a fish allergy."""
    diner.ate("soft", "soft", "soft", "seafood")

    assert diner.told(DietNotes((), ("fish",))) == ("usual", "seafood")
    assert diner.offered(DietNotes((), ("fish", "shellfish"))) is None


def test_an_instruction_rules_out_too(diner: Diner) -> None:
    diner.ate("seafood", "seafood", "seafood")

    assert diner.told(DietNotes(("low_salt",))) == ("recommended", "light")
    assert diner.offered(DietNotes(("halal",))) is None


def test_an_instruction_no_set_meets_is_told_beside_the_best_of_them(diner: Diner) -> None:
    """No set is vegetarian here: the page says so before anybody orders, and still offers something."""
    diner.ate("soft", "soft", "soft")

    usual = diner.offered(DietNotes(("vegetarian", "low_salt"), ("shellfish",)))

    assert usual is not None
    assert (usual.title_key, usual.item.key) == ("recommended", "light")
    assert [(clash.kind, clash.key) for clash in usual.clashes] == [("instruction", "vegetarian")]


def test_sold_out_offers_the_nearest_and_says_so(diner: Diner) -> None:
    diner.ate("soft", "soft", "soft")
    soft = diner.line("soft")
    assert soft.id is not None
    diner.database.write_sync(set_sold_out, soft.id, sold_out=True)

    usual = diner.offered()

    assert usual is not None
    assert (usual.title_key, usual.item.key, usual.replaced_name) == ("replaced", "light", "软烂两荤一素")


def test_the_last_portion_gone_counts_as_sold_out(diner: Diner) -> None:
    diner.ate("light", "light", "light")
    light = diner.line("light")
    assert light.id is not None
    diner.database.write_sync(reserve, [(light.id, 60)])

    assert diner.told() == ("replaced", "soft")


def test_a_recommendation_that_is_sold_out_gives_way(diner: Diner) -> None:
    light = diner.line("light")
    assert light.id is not None
    diner.database.write_sync(set_sold_out, light.id, sold_out=True)

    title, key = diner.told()

    assert title == "recommended"
    assert key != "light"


def test_a_recommendation_fits_the_wishes_best(diner: Diner) -> None:
    assert diner.told(DietNotes(("boneless", "soft"))) == ("recommended", "light")
    assert diner.told(DietNotes((), ("fish",))) == ("recommended", "seafood")


def test_everything_sold_out_opens_the_menu(diner: Diner) -> None:
    diner.ate("soft", "soft", "soft")
    for key in NAMES:
        line = diner.line(key)
        assert line.id is not None
        diner.database.write_sync(set_sold_out, line.id, sold_out=True)

    assert diner.offered() is None


def test_the_habit_follows_to_the_other_canteen(database: Database) -> None:
    """Kinds of set meal are compared by key: each kitchen has its own rows."""
    diner = Diner(database)
    diner.ate("soft", "soft", "soft")
    plan_lunch(database, "shuiyun")

    usual = database.read_sync(
        lambda session: usual_meal(session, day_menu(session, "shuiyun", TODAY, "lunch"), diner.id)
    )

    assert usual is not None
    assert (usual.title_key, usual.item.key) == ("usual", "soft")


def test_a_kind_not_cooked_today_leaves_the_next_habit(database: Database) -> None:
    diner = Diner(database)
    diner.ate("soft", "soft", "soft", "seafood")
    lines = tuple(PlannedLine("set", line.key, 5, parts=line.parts) for line in LINES[1:3])
    plan_lunch(database, "shuiyun", lines=lines)

    usual = database.read_sync(
        lambda session: usual_meal(session, day_menu(session, "shuiyun", TODAY, "lunch"), diner.id)
    )

    assert usual is not None
    assert (usual.title_key, usual.item.key) == ("usual", "seafood")


def test_a_guest_gets_the_recommendation(diner: Diner) -> None:
    usual = diner.database.read_sync(
        lambda session: usual_meal(session, day_menu(session, "longcheng", TODAY, "lunch"), None)
    )

    assert usual is not None
    assert (usual.title_key, usual.item.key) == ("recommended", "light")
