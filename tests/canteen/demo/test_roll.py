"""The roll of invented residents: whom it covers, that it is marked, and that it never changes."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date

import msgspec
import pytest
from stdnum.cn import ric

from canteen.demo.catalogue import set_meals
from canteen.demo.resident import ResidentSpec
from canteen.demo.roll import known_people, residents
from menus.diet import ALLERGENS, DIET_TAGS

TODAY = date(2026, 11, 23)
EIGHT_KINDS = frozenset(
    """living_alone empty_nest left_behind destitute very_old disabled_frail severe_disability special_family""".split()
)
TITLES = frozenset({"", "奶奶", "爷爷", "老师", "阿姨", "大爷", "大娘"})


@pytest.fixture(scope="module")
def roll() -> list[ResidentSpec]:
    return residents()


def test_about_three_hundred_people_live_in_both_communities_and_a_few_elsewhere(roll: list[ResidentSpec]) -> None:
    by_community = Counter(person.community for person in roll)

    assert len(roll) == 300
    assert [person.index for person in roll] == list(range(300))
    assert by_community["longcheng"] >= 100
    assert by_community["shuiyun"] >= 100
    assert 5 <= by_community[""] <= 30


def test_ages_run_from_child_to_a_hundred_and_one_and_most_are_elders(roll: list[ResidentSpec]) -> None:
    ages = [person.age_on(TODAY) for person in roll]

    assert min(ages) >= 5
    assert max(ages) == 101
    assert sum(age < 18 for age in ages) >= 5
    assert sum(age >= 60 for age in ages) >= 240
    assert sum(age >= 90 for age in ages) >= 12


def test_all_kinds_of_elders_and_none_are_there(roll: list[ResidentSpec]) -> None:
    held = Counter(category.key for person in roll for category in person.categories)

    assert set(held) == EIGHT_KINDS | {"low_income"}
    assert min(held.values()) >= 4
    assert sum(not person.categories for person in roll) >= 80


def test_some_categories_have_ended_and_each_shows_its_evidence(roll: list[ResidentSpec]) -> None:
    categories = [category for person in roll for category in person.categories]

    assert any(category.valid_to is not None and category.valid_to < TODAY for category in categories)
    assert all(category.valid_to is None or category.valid_from < category.valid_to for category in categories)
    assert all(category.evidence.endswith("（演示）") for category in categories)


def test_only_people_of_eighty_and_more_are_called_very_old(roll: list[ResidentSpec]) -> None:
    called = [(person, it.valid_from) for person in roll for it in person.categories if it.key == "very_old"]

    assert called
    assert {person.age_on(since) for person, since in called} == {80}


def test_id_numbers_carry_the_birthday_the_sex_and_a_valid_check_digit(roll: list[ResidentSpec]) -> None:
    known = [person for person in roll if person.national_id is not None]
    assert known
    for person in known:
        assert person.national_id is not None
        assert re.fullmatch(r"220211\d{8}9\d\d[\dX]", person.national_id)
        assert ric.get_birth_date(person.national_id) == person.born
        assert person.national_id[-1] == ric.calc_check_digit(person.national_id)
        assert (int(person.national_id[16]) % 2 == 1) == (person.sex == "m")


def test_some_id_numbers_end_in_x_and_some_people_have_none(roll: list[ResidentSpec]) -> None:
    assert any((person.national_id or "").endswith("X") for person in roll)
    assert any(person.national_id is None for person in roll)


def test_no_number_belongs_to_two_people(roll: list[ResidentSpec]) -> None:
    ids = [person.national_id for person in roll if person.national_id]
    phones = [person.phone for person in roll if person.phone]
    cards = [card.number for person in roll for card in person.cards]

    for numbers in (ids, phones, cards):
        assert len(numbers) == len(set(numbers))


def test_cards_have_sixteen_digits_and_one_of_three_states(roll: list[ResidentSpec]) -> None:
    cards = [card for person in roll for card in person.cards]

    assert all(re.fullmatch(r"\d{16}", card.number) for card in cards)
    assert {card.state for card in cards} == {"active", "lost", "blocked"}


def test_everything_invented_is_marked(roll: list[ResidentSpec]) -> None:
    assert all(person.address.endswith("（演示）") for person in roll)
    assert all(re.fullmatch(r"1990000\d{4}", person.phone) for person in roll if person.phone)


def test_every_status_occurs(roll: list[ResidentSpec]) -> None:
    statuses = Counter(person.status for person in roll)

    assert statuses["active"] > 280
    assert (statuses["moved"], statuses["deceased"], statuses["institution"], statuses["suspended"]) == (2, 1, 2, 2)
    assert len(statuses) == 5


def test_names_include_doubles_and_rare_characters(roll: list[ResidentSpec]) -> None:
    names = Counter(person.name for person in roll)

    assert names["王秀英"] == 2
    assert {"𬭊", "䶮", "堃"} <= {character for name in names for character in name}
    assert {person.title for person in roll} == TITLES


def test_somebody_was_born_on_a_leap_day_and_counts_birthdays_on_the_first_of_march(roll: list[ResidentSpec]) -> None:
    leapling = next(person for person in roll if (person.born.month, person.born.day) == (2, 29))

    assert leapling.age_on(date(2026, 2, 28)) == 89
    assert leapling.age_on(date(2026, 3, 1)) == 90


def test_birthdays_that_change_the_age_band_are_near(roll: list[ResidentSpec]) -> None:
    week = date(2026, 11, 30)
    turning = {person.age_on(week) for person in roll if person.age_on(week) != person.age_on(TODAY)}

    assert {60, 70, 80, 90} <= turning


def test_diets_and_allergies_use_the_words_menus_know(roll: list[ResidentSpec]) -> None:
    instructions = {tag for person in roll for tag in person.instructions}

    assert instructions <= set(DIET_TAGS)
    assert {"soft", "low_salt", "low_sugar", "halal", "vegetarian"} <= instructions
    assert {key for person in roll for key in person.allergies} <= set(ALLERGENS)


def test_favourites_are_served_at_the_canteen_they_go_to_and_keep_strict_diets(roll: list[ResidentSpec]) -> None:
    for person in roll:
        kinds = [set_meals()[key] for key in person.habit.favourites]
        assert kinds, person.index
        assert all(person.habit.canteen in kind.canteens for kind in kinds), person.index
        for strict in {"halal", "vegetarian"} & set(person.instructions):
            assert all(strict in kind.diet_tags for kind in kinds), person.index


def test_the_roll_eats_about_four_thousand_meals_in_two_months(roll: list[ResidentSpec]) -> None:
    a_day = sum(
        person.habit.chance(meal)
        for person in roll
        if person.status in {"active", "suspended", "institution"}
        for meal in ("breakfast", "lunch", "dinner")
    )

    assert 3600 <= a_day * 61 <= 4500


def test_people_pay_by_wallet_and_by_cash(roll: list[ResidentSpec]) -> None:
    assert {person.habit.pays_by for person in roll} == {"wallet", "cash"}
    assert all(person.wallet_topup_fen % 100 == 0 for person in roll)
    assert all(0 <= person.habit.no_show <= 0.1 for person in roll)


def test_family_members_fetch_for_somebody_else(roll: list[ResidentSpec]) -> None:
    fetched = [(person, roll[person.fetched_by]) for person in roll if person.fetched_by is not None]

    assert len(fetched) >= 5
    assert all(person.index != fetcher.index and fetcher.age_on(TODAY) >= 18 for person, fetcher in fetched)


def test_the_people_of_the_documentation_are_always_the_same(roll: list[ResidentSpec]) -> None:
    shown = {
        index: (roll[index].name, roll[index].age_on(TODAY), roll[index].community, roll[index].cards[0].number)
        for index in (0, 1, 3, 4, 5)
    }

    assert shown == {
        0: ("张玉兰", 82, "longcheng", "6222000000000082"),
        1: ("王福顺", 92, "longcheng", "6222000000000092"),
        3: ("赵长林", 67, "longcheng", "6222000000000067"),
        4: ("孙淑琴", 85, "shuiyun", "6222000000000085"),
        5: ("周国栋", 71, "shuiyun", "6222000000000071"),
    }


def test_zhang_yulan_eats_softly_and_no_shellfish(roll: list[ResidentSpec]) -> None:
    zhang = roll[0]

    assert (zhang.title, zhang.habit.favourites, zhang.wallet_topup_fen) == ("奶奶", ("soft_two_meat",), 20000)
    assert (zhang.instructions, zhang.allergies) == (("soft", "low_salt"), ("shellfish",))
    assert roll[zhang.fetched_by or 0].name == "刘敏"


def test_li_guizhi_lost_a_card_and_has_a_new_one(roll: list[ResidentSpec]) -> None:
    assert (roll[2].name, roll[2].age_on(TODAY)) == ("李桂芝", 76)
    assert [(card.number, card.state) for card in roll[2].cards] == [
        ("6222000000000017", "lost"),
        ("6222000000000018", "active"),
    ]


def test_zhao_changlins_category_has_ended(roll: list[ResidentSpec]) -> None:
    (category,) = roll[3].categories

    assert category.key == "low_income"
    assert category.valid_to is not None
    assert category.valid_to < date(2026, 9, 1)


def test_the_same_seed_gives_the_same_roll_in_another_process(roll: list[ResidentSpec]) -> None:
    code = """
import sys
import msgspec
from canteen.demo.roll import residents
sys.stdout.buffer.write(msgspec.json.encode(residents()))
"""
    elsewhere = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    assert elsewhere.stdout == msgspec.json.encode(roll)


def test_another_seed_keeps_the_known_people_only(roll: list[ResidentSpec]) -> None:
    known = len(known_people())
    other = residents(seed=1)

    assert [person.name for person in other[:known]] == [person.name for person in roll[:known]]
    assert other[known:] != roll[known:]
