"""What a decision does with counters, combinations, splits and limits."""

from datetime import date

import msgspec
import pytest

from subsidies.rules.decide import decide
from subsidies.rules.facts import Diner, HeldCategory
from subsidies.rules.library import shipped
from tests.subsidies.rules.building import MONDAY, diner, meal, rule, small

DAILY = '[[counters]]\nname = "day"\nper = "day"\nlimit = 1\n'
WEEKLY = '[[counters]]\nname = "week"\nper = "week"\nlimit = 5\n'


def test_equal_gains_go_to_the_rule_written_first() -> None:
    """Both are worth 3.00 of a 3.00 meal; the second's 5.00 is more only on paper."""
    rules = small(
        rule("first", benefit='{ kind = "fixed_off", amount = "3" }')
        + rule("second", benefit='{ kind = "fixed_off", amount = "5" }'),
        'combine = "highest"\n',
    )

    assert decide(rules, diner(), meal(300), {}).shares[0].rule == "first"


@pytest.mark.parametrize("alone, paid", [("4", ["two", "three"]), ("5", ["alone"]), ("6", ["alone"])])
def test_a_group_that_adds_up_counts_as_one_in_a_highest_group(alone: str, paid: list[str]) -> None:
    """2 and 3 together against one rule; equal: the first written."""
    rules = small(
        rule("alone", benefit=f'{{ kind = "fixed_off", amount = "{alone}" }}')
        + rule("two", 'group = "g"')
        + rule("three", 'group = "g"', '{ kind = "fixed_off", amount = "3" }')
        + '[[groups]]\nkey = "g"\ncombine = "add"\n',
        'combine = "highest"\n',
    )

    assert [share.rule for share in decide(rules, diner(), meal(1500), {}).shares] == paid


def test_what_a_group_gave_is_gone_for_the_next_of_a_sequence() -> None:
    """2 and 2 off 15.00, then a tenth of 11.00."""
    rules = small(
        rule("a", 'group = "g"')
        + rule("b", 'group = "g"')
        + rule("c", benefit='{ kind = "percent_off", percent = 10 }')
        + '[[groups]]\nkey = "g"\ncombine = "add"\n',
        'combine = "sequential"\n',
    )

    assert decide(rules, diner(), meal(1500), {}).self_pay_fen == 990


def test_first_stops_at_the_first_rule_that_gives() -> None:
    rules = small(rule("a", "age = { from = 90 }") + rule("b") + rule("c"), 'combine = "first"\n')

    decision = decide(rules, diner(), meal(1500), {})

    assert [share.rule for share in decision.shares] == ["b"]
    assert [step.reason_code for step in decision.steps] == ["age", "granted", "earlier-rule"]


GIVING = rule("a", benefit='{ kind = "fixed_off", amount = "8" }', split='{ district = "5", charity = "3" }') + rule(
    "b", benefit='{ kind = "fixed_off", amount = "4" }', split='"operator"'
)


@pytest.mark.parametrize(
    "order, district, charity, operator",
    [
        ('["charity", "operator", "district"]', 500, 100, 400),
        ('["operator", "charity", "district"]', 500, 300, 200),
        ('["district", "operator", "charity"]', 300, 300, 400),
        ('"pro_rata"', 417, 250, 333),
    ],
)
def test_who_gives_way_when_the_parts_exceed_the_price(order: str, district: int, charity: int, operator: int) -> None:
    rules = small(GIVING, f"cap = {{ gives_way = {order} }}\n")

    decision = decide(rules, diner(), meal(1000), {})

    assert decision.funder_fen() == {"district": district, "charity": charity, "operator": operator}
    assert (decision.self_pay_fen, decision.reduced_fen) == (0, 200)


def test_a_minimum_self_pay_is_left_to_the_diner() -> None:
    rules = small(GIVING, 'cap = { minimum_self_pay = "1", gives_way = ["charity", "operator", "district"] }\n')

    assert decide(rules, diner(), meal(1000), {}).self_pay_fen == 100
    assert decide(rules, diner(), meal(50), {}).self_pay_fen == 50


def test_a_funder_cut_to_nothing_has_no_share_and_takes_no_counter() -> None:
    rules = small(
        rule("free", benefit='{ kind = "free_up_to", amount = "20" }')
        + rule("gift", 'counters = ["day"]', split='"charity"'),
        'cap = { gives_way = ["charity", "district"] }\n' + DAILY,
    )

    decision = decide(rules, diner(), meal(1500), {})

    assert [share.funder for share in decision.shares] == ["district"]
    assert decision.counters == ()


