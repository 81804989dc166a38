"""A document's own worked examples, run at every publish: who, when, where, spend → shares and self-pay."""

from datetime import date, datetime

from msgspec import Struct

from subsidies.money import format_yuan, parse_yuan
from subsidies.rules.case import SHANGHAI
from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import Decision
from subsidies.rules.facts import DayKind, Diner, HeldCategory, Meal, MealLine, Used
from subsidies.rules.language import Example
from subsidies.rules.rule_set import RuleSet


class ExampleResult(Struct, frozen=True):
    """`differences` says each figure that came out otherwise, as (what, expected, actual); empty when it passed."""

    name: str
    passed: bool
    differences: tuple[tuple[str, str, str], ...]
    decision: Decision


def run_examples(rule_set: RuleSet) -> list[ExampleResult]:
    """Every example, in document order."""
    return [run_example(rule_set, example) for example in rule_set.examples]


def run_example(rule_set: RuleSet, example: Example) -> ExampleResult:
    """One example against the set as it is."""
    diner, meal = diner_of(example), meal_of(example)
    decision = decide(rule_set, diner, meal, _used(rule_set, example, diner, meal))
    expect = example.expect
    compared = [("self_pay", format_yuan(parse_yuan(expect.self_pay).fen), format_yuan(decision.self_pay_fen))]
    if expect.shares is not None:
        compared.append(("shares", _words(expect.shares), _words(_yuan(decision.funder_fen()))))
    if expect.rules is not None:
        paid = tuple(dict.fromkeys(share.rule for share in decision.shares))
        compared.append(("rules", ", ".join(sorted(expect.rules)), ", ".join(sorted(paid))))
    if expect.grants is not None:
        given = {grant.grant: grant.fen for grant in decision.grants}
        compared.append(("grants", _words(expect.grants), _words(_yuan(given))))
    differences = tuple(row for row in compared if row[1] != row[2])
    return ExampleResult(example.name, not differences, differences, decision)


def diner_of(example: Example) -> Diner | None:
    """The diner an example speaks of; `age` is reached on 1 January of the meal's year."""
    if example.guest:
        return None
    born = example.born
    if born is None and example.age is not None:
        born = date(example.date.year - example.age, 1, 1)
    return Diner(
        born=born,
        register=example.register,
        register_area=example.registered,
        living_area=example.lives,
        residence_confirmed=example.residence_confirmed,
        status=example.status,
        categories=tuple(HeldCategory(key, date.min) for key in example.categories),
    )


def meal_of(example: Example) -> Meal:
    """The meal an example speaks of: one set at `spend`, or its lines; Saturday and Sunday rest unless `day` says so."""
    hour, minute = example.time.split(":")
    day: DayKind = example.day or ("rest_day" if example.date.isoweekday() > 5 else "workday")
    lines = tuple(
        MealLine(f"line-{i}", line.kind, parse_yuan(line.price).fen, line.quantity)
        for i, line in enumerate(example.lines)
    )
    if example.spend is not None:
        lines = (MealLine("set", "set", parse_yuan(example.spend).fen), *lines)
    return Meal(
        canteen=example.canteen,
        canteen_area=example.canteen_area,
        date=example.date,
        meal=example.meal,
        ordered_at=datetime(
            example.date.year, example.date.month, example.date.day, int(hour), int(minute), tzinfo=SHANGHAI
        ),
        day_kind=day,
        lines=lines,
        dine_in=example.dine_in and not example.taken_away,
        taken_away=example.taken_away,
        delivery_fee_fen=parse_yuan(example.delivery_fee).fen,
        dearest_set_fen=None if example.dearest_set is None else parse_yuan(example.dearest_set).fen,
    )


def _used(rule_set: RuleSet, example: Example, diner: Diner | None, meal: Meal) -> Used:
    """Counters by their name in the document: meals as a number, budgets as yuan."""
    counters = {}
    for key in counters_needed(rule_set, diner, meal):
        used = example.used.get(key.name.removeprefix(f"{rule_set.code}."))
        if used is not None:
            counters[key.id] = used if isinstance(used, int) else parse_yuan(used).fen
    return Used(counters)


def _yuan(fen: dict[str, int]) -> dict[str, str]:
    return {name: format_yuan(amount) for name, amount in fen.items()}


def _words(amounts: dict[str, str]) -> str:
    """Names sorted, amounts in one spelling; nothing for a zero."""
    fen = {name: parse_yuan(text).fen for name, text in amounts.items()}
    return ", ".join(f"{name} {format_yuan(fen[name])}" for name in sorted(fen) if fen[name])
