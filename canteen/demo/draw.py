"""Draws one invented resident (演示) from a seeded source; only `Random.random` is used, which never changes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from msgspec import Struct

from canteen.demo.resident import CardSpec, CategorySpec, Habit, Person

T = TypeVar("T")
WRITTEN_ON = date(2026, 11, 23)
"""Ages are drawn for this day."""
AREAS = {
    "jilin/fengman/jianhua/longcheng": 47,
    "jilin/fengman/taishan/shuiyun": 47,
    "jilin/chuanying/dadong": 4,
    "changchun/nanguan/minkang": 2,
}
AGES = {(5, 17): 4, (18, 59): 9, (60, 69): 29, (70, 79): 32, (80, 89): 21, (90, 99): 5}
CATEGORIES = {
    "living_alone": 11,
    "empty_nest": 13,
    "left_behind": 5,
    "destitute": 3,
    "disabled_frail": 5,
    "severe_disability": 4,
    "special_family": 3,
    "low_income": 8,
    "": 48,
}
CATEGORIES_UNDER_60 = {"severe_disability": 8, "low_income": 8, "": 84}
EVIDENCE = {
    "living_alone": "社区走访表",
    "empty_nest": "社区走访表",
    "left_behind": "社区走访表",
    "destitute": "特困供养审批表",
    "disabled_frail": "老年人能力评估报告",
    "severe_disability": "残疾人证",
    "special_family": "计划生育特殊家庭扶助证",
    "low_income": "低保证",
}
ALLERGENS = ("shellfish", "fish", "peanut", "egg", "milk", "nuts", "sesame")
FAVOURITES = {
    "longcheng": {
        ("one_meat_two_veg", "stew"): 4,
        ("soft_two_meat", "one_meat_two_veg"): 3,
        ("noodles", "one_meat_two_veg"): 1,
    },
    "shuiyun": {
        ("everyday_two_meat", "one_meat_two_veg"): 4,
        ("soft_two_meat", "everyday_two_meat"): 3,
        ("dumplings", "everyday_two_meat"): 1,
    },
}


class Names(Struct, frozen=True, forbid_unknown_fields=True):
    """The name lists of names.toml."""

    surnames: tuple[str, ...]
    women_old: tuple[str, ...]
    men_old: tuple[str, ...]
    women_young: tuple[str, ...]
    men_young: tuple[str, ...]


def draw_person(rng: Random, names: Names, index: int) -> Person:
    """One person; the same source in the same state gives the same person."""
    born = _born(rng)
    age = (WRITTEN_ON - born).days // 365
    sex = "f" if rng.random() < 0.56 else "m"
    surname = pick(rng, names.surnames)
    area = weighted(rng, AREAS)
    canteen = _canteen(rng, area)
    instructions = _instructions(rng, surname, age)
    if "halal" in instructions:
        canteen = "shuiyun"
    habit = _habit(rng, age, canteen, instructions)
    return Person(
        name=surname + pick(rng, _given_names(names, sex, age)),
        title=_title(rng, sex, age),
        sex=sex,
        born=born,
        area=area,
        register_area="changchun/nanguan/minkang" if area.startswith("jilin/fengman") and rng.random() < 0.05 else None,
        has_id=rng.random() >= 0.02,
        has_phone=age >= 16 and rng.random() >= 0.08,
        categories=_categories(rng, born, age, index),
        instructions=instructions,
        allergies=(pick(rng, ALLERGENS),) if rng.random() < 0.12 else (),
        cards=_cards(rng, age, index),
        wallet_topup_fen=int(weighted(rng, {"5000": 3, "10000": 5, "20000": 2})) if habit.pays_by == "wallet" else 0,
        habit=habit,
        large_type=age >= 75 and rng.random() < 0.3,
    )


def pick(rng: Random, among: Sequence[T]) -> T:
    return among[int(rng.random() * len(among))]


def weighted(rng: Random, weights: Mapping[T, int]) -> T:
    """One of the keys, as often as its weight says."""
    rest = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        rest -= weight
        if rest < 0:
            return key
    raise AssertionError("weights are positive")


def _born(rng: Random) -> date:
    youngest, oldest = weighted(rng, AGES)
    span = (oldest - youngest + 1) * 365
    return WRITTEN_ON - timedelta(days=youngest * 366 + int(rng.random() * (span - youngest)))


def _given_names(names: Names, sex: str, age: int) -> tuple[str, ...]:
    if age >= 55:
        return names.women_old if sex == "f" else names.men_old
    return names.women_young if sex == "f" else names.men_young


def _title(rng: Random, sex: str, age: int) -> str:
    if age < 60 or rng.random() < 0.06:
        return ""
    if rng.random() < 0.08:
        return "老师"
    if age >= 75:
        return "奶奶" if sex == "f" else "爷爷"
    return pick(rng, ("阿姨", "大娘")) if sex == "f" else "大爷"


def _canteen(rng: Random, area: str) -> str:
    home = area.rpartition("/")[2]
    other = {"longcheng": "shuiyun", "shuiyun": "longcheng"}
    if home not in other:
        return "shuiyun"
    return other[home] if rng.random() < 0.06 else home


def _instructions(rng: Random, surname: str, age: int) -> tuple[str, ...]:
    if surname in {"马", "白"} and rng.random() < 0.5:
        return ("halal",)
    if rng.random() < 0.02:
        return ("vegetarian",)
    chances = {
        "soft": 0.5 if age >= 80 else 0.15,
        "low_salt": 0.25,
        "low_sugar": 0.15,
        "low_oil": 0.08,
        "boneless": 0.08,
    }
    return tuple(tag for tag, chance in chances.items() if rng.random() < chance) if age >= 60 else ()


def _habit(rng: Random, age: int, canteen: str, instructions: tuple[str, ...]) -> Habit:
    often = weighted(rng, {"regular": 15, "sometimes": 29, "rarely": 56})
    least, most = {"regular": (0.5, 0.85), "sometimes": (0.1, 0.35), "rarely": (0.0, 0.04)}[often]
    lunch = round(least + rng.random() * (most - least), 2)
    breakfast = round(lunch * 0.4 * rng.random(), 2) if rng.random() < 0.4 else 0.0
    dinner = round(lunch * 0.5 * rng.random(), 2) if rng.random() < 0.5 else 0.0
    return Habit(
        breakfast=breakfast,
        lunch=lunch,
        dinner=dinner,
        favourites=_favourites(rng, canteen, instructions),
        pays_by="wallet" if rng.random() < 0.6 else "cash",
        canteen=canteen,
        no_show=round(0.01 + 0.05 * rng.random(), 3) if age >= 18 else 0.0,
    )


def _favourites(rng: Random, canteen: str, instructions: tuple[str, ...]) -> tuple[str, ...]:
    for strict in ("halal", "vegetarian"):
        if strict in instructions:
            return (strict,)
    if "low_sugar" in instructions:
        return ("low_sugar", "breakfast_low_sugar")
    if "low_oil" in instructions and canteen == "longcheng":
        return ("light", "one_meat_two_veg", "breakfast_congee")
    if {"soft", "low_salt", "boneless"} & set(instructions):
        return ("soft_two_meat", "congee_supper", "breakfast_congee")
    return (*weighted(rng, FAVOURITES[canteen]), pick(rng, ("breakfast_drink", "breakfast_congee")))


def _categories(rng: Random, born: date, age: int, index: int) -> tuple[CategorySpec, ...]:
    held: list[CategorySpec] = []
    if age >= 80:
        held.append(CategorySpec(key="very_old", valid_from=_birthday(born, 80), evidence="身份证（演示）"))
    key = weighted(rng, CATEGORIES if age >= 60 else CATEGORIES_UNDER_60)
    year, month = 2021 + int(rng.random() * 5), 1 + int(rng.random() * 12)
    ended = rng.random() < 0.06
    if key:
        held.append(
            CategorySpec(
                key=key,
                valid_from=date(year, month, 1),
                valid_to=date(2026, 3 + index % 6, 28) if ended else None,
                evidence=f"{EVIDENCE[key]} YS-{year}-{index:04d}（演示）",
            )
        )
    return tuple(held)


def _birthday(born: date, age: int) -> date:
    """The day somebody turns `age`; a leap-day birthday falls on 1 March of a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _cards(rng: Random, age: int, index: int) -> tuple[CardSpec, ...]:
    if age < 16 or rng.random() < 0.05:
        return ()
    number = 6222000000010000 + index * 10
    cards = [CardSpec(number=str(number))]
    if rng.random() < 0.05:
        cards = [CardSpec(number=str(number), state="lost"), CardSpec(number=str(number + 1))]
    if rng.random() < 0.08:
        cards.append(CardSpec(number=str(number + 5), kind="social_security"))
    return tuple(cards)
