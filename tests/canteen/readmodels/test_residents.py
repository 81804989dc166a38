"""The elder's first screen, the roll, and one file."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from canteen.db.database import Database
from canteen.people.diet_notes import DietNotes
from canteen.people.errors import ResidentUnknown
from canteen.readmodels.day_menu import day_menu
from canteen.readmodels.resident_file import resident_file
from canteen.readmodels.resident_home import MyCard, ResidentHome, my_card, resident_home
from canteen.readmodels.residents_list import RollFilter, RollPage, RollScope, residents_list
from canteen.usecases.change_resident import ResidentChange, change_resident
from canteen.usecases.confirm_residence import ResidenceSeen, confirm_residence
from canteen.usecases.enrol_resident import CardToBind
from canteen.usecases.name_fetcher import FetcherNamed, name_fetcher
from subsidies.models import FileStatus
from subsidies.proposals import ProposedCategory
from tests.canteen.building import (
    ACTOR,
    ELDER,
    EXAMPLE_ID,
    NOW,
    SEALER,
    TODAY,
    collected_meal,
    enrol,
    plan_lunch,
    with_diet,
)
from tests.support.granting import grant_category


def home(database: Database, resident_id: str, *, lang: str = "zh") -> ResidentHome:
    """K1 at 10:50."""
    return database.read_sync(
        resident_home, "longcheng", resident_id, now=NOW, sealer=SEALER, examples_decide=False, lang=lang
    )


def roll(database: Database, wanted: RollFilter, scope: RollScope | None = None) -> RollPage:
    """The list of residents today."""
    return database.read_sync(residents_list, wanted, scope=scope or RollScope(), today=TODAY, sealer=SEALER)


def test_the_first_screen_has_the_greeting_the_meal_and_what_one_pays(database: Database) -> None:
    plan_lunch(database)

    seen = home(database, enrol(database))

    assert (seen.greeting, seen.shown_as) == ("张奶奶，您好", "张*兰")
    assert seen.usual is not None
    assert (seen.usual.item.key, seen.pay_fen) == ("light", 1000)
    assert seen.orders == ()


def test_the_first_screen_never_holds_what_is_private(database: Database) -> None:
    plan_lunch(database)

    seen = home(database, enrol(database, replace(ELDER, national_id=EXAMPLE_ID)))

    names = {field.name for field in fields(seen)}
    assert not names & {"name", "balance_fen", "subsidy_fen", "list_fen", "categories", "explanation"}
    assert "张玉兰" not in repr(seen)
    assert EXAMPLE_ID not in repr(seen)


def test_without_a_menu_there_is_no_usual_meal(database: Database) -> None:
    seen = home(database, enrol(database), lang="en")

    assert (seen.usual, seen.pay_fen, seen.greeting) == (None, None, "Hello, 张奶奶")


def test_an_allergy_decides_what_is_offered(database: Database) -> None:
    plan_lunch(database)

    seen = home(database, enrol(database, with_diet(ELDER, DietNotes((), ("fish",)))))

    assert seen.usual is not None
    assert seen.usual.item.key == "seafood"


def test_those_one_may_fetch_for_are_named_as_in_public(database: Database) -> None:
    elder = enrol(database, replace(ELDER, name="李桂芝", title=""))
    child = enrol(database)
    database.write_sync(name_fetcher, FetcherNamed(elder, child), now=NOW, actor=ACTOR)

    assert [one.shown_as for one in home(database, child).fetched_for] == ["李*芝"]


def test_nobody_has_no_first_screen(database: Database) -> None:
    with pytest.raises(ResidentUnknown):
        home(database, "nobody")


def test_my_card_shows_the_last_seven_days(database: Database) -> None:
    menu_id = plan_lunch(database)
    resident_id = enrol(database)
    item = database.read_sync(day_menu, "longcheng", TODAY, "lunch").items[0]
    for number, days in enumerate((0, 6, 7)):
        day = TODAY - timedelta(days=days)
        database.write_sync(collected_meal, resident_id, menu_id, item.id, None, day=day, number=number)

    seen = database.read_sync(my_card, "longcheng", resident_id, now=NOW)

    assert isinstance(seen, MyCard)
    assert seen.balance_fen == 0
    assert [meal.day for meal in seen.meals] == [TODAY, TODAY - timedelta(days=6)]
    assert seen.meals[0].self_pay_fen == 1500


def test_the_roll_is_searched_by_name_card_and_id_number(database: Database) -> None:
    wanted = enrol(database, replace(ELDER, national_id=EXAMPLE_ID, cards=(CardToBind("6222000000000082"),)))
    enrol(database, replace(ELDER, name="李桂芝"))

    for text in ("玉兰", "6222 0000 0000 0082", EXAMPLE_ID.lower()):
        assert [line.resident_id for line in roll(database, RollFilter(text=text)).lines] == [wanted]
    for text in ("%", "_", "6222", "11010519"):
        assert roll(database, RollFilter(text=text)).lines == ()


def test_the_roll_shows_age_and_what_is_valid_today(database: Database) -> None:
    resident_id = enrol(database)
    for category, until in (("living_alone", None), ("low_income", date(2026, 11, 23))):
        request = ProposedCategory(resident_id, category, date(2026, 1, 1), until, "社区走访")
        database.write_sync(grant_category, request, now=NOW, actor=ACTOR)

    (line,) = roll(database, RollFilter()).lines

    assert (line.age, line.categories, line.community_name) == (82, ("living_alone",), "龙城社区")
    assert roll(database, RollFilter(category="living_alone")).total == 1
    assert roll(database, RollFilter(category="low_income")).total == 0


def test_the_roll_ends_where_the_scope_ends(database: Database) -> None:
    enrol(database)
    there = enrol(database, replace(ELDER, community_id="shuiyun"))
    enrol(database, replace(ELDER, community_id=None, living_area="jilin/chuanying/x"))

    assert roll(database, RollFilter()).total == 3
    for scope in (RollScope(community_id="shuiyun"), RollScope(subdistrict_id="taishan")):
        assert [line.resident_id for line in roll(database, RollFilter(), scope).lines] == [there]
    assert roll(database, RollFilter(community_id="longcheng"), RollScope(community_id="shuiyun")).total == 0


def test_the_roll_lists_what_the_community_still_has_to_confirm(database: Database) -> None:
    seen, waiting = enrol(database), enrol(database)
    database.write_sync(confirm_residence, ResidenceSeen(seen), now=NOW, actor=ACTOR)
    moved = ResidentChange(seen, status=FileStatus.MOVED)
    database.write_sync(change_resident, moved, now=NOW, actor=ACTOR, sealer=SEALER)

    assert [line.resident_id for line in roll(database, RollFilter(unconfirmed=True)).lines] == [waiting]
    assert [line.resident_id for line in roll(database, RollFilter(status=FileStatus.MOVED)).lines] == [seen]


def test_pages_hold_fifty_and_a_page_past_the_end_is_the_last(database: Database) -> None:
    for _ in range(51):
        enrol(database)

    last = roll(database, RollFilter(page=99))

    assert (last.total, last.page, last.pages, len(last.lines)) == (51, 2, 2, 1)
    assert len(roll(database, RollFilter(page=-1)).lines) == 50


def test_a_file_masks_what_is_private(database: Database) -> None:
    request = replace(ELDER, national_id=EXAMPLE_ID, phone="19900000001", address="吉林市丰满区龙城小区 3 号楼")
    resident_id = enrol(database, with_diet(request, DietNotes(("soft",), ("egg",))))

    file = database.read_sync(resident_file, resident_id, today=TODAY, sealer=SEALER)

    assert (file.national_id, file.phone, file.address) == ("1101**********002X", "199****0001", "吉林市丰满区…")
    assert (file.age, file.community_name, file.diet.allergies) == (76, "龙城社区", ("egg",))
    assert file.file is not None
    assert {consent.kind.value for consent in file.consents} == {"service", "health"}
    for secret in (EXAMPLE_ID, "19900000001", "龙城小区"):
        assert secret not in repr(file)


def test_nobody_has_no_file(database: Database) -> None:
    with pytest.raises(ResidentUnknown):
        database.read_sync(resident_file, "nobody", today=TODAY, sealer=SEALER)
