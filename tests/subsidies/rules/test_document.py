"""Reading rule documents: every fault is refused and named by its place."""

import pytest

from subsidies.errors import RuleDocumentError, UnknownRuleSet
from subsidies.rules.decide import decide
from subsidies.rules.document import load, without_examples
from subsidies.rules.library import shipped, shipped_text
from tests.subsidies.rules.building import HEAD, diner, meal, rule, small

DAY = '[[counters]]\nname = "day"\nper = "day"\nlimit = 1\n'


def example(said: str, expected: str = "") -> str:
    return f'[[examples]]\nname = "one"\ndate = 2026-11-23\n{said}\nexpect = {{ self_pay = "13"{expected} }}\n'


FAULTS = [
    ("not toml", "document"),
    ("[[rules]]", "rules[0]"),
    (HEAD, "document"),
    (HEAD + "rules = []", "rules"),
    (HEAD + rule("a", "ages = 60"), "rules[0]"),
    (HEAD + rule("a", "age = { from = 60, until = 70 }"), "rules[0].age"),
    (HEAD + rule("a", "age = { from = 60.5 }"), "rules[0].age.from"),
    (HEAD + rule("a", benefit='{ kind = "fixed_off", amount = 2 }'), "rules[0].benefit.amount"),
    (HEAD + rule("a", benefit='{ kind = "fixed_off", amount = "2.005" }'), "rules[0].benefit"),
    (HEAD + rule("a", benefit='{ kind = "gift", amount = "2" }'), "rules[0].benefit.kind"),
    (HEAD + rule("a", benefit='{ kind = "percent_off", percent = 101 }'), "rules[0].benefit"),
    (HEAD + rule("a", benefit='{ kind = "percent_off", percent = 10, cap = "three" }'), "rules[0].benefit"),
    (HEAD + rule("a", benefit='{ kind = "allowance" }'), "rules[0].budget"),
    (HEAD + rule("a", split='"mayor"'), "rules[0].split"),
    (HEAD + rule("a", split='{ district = "1", city = "2" }'), "rules[0].split"),
    (HEAD + rule("a", split="{ district = 0 }"), "rules[0].split"),
    (HEAD + rule("a", 'categories = { any = ["hungry"] }'), "rules[0].categories"),
    (HEAD + rule("a", 'counters = ["day"]'), "rules[0].counters"),
    (HEAD + rule("a", 'group = "g"'), "rules[0].group"),
    (HEAD + rule("a", "weekdays = [0]"), "rules[0].weekdays"),
    (HEAD + rule("a", 'clock = { from = "13:00", to = "11:00" }'), "rules[0]"),
    (HEAD + rule("a", 'minimum_spend = { at_least = "ten" }'), "rules[0].minimum_spend.at_least"),
    (HEAD + rule("a") + rule("a"), "rules"),
    (HEAD + rule("a") + '[[groups]]\nkey = "g"\ncombine = "add"', "groups.g"),
    (HEAD + rule("a", 'group = "g"') + '[[groups]]\nkey = "g"\ncombine = "add"\ngroup = "g"', "groups.g.group"),
    (HEAD + 'cap = { gives_way = ["mayor"] }' + rule("a"), "cap.gives_way"),
    (HEAD + 'cap = { gives_way = "nobody" }' + rule("a"), "cap.gives_way"),
    (HEAD + "effective_to = 2019-12-31" + rule("a"), "effective_to"),
    (HEAD.replace('"small"', '"Small Set"') + rule("a"), "code"),
    (HEAD.replace("version = 3", "version = 0") + rule("a"), "version"),
    (HEAD + rule("a", 'clock = { from = "11:75", to = "13:00" }'), "rules[0]"),
    (HEAD + rule("a", 'clock = { from = "13:00", to = "13:00" }'), "rules[0]"),
    (HEAD + rule("a", "residence = {}"), "rules[0].residence"),
    (HEAD + rule("a", "residence = { lives = {} }"), "rules[0].residence.lives"),
    (HEAD + rule("a", 'residence = { lives = { level = "city" } }'), "rules[0].residence.lives.level"),
    (HEAD + rule("a") + example('spend = "ten"'), "examples[0].spend"),
    (HEAD + rule("a") + example('lines = [{ price = "10", quantity = 0 }]'), "examples[0].lines[0].quantity"),
    (HEAD + rule("a") + example('lines = [{ price = "1.234" }]'), "examples[0].lines[0].price"),
    (HEAD + rule("a") + example('time = "24:00"'), "examples[0].time"),
    (HEAD + rule("a") + example('time = "7:30"'), "examples[0].time"),
    (HEAD + rule("a") + example("age = 200"), "examples[0].age"),
    (HEAD + rule("a") + example('categories = ["low_imcome"]'), "examples[0].categories"),
    (HEAD + rule("a") + example("used = { day = 1 }"), "examples[0].used"),
    (HEAD + rule("a", 'budget = { name = "p", amount = "9" }') + example("used = { p = 9 }"), "examples[0].used.p"),
    (HEAD + DAY + rule("a") + example('used = { day = "1" }'), "examples[0].used.day"),
    (HEAD + rule("a") + example("", ', shares = { mayor = "1" }'), "examples[0].expect.shares"),
    (HEAD + rule("a") + example("", ', shares = { district = "one" }'), "examples[0].expect.district"),
    (HEAD + rule("a") + example("", ', rules = ["b"]'), "examples[0].expect.rules"),
    (HEAD + rule("a") + example("", ', grants = { b = "1" }'), "examples[0].expect.grants"),
]


