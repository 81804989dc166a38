"""The derivation: what each rule and grant says of itself, word for word, and in which order."""

from datetime import date

import msgspec
import pytest

from subsidies.rules.decide import counters_needed, decide
from subsidies.rules.decision import Step, StepFact
from subsidies.rules.facts import Diner, HeldCategory, Meal
from tests.subsidies.rules.building import HOME, diner, meal, rule, small

LUNCH = meal(1500)
DAILY = '[[counters]]\nname = "day"\nper = "day"\nlimit = 2\n'
Data = dict[str, StepFact]


def grant(key: str, body: str = "") -> str:
    return (
        f'[[grants]]\nkey = "{key}"\ntitle = {{ zh = "补", en = "grant" }}\nto = "courier"\namount = "2.50"\n'
        f'funder = "city"\n{body}\n'
    )


@pytest.mark.parametrize(
    "body, person, order, code, data",
    [
        ("", None, LUNCH, "guest", {}),
        ('residence = { confirmed = true }\nguests = true', None, LUNCH, "guest", {}),
        ("", Diner(status="moved"), LUNCH, "status", {"status": "moved"}),
        ('excluded_statuses = ["institution"]', Diner(status="institution"), LUNCH, "status", {"status": "institution"}),
        ("age = { from = 60 }", Diner(), LUNCH, "age-unknown", {}),
        ("age = { from = 60 }", diner(59), LUNCH, "age", {"age": 59, "band": "60+"}),
        ("age = { from = 60, to = 69 }", diner(70), LUNCH, "age", {"age": 70, "band": "60-69"}),
        ("age = { under = 60 }", diner(60), LUNCH, "age", {"age": 60, "band": "0-59"}),
        ("age = { from = 60, over = 64, to = 80, under = 70 }", diner(70), LUNCH, "age", {"age": 70, "band": "65-69"}),
        (
            'categories = { any = ["destitute", "low_income"] }', diner(82, "very_old"), LUNCH, "category",
            {"any": ("destitute", "low_income"), "all": (), "none": ()},
        ),
        (
            'categories = { all = ["destitute", "low_income"], none = ["very_old"] }', diner(82, "destitute"), LUNCH,
            "category", {"any": (), "all": ("destitute", "low_income"), "none": ("very_old",)},
        ),
        ('residence = { lives = { within = ["x"] } }', diner(), LUNCH, "residence", {"lives": HOME}),
        ('residence = { registered = { level = "city" } }', diner(), LUNCH, "residence", {"registered": "", "register": "none"}),
        (
            'residence = { lives = { outside = ["jilin"] }, confirmed = true }', diner(), LUNCH, "residence",
            {"lives": HOME, "confirmed": False},
        ),
        (
            'residence = { lives = { not_same = "district" } }', diner(), LUNCH, "residence",
            {"lives": HOME, "canteen_area": HOME},
        ),
        ("residence = { confirmed = true }", diner(), LUNCH, "residence-unconfirmed", {}),
        ('meals = ["dinner"]', diner(), LUNCH, "meal", {"meal": "lunch", "for": ("dinner",)}),
        ('days = ["holiday"]', diner(), LUNCH, "day", {"day": "workday", "for": ("holiday",)}),
        ('canteens = ["shuiyun"]', diner(), LUNCH, "canteen", {"canteen": "longcheng"}),
        ("weekdays = [2, 3]", diner(), LUNCH, "weekday", {"weekday": 1}),
        (
            "dates = { from = 2026-11-24, to = 2026-11-30 }", diner(), LUNCH, "dates",
            {"from": "2026-11-24", "to": "2026-11-30"},
        ),
        ('clock = { from = "07:35", to = "11:00" }', diner(), LUNCH, "clock", {"from": "07:35", "to": "11:00"}),
        ("dine_in = true", diner(), meal(1500, dine_in=False), "dine-in", {}),
        ("dine_in = false", diner(), LUNCH, "away", {}),
        ('ways = ["delivery"]', diner(), LUNCH, "way", {"way": "dine_in", "for": ("delivery",)}),
        (
            'minimum_spend = { more_than = "15", less_than = "20", measured_on = "list" }', diner(), LUNCH, "spend",
            {"spend_fen": 1500, "at_least_fen": 1501, "below_fen": 2000, "measured_on": "list"},
        ),
        (
            'minimum_spend = { at_most = "14.99" }', diner(), LUNCH, "spend",
            {"spend_fen": 1500, "at_least_fen": 0, "below_fen": 1500, "measured_on": "list"},
        ),
        (
            'minimum_spend = { at_least = "16", at_most = "30", less_than = "20", measured_on = "net" }', diner(), LUNCH, "spend",
            {"spend_fen": 1500, "at_least_fen": 1600, "below_fen": 2000, "measured_on": "net"},
        ),
    ],
)  # fmt: skip
def test_a_rule_says_why_it_did_not_apply(body: str, person: Diner | None, order: Meal, code: str, data: Data) -> None:
    rules = small(rule("a", body), 'excluded_statuses = ["moved", "deceased"]\n')

    decision = decide(rules, person, order, {})

    assert decision.steps == (Step("a", "not_applicable", code, data),)
    assert decision.subsidy_fen == 0


