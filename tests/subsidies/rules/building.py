"""Builders for rule tests: a small document, a diner, a meal; every default is said here."""

from datetime import UTC, date, datetime

from subsidies.rules.document import load
from subsidies.rules.facts import DayKind, Diner, HeldCategory, Meal, MealKind, MealLine
from subsidies.rules.rule_set import RuleSet

HOME = "jilin/fengman/jianhua/longcheng"
MONDAY = date(2026, 11, 23)

HEAD = """
code = "small"
version = 3
title = { zh = "小方案", en = "small set" }
source = "test"
effective_from = 2020-01-01
"""


def small(rules: str, head: str = "") -> RuleSet:
    """A rule set of `HEAD`, more top-level keys, and rules."""
    return load(HEAD + head + rules)


def rule(
    key: str, body: str = "", benefit: str = '{ kind = "fixed_off", amount = "2" }', split: str = '"district"'
) -> str:
    """One `[[rules]]` table; `body` holds its conditions."""
    return f"""
[[rules]]
key = "{key}"
title = {{ zh = "规则 {key}", en = "rule {key}" }}
benefit = {benefit}
split = {split}
{body}
"""


def diner(age: int | None = 82, *categories: str, lives: str = HOME) -> Diner:
    """Active, living at home; the birthday was on 1 January."""
    born = None if age is None else date(MONDAY.year - age, 1, 1)
    return Diner(
        born=born, living_area=lives, categories=tuple(HeldCategory(key, date(2020, 1, 1)) for key in categories)
    )


def meal(
    *fen: int,
    day: date = MONDAY,
    period: MealKind = "lunch",
    kind: DayKind = "workday",
    canteen: str = "longcheng",
    dishes: tuple[int, ...] = (),
    dearest_set_fen: int | None = 1800,
    dine_in: bool = True,
    delivery_fee_fen: int = 0,
    hour_utc: int = 3,
) -> Meal:
    """Sets at `fen`, dishes at `dishes`; ordered at 11:00 in Shanghai."""
    lines = [MealLine(f"set-{i}", "set", price) for i, price in enumerate(fen)]
    lines += [MealLine(f"dish-{i}", "dish", price) for i, price in enumerate(dishes)]
    ordered_at = datetime(day.year, day.month, day.day, hour_utc, tzinfo=UTC)
    return Meal(canteen, HOME, day, period, ordered_at, kind, tuple(lines), dine_in, delivery_fee_fen, dearest_set_fen)