def test_the_stated_funder_takes_the_odd_fen() -> None:
    rules = small(
        rule(
            "a",
            'odd_fen_to = "city"',
            '{ kind = "fixed_off", amount = "10" }',
            "{ district = 1, city = 1, charity = 1 }",
        )
    )

    assert decide(rules, diner(), meal(1500), {}).funder_fen() == {"district": 333, "city": 334, "charity": 333}


def test_stated_amounts_come_first_and_the_rest_by_weight() -> None:
    rules = small(rule("a", "", '{ kind = "percent_off", percent = 50 }', '{ operator = "2", district = "rest" }'))

    assert decide(rules, diner(), meal(1500), {}).funder_fen() == {"operator": 200, "district": 550}
    assert decide(rules, diner(), meal(300), {}).funder_fen() == {"operator": 150}


def test_the_rest_of_an_order_pays_list() -> None:
    free = small(
        rule("a", benefit='{ kind = "percent_off", percent = 100 }'),
        'own_meal = { dishes_up_to = "dearest_set", without_sets = "15" }\n',
    )

    assert decide(free, diner(), meal(1500, 1200), {}).self_pay_fen == 1200
    assert decide(free, diner(), meal(dishes=(1000, 1000)), {}).self_pay_fen == 200
    assert decide(free, diner(), meal(dishes=(1000, 1000), dearest_set_fen=None), {}).self_pay_fen == 500
    assert decide(free, diner(), meal(600, dishes=(900,)), {}).own_meal_fen == 900


def test_the_delivery_fee_is_paid_by_the_diner_and_never_counts() -> None:
    rules = small(rule("a", 'minimum_spend = { at_least = "10", counts = "order" }'))

    assert decide(rules, diner(), meal(800, dine_in=False, delivery_fee_fen=200), {}).self_pay_fen == 1000
    assert decide(rules, diner(), meal(1000, dine_in=False, delivery_fee_fen=200), {}).self_pay_fen == 1000


def test_a_meal_taken_away_is_neither_eaten_in_nor_delivered() -> None:
    rules = small(
        rule("in", "dine_in = true")
        + rule("out", "dine_in = false")
        + rule("brought", 'ways = ["delivery"]')
        + rule("fetched", 'ways = ["dine_in", "take_away"]')
    )

    def applied(**way: bool) -> set[str]:
        order = msgspec.structs.replace(meal(1500), **way)
        return {share.rule for share in decide(rules, diner(), order, {}).shares}

    assert applied() == {"in", "fetched"}
    assert applied(dine_in=False) == {"out", "brought"}
    assert applied(dine_in=False, taken_away=True) == {"out", "fetched"}


def test_a_grant_for_deliveries_is_not_paid_for_what_is_taken_away() -> None:
    grant = (
        '[[grants]]\nkey = "way"\ntitle = { zh = "送", en = "way" }\nto = "courier"\namount = "2"\n'
        'funder = "district"\npaid_for = "delivery"\n'
    )
    rules = small(rule("a") + grant)

    brought = decide(rules, diner(), meal(1500, dine_in=False), {})
    fetched = decide(rules, diner(), msgspec.structs.replace(meal(1500, dine_in=False), taken_away=True), {})

    assert [one.fen for one in brought.grants] == [200]
    assert fetched.grants == ()
    assert fetched.steps[-1].reason_code == "delivery"


def test_a_sold_out_line_can_drop_the_spend_under_a_threshold() -> None:
    rules = small(rule("a", 'minimum_spend = { at_least = "15" }'), 'own_meal = { dishes_up_to = "20" }\n')

    assert decide(rules, diner(), meal(dishes=(900, 600)), {}).self_pay_fen == 1300
    assert decide(rules, diner(), meal(dishes=(900,)), {}).self_pay_fen == 900


def test_a_rule_may_hold_for_some_dates_only() -> None:
    rules = small(rule("a", "dates = { from = 2026-11-23, to = 2026-11-24 }"))

    given = [decide(rules, diner(), meal(1500, day=date(2026, 11, d)), {}).subsidy_fen for d in (22, 23, 24, 25)]

    assert given == [0, 200, 200, 0]


@pytest.mark.parametrize("hour_utc, subsidy", [(2, 0), (3, 200), (4, 200), (5, 0)])
def test_a_clock_window_is_shanghai_time_and_half_open(hour_utc: int, subsidy: int) -> None:
    rules = small(rule("a", 'clock = { from = "11:00", to = "13:00" }'))

    assert decide(rules, diner(), meal(1500, hour_utc=hour_utc), {}).subsidy_fen == subsidy