@pytest.mark.parametrize(
    "body, person",
    [
        ('residence = { lives = { outside = ["jilin/changyi", "x"] } }', diner()),
        ('residence = { lives = { within = ["x", "jilin/fengman"] } }', diner()),
        ('residence = { registered = { level = "city" } }', Diner(register="city")),
        ('residence = { registered = { within = ["x"] }, lives = { within = ["jilin"] }, need = "either" }', diner()),
        ("residence = { confirmed = true }", Diner(residence_confirmed=True)),
        ('minimum_spend = { at_least = "15", at_most = "15" }', diner()),
        ('minimum_spend = { at_least = "14", more_than = "14.99", less_than = "15.01", at_most = "20" }', diner()),
        ("weekdays = [1]", diner()),
        ('clock = { from = "11:00", to = "11:01" }', diner()),
        ('clock = { from = "10:59", to = "11:35" }', diner()),
        ("dates = { from = 2026-11-23, to = 2026-11-23 }", diner()),
        ("excluded_statuses = []", Diner(status="active")),
    ],
)
def test_a_rule_that_just_fits_applies(body: str, person: Diner) -> None:
    decision = decide(small(rule("a", body)), person, LUNCH, {})

    assert decision.steps == (Step("a", "applied", "granted", {"amount_fen": 200, "on_fen": 1500}),)


def test_what_counts_of_an_order_is_said_by_the_threshold() -> None:
    """Two sets of 6 and a dish of 2: the own meal is 6, the sets 12, the order 14."""
    order = meal(600, 600, dishes=(200,))

    def reaches(counts: str) -> list[int]:
        body = 'minimum_spend = {{ at_least = "{}", counts = "{}" }}'
        return [
            n
            for n in (6, 7, 12, 13, 14, 15)
            if decide(small(rule("a", body.format(n, counts))), diner(), order, {}).shares
        ]

    assert reaches("own_meal") == [6]
    assert reaches("sets") == [6, 7, 12]
    assert reaches("order") == [6, 7, 12, 13, 14]


def test_net_is_what_earlier_rules_left_of_the_spend_counted() -> None:
    """An order of 14, its own meal 6: 2 off leaves 12 of the order."""
    rules = small(
        rule("a") + rule("b", 'minimum_spend = { at_least = "12.01", counts = "order", measured_on = "net" }'),
        'combine = "sequential"\n',
    )

    step = decide(rules, diner(), meal(600, 600, dishes=(200,)), {}).steps[1]

    assert step.data == {"spend_fen": 1200, "at_least_fen": 1201, "below_fen": None, "measured_on": "net"}