@pytest.mark.parametrize("text, path", FAULTS)
def test_a_fault_is_named_by_its_place(text: str, path: str) -> None:
    with pytest.raises(RuleDocumentError) as refused:
        load(text)

    assert refused.value.path == path
    assert refused.value.code == "subsidies.rule-document"
    assert refused.value.problem


def test_what_a_rule_set_says_of_itself() -> None:
    jilin = shipped("jilin-2024")

    assert (jilin.code, jilin.version, jilin.example) == ("jilin-2024", 1, False)
    assert jilin.title.zh.startswith("吉林市")
    assert "2024-06-13" in jilin.source
    assert str(jilin.effective_from) == "2024-06-13"


def test_comments_and_spacing_do_not_change_the_digest_and_a_figure_does() -> None:
    text = shipped_text("tianjin-2022")

    assert load("# note\n" + text.replace(" = ", "   =   ")).sha256 == load(text).sha256
    assert load(text.replace('amount = "3"', 'amount = "4"')).sha256 != load(text).sha256


def test_who_pays_first_is_meaning_and_changes_the_digest() -> None:
    one, other = (
        '{ operator = "1", district = "1", city = "rest" }',
        '{ district = "1", operator = "1", city = "rest" }',
    )

    assert small(rule("a", split=one)).sha256 != small(rule("a", split=other)).sha256


def test_the_canonical_form_is_sorted_json() -> None:
    assert shipped("jilin-2024").canonical().startswith(b'{"code":"jilin-2024","counters":[')


def test_without_examples_only_what_is_in_force_decides() -> None:
    invented = rule("invented", 'example = true\ngroup = "g"') + '[[groups]]\nkey = "g"\ncombine = "highest"\n'
    rules = small(rule("true") + invented)

    assert without_examples(rules).sha256 != rules.sha256
    assert decide(rules, diner(), meal(1500), {}).example
    assert [share.rule for share in decide(without_examples(rules), diner(), meal(1500), {}).shares] == ["true"]
    assert not decide(without_examples(rules), diner(), meal(1500), {}).example


def test_an_example_set_has_nothing_in_force() -> None:
    with pytest.raises(RuleDocumentError):
        without_examples(shipped("fengman-example"))


def test_an_unknown_shipped_set_is_refused_by_name() -> None:
    with pytest.raises(UnknownRuleSet) as refused:
        shipped("atlantis-2030")

    assert refused.value.data["rule_set"] == "atlantis-2030"