def test_a_category_counts_from_its_first_to_its_last_day() -> None:
    rules = small(rule("a", 'categories = { any = ["low_income"] }'))
    held = HeldCategory("low_income", date(2026, 11, 23), date(2026, 11, 24))
    person = Diner(born=date(1950, 1, 1), categories=(held,))

    given = [decide(rules, person, meal(1500, day=date(2026, 11, d)), {}).subsidy_fen for d in (22, 23, 24, 25)]

    assert given == [0, 200, 200, 0]


def test_categories_all_and_none() -> None:
    rules = small(rule("a", 'categories = { all = ["very_old", "living_alone"], none = ["destitute"] }'))

    def given(*held: str) -> int:
        return decide(rules, diner(82, *held), meal(1500), {}).subsidy_fen

    assert given("very_old", "living_alone") == 200
    assert given("very_old") == 0
    assert given("very_old", "living_alone", "destitute") == 0


@pytest.mark.parametrize("status", ["suspended", "moved", "deceased", "institution"])
def test_an_excluded_status_pays_list(status: str) -> None:
    person = Diner(born=date(1940, 1, 1), status=status)  # type: ignore[arg-type]

    assert decide(small(rule("a")), person, meal(1500), {}).self_pay_fen == 1500


def test_eating_elsewhere_can_lose_a_layer() -> None:
    home = 'residence = { lives = { same = "community" } }'
    away = 'residence = { lives = { same = "district", not_same = "community" } }'
    rules = small(rule("home", home, '{ kind = "fixed_off", amount = "5" }') + rule("away", away))

    def given(lives: str) -> int:
        return decide(rules, diner(82, lives=lives), meal(1500), {}).subsidy_fen

    assert given("jilin/fengman/jianhua/longcheng") == 500
    assert given("jilin/fengman/taishan/shuiyun") == 200
    assert given("jilin/chuanying/x/y") == 0
    assert given("") == 0


def test_a_guest_pays_list_unless_a_rule_is_for_guests() -> None:
    rules = small(rule("a") + rule("everyone", "guests = true", '{ kind = "fixed_off", amount = "1" }', '"operator"'))

    decision = decide(rules, None, meal(1500), {})

    assert [(share.rule, share.category) for share in decision.shares] == [("everyone", "guest")]


def test_a_diner_without_date_of_birth_gets_no_age_rule() -> None:
    decision = decide(small(rule("a", "age = { from = 60 }")), diner(None), meal(1500), {})

    assert decision.steps[0].reason_code == "age-unknown"


def test_out_of_dates_or_scope_everyone_pays_list_and_the_steps_say_why() -> None:
    rules = small(rule("a"), 'effective_to = 2026-11-23\nscope = { canteens = ["longcheng"] }\n')

    assert decide(rules, diner(), meal(1500, day=MONDAY), {}).subsidy_fen == 200
    assert decide(rules, diner(), meal(1500, day=date(2026, 11, 24)), {}).steps[0].reason_code == "not-in-force"
    assert decide(rules, diner(), meal(1500, canteen="shuiyun"), {}).steps[0].reason_code == "out-of-scope"


def test_price_rounding_is_not_benefit_rounding() -> None:
    """85 % of 9.90 is 8.415: to the jiao the price becomes 8.40, the benefit (1.485) 1.50."""
    whole = '{{ kind = "percent_off", percent = 15, round_to = "jiao", rounds = "{}" }}'

    assert decide(small(rule("a", benefit=whole.format("price"))), diner(), meal(990), {}).self_pay_fen == 840
    assert decide(small(rule("a", benefit=whole.format("benefit"))), diner(), meal(990), {}).self_pay_fen == 840
    assert decide(small(rule("a", benefit=whole.format("price"))), diner(), meal(995), {}).self_pay_fen == 850
    assert decide(small(rule("a", benefit=whole.format("benefit"))), diner(), meal(995), {}).self_pay_fen == 845


def test_each_fen_belongs_to_one_rule_and_one_category() -> None:
    demo = shipped("fengman-example")

    decision = decide(demo, diner(84, "living_alone", "special_family"), meal(1500), {})

    assert {(share.rule, share.category) for share in decision.shares} == {
        ("age-80-89", "80-89"),
        ("care-charity", "living_alone"),
    }