def test_of_a_price_already_taken_off_nothing_is_left_to_measure() -> None:
    rules = small(
        rule("a", benefit='{ kind = "free_up_to", amount = "20" }')
        + rule("b", 'minimum_spend = { more_than = "0", measured_on = "net" }'),
        'combine = "sequential"\n',
    )

    assert decide(rules, diner(), LUNCH, {}).steps[1].data["spend_fen"] == 0


def test_counters_and_budgets_say_what_was_used_and_what_is_left() -> None:
    rules = small(
        rule("a", 'counters = ["day"]')
        + rule("b", 'budget = { name = "purse", amount = "5" }', '{ kind = "fixed_off", amount = "3" }'),
        DAILY,
    )
    day, purse = counters_needed(rules, diner(), LUNCH)

    some = decide(rules, diner(), LUNCH, {day: 1, purse: 400})
    none = decide(rules, diner(), LUNCH, {day: 2, purse: 500})

    assert some.steps == (
        Step("a", "applied", "granted", {"amount_fen": 200, "on_fen": 1500}),
        Step("b", "applied", "granted", {"amount_fen": 100, "on_fen": 1500}),
        Step("", "applied", "counter-taken", {
            "counter": "small.day", "period": "2026-11-23", "before": 1, "after": 2, "cap": 2, "unit": "meals",
        }),
        Step("", "applied", "counter-taken", {
            "counter": "small.purse", "period": "2026-11", "before": 400, "after": 500, "cap": 500, "unit": "fen",
        }),
    )  # fmt: skip
    assert none.steps == (
        Step(
            "a", "not_applicable", "counter-used", {"counter": "small.day", "period": "2026-11-23", "used": 2, "cap": 2}
        ),
        Step(
            "b",
            "not_applicable",
            "budget-used",
            {"counter": "small.purse", "period": "2026-11", "used": 500, "cap": 500},
        ),
    )


def test_what_leaves_something_to_pay_and_what_has_nothing_to_give() -> None:
    rules = small(
        rule("a", 'leaves_at_least = "12"', '{ kind = "fixed_off", amount = "9" }')
        + rule("b", 'leaves_at_least = "20"')
        + rule("c", 'on = "list"', '{ kind = "percent_off", percent = 10 }'),
        'combine = "sequential"\n',
    )

    assert decide(rules, diner(), LUNCH, {}).steps == (
        Step("a", "applied", "granted", {"amount_fen": 300, "on_fen": 1500}),
        Step("b", "not_applicable", "nothing-to-give", {"on_fen": 1200}),
        Step("c", "applied", "granted", {"amount_fen": 150, "on_fen": 1500}),
    )


def test_who_gave_way_and_who_was_not_chosen() -> None:
    best = small(rule("a") + rule("b", benefit='{ kind = "fixed_off", amount = "3" }'), 'combine = "highest"\n')
    first = small(rule("a") + rule("b", 'meals = ["dinner"]'), 'combine = "first"\n')
    both = small(rule("a") + rule("b", split='"city"'), 'cap = { gives_way = ["city", "district"] }\n')

    assert decide(best, diner(), LUNCH, {}).steps[0] == Step(
        "a", "not_chosen", "lower", {"amount_fen": 200, "chosen": "b"}
    )
    assert decide(best, diner(), meal(0), {}).steps[0].data == {"amount_fen": 200, "chosen": None}
    assert decide(first, diner(), LUNCH, {}).steps[1] == Step("b", "not_chosen", "earlier-rule", {"chosen": "a"})
    assert decide(both, diner(), meal(300), {}).steps[1] == Step(
        "b", "reduced", "gives-way", {"amount_fen": 100, "on_fen": 300, "full_fen": 200}
    )


def test_out_of_dates_or_scope_each_rule_says_so_and_no_grant_is_paid() -> None:
    rules = small(rule("a") + grant("g", 'paid_for = "any_meal"'), 'scope = { canteens = ["longcheng"] }\n')
    away, early = meal(1500, canteen="shuiyun"), meal(1500, day=date(2019, 12, 31))

    for order, code in ((away, "out-of-scope"), (early, "not-in-force")):
        decision = decide(rules, diner(), order, {})
        data: Data = {"canteen": order.canteen, "date": order.date.isoformat()}
        assert (decision.steps, decision.grants) == ((Step("a", "not_applicable", code, data),), ())
        assert counters_needed(rules, diner(), order) == ()


def test_grants_say_what_they_gave_to_whom_and_why_not() -> None:
    rules = small(
        rule("a", "age = { from = 90 }")
        + grant("meal")
        + grant("any", 'paid_for = "any_meal"\ncounters = ["day"]\ncategory = "kitchen"')
        + grant("delivery", 'paid_for = "delivery"')
        + grant("dear", 'paid_for = "any_meal"\nminimum_spend = { at_least = "20" }')
        + grant("young", 'paid_for = "any_meal"\nage = { under = 60 }'),
        DAILY,
    )

    decision = decide(rules, diner(82), LUNCH, {})

    assert [(one.grant, one.to, one.funder, one.programme, one.category, one.fen) for one in decision.grants] == [
        ("any", "courier", "city", "meals", "kitchen", 250)
    ]
    assert {
        step.rule: (step.outcome, step.reason_code, step.data)
        for step in decision.steps
        if step.rule in {"meal", "any", "delivery"}
    } == {
        "meal": ("not_applicable", "no-subsidised-meal", {}),
        "any": ("applied", "granted", {"amount_fen": 250, "to": "courier"}),
        "delivery": ("not_applicable", "delivery", {}),
    }
    assert [step.rule for step in decision.steps] == ["a", "meal", "any", "delivery", "dear", "young", ""]
    assert [use.take for use in decision.counters] == [1]
    assert decide(rules, diner(92), LUNCH, {}).grants[0].category == "all"


@pytest.mark.parametrize(
    "body, person, category",
    [
        ('category = "stated"\nage = { from = 60 }', diner(82, "low_income"), "stated"),
        (
            'categories = { any = ["destitute"], all = ["low_income"] }',
            diner(82, "low_income", "destitute"),
            "destitute",
        ),
        ('categories = { all = ["low_income"] }\nage = { from = 60 }', diner(82, "low_income"), "low_income"),
        ('categories = { none = ["destitute"] }\nage = { from = 60, to = 89 }', diner(82), "60-89"),
        ("", diner(82), "all"),
        ("guests = true", None, "guest"),
    ],
)
def test_each_fen_is_attributed_to_what_is_stated_held_or_to_the_age(
    body: str, person: Diner | None, category: str
) -> None:
    assert [share.category for share in decide(small(rule("a", body)), person, LUNCH, {}).shares] == [category]


def test_facts_met_again_are_judged_alike_and_many_facts_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two of each kind, a hundred canteens and residences are still decided right."""
    monkeypatch.setattr("subsidies.rules.sieve.MOST_KEPT", 2)
    monkeypatch.setattr("subsidies.rules.case._MOST_KEYS", 2)
    rules = small(
        rule("a", 'canteens = ["c-3"]\ncounters = ["day"]\nresidence = { lives = { same = "community" } }')
        + rule("b", 'categories = { any = ["low_income"] }', split='"city"'),
        DAILY + "shared = false\n",
    )
    for number in [*range(6), *range(6)]:
        order = msgspec.structs.replace(LUNCH, canteen=f"c-{number}", canteen_area=f"p/q/r/{number}")
        held = (HeldCategory("low_income", date(2020, 1, 1)),) if number % 2 else ()
        person = Diner(living_area=f"p/q/r/{number}", categories=held)

        decision = decide(rules, person, order, {})

        wanted = ["a"] * (number == 3) + ["b"] * (number % 2)
        assert [share.rule for share in decision.shares] == wanted
        assert [key.canteen for key in counters_needed(rules, person, order)] == (["c-3"] if number == 3 else [])
    assert max(rules.sieve.remembered) == 2
