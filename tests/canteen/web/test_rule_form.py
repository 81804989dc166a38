"""The form of a rule document: sent as it is shown it changes nothing; each field changes its own key and no other."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from canteen.web.forms import Form
from canteen.web.office.rule_form_faults import field_of
from canteen.web.office.rule_forms import LISTS, PARTS, Part, Shown, changed, kept, shown, without
from subsidies.document_leaves import unnamed
from subsidies.rules.document import load
from subsidies.rules.library import shipped_text

_ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = {
    path.stem: path.read_text(encoding="utf-8")
    for folder in ("subsidies/rule_documents", "tests/subsidies/rules/notices")
    for path in sorted((_ROOT / folder).rglob("*.toml"))
}
EXAMPLE = "[[examples]]".join(shipped_text("fengman-example").split("[[examples]]")[:3])
JILIN = shipped_text("jilin-2024")
GUANGZHOU = shipped_text("guangzhou-2025")


def places(text: str) -> Iterator[tuple[Part, int]]:
    """Every form there is for a document."""
    raw = tomllib.loads(text)
    for part in PARTS:
        for index in range(len(raw.get(LISTS[part], ())) if part in LISTS else 1):
            yield part, index


def sent(values: Shown, **otherwise: object) -> Form:
    """What a browser sends of fields as they are shown, some of them changed by hand."""
    fields: list[tuple[str, str]] = []
    for name, value in {**values, **otherwise}.items():
        if name == "gives_way" and isinstance(value, list):
            fields += [("pro_rata", "1")] if value == ["pro_rata"] else []
            fields += [(f"gives_way_{at}", one) for at, one in enumerate(value, 1) if one != "pro_rata"]
        elif name == "dishes_up_to" and value == "dearest_set":
            fields += [("dearest", "1"), (name, "")]
        elif isinstance(value, bool):
            fields += [(name, "1")] if value else []
        else:
            fields += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return Form(fields)


def change(text: str, part: Part, index: int, **otherwise: object) -> str:
    """The document after the form of a part was sent with these fields changed; nothing is refused."""
    form = sent(shown(text, part, index), **otherwise)
    after = changed(text, load(text), part, index, form)
    assert form.errors == {}
    return after


def refused(text: str, part: Part, index: int, **otherwise: object) -> Mapping[str, str]:
    """Field → what is wrong."""
    form = sent(shown(text, part, index), **otherwise)
    changed(text, load(text), part, index, form)
    return form.errors


def leaves(text: str) -> dict[str, str]:
    """Every key of a document with its value, entries by number."""
    raw = tomllib.loads(text)
    found: dict[str, str] = {}
    for kind, entries in [(kind, raw.pop(kind, [])) for kind in LISTS.values()]:
        for at, entry in enumerate(entries):
            found |= dict(line.split(" = ", 1) for line in unnamed({f"{kind}[{at}]": entry}, ()))
    return found | dict(line.split(" = ", 1) for line in unnamed(raw, ()))


def differences(before: str, after: str) -> dict[str, str | None]:
    """Keys that say otherwise; None for what is gone."""
    old, new = leaves(before), leaves(after)
    return {key: new.get(key) for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_form_sent_as_it_is_shown_leaves_every_letter(name: str) -> None:
    """Of the document, and of the last in each of its lists."""
    text = DOCUMENTS[name]

    for part, index in dict(places(text)).items():
        assert change(text, part, index) == text, (part, index)


@pytest.mark.long
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_form_sent_as_it_is_shown_leaves_every_letter(name: str) -> None:
    text = DOCUMENTS[name]

    for part, index in places(text):
        assert change(text, part, index) == text, (part, index)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_no_field_shows_is_told_and_nothing_else(name: str) -> None:
    """Every key of an entry is either among the fields or in the list of what stays as written."""
    text = DOCUMENTS[name]
    raw = tomllib.loads(text)

    for part, index in places(text):
        if part not in LISTS:
            continue
        told = kept(text, part, index)
        fields = "|".join(str(one) for value in shown(text, part, index).values() for one in _each(value))
        named = [one.split(" = ")[0] for one in told]
        for line in unnamed(raw[LISTS[part]][index], [*named, "split"]):
            said = tomllib.loads(f"x = {line.partition(' = ')[2]}")["x"]
            assert said == "dearest_set" or all(str(one) in fields for one in _each(said)), line
        for one in told:
            assert one.split(" = ")[0].split(".")[0] not in {
                "residence",
                "days",
                "weekdays",
                "clock",
                "canteens",
                "dates",
            }


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "fields, keys",
    [
        ({"registered_within": ["jilin/fengman"]}, {"residence.registered.within": '["jilin/fengman"]'}),
        ({"registered_outside": ["jilin/fengman"]}, {"residence.registered.outside": '["jilin/fengman"]'}),
        ({"registered_level": "city"}, {"residence.registered.level": '"city"'}),
        ({"lives_same": "community"}, {"residence.lives.same": '"community"'}),
        ({"lives_not_same": "community"}, {"residence.lives.not_same": '"community"'}),
        ({"confirmed": True}, {"residence.confirmed": "true"}),
        ({"need": "either"}, {"residence.need": '"either"'}),
        ({"lives_within": []}, {"residence.lives.within": None}),
        ({"canteens": ["longcheng"]}, {"canteens": '["longcheng"]'}),
        ({"days": ["workday", "makeup_workday"]}, {"days": '["workday", "makeup_workday"]'}),
        ({"weekdays": ["1", "5"]}, {"weekdays": "[1, 5]"}),
        ({"clock_from": "10:30", "clock_to": "13：00"}, {"clock.from": '"10:30"', "clock.to": '"13:00"'}),
        (
            {"dates_from": date(2027, 2, 5), "dates_to": date(2027, 2, 20)},
            {"dates.from": "2027-02-05", "dates.to": "2027-02-20"},
        ),
        ({"group": ""}, {"group": None}),
        (
            {"budget": "60", "budget_name": "discount", "budget_per": "year", "budget_shared": False},
            {"budget.name": '"discount"', "budget.amount": '"60"', "budget.per": '"year"', "budget.shared": "false"},
        ),
    ],
)
def test_a_field_of_a_rule_changes_its_own_key(fields: dict[str, object], keys: dict[str, str | None]) -> None:
    """And put back it leaves a document that says what it said before."""
    after = change(EXAMPLE, "rule", 2, **fields)

    assert differences(EXAMPLE, after) == {f"rules[2].{key}": value for key, value in keys.items()}
    before = {name: shown(EXAMPLE, "rule", 2)[name] for name in fields}
    assert load(change(after, "rule", 2, **before)).document == load(EXAMPLE).document


def test_a_residence_written_as_a_table_of_its_own_stays_one() -> None:
    after = change(JILIN, "rule", 0, need="both", days=["workday"])

    assert differences(JILIN, after) == {"rules[0].residence.need": '"both"', "rules[0].days": '["workday"]'}
    assert "[rules.residence]" in after
    assert "# The four urban districts." in after


def test_the_scope_names_canteens_and_areas() -> None:
    after = change(EXAMPLE, "scope", 0, canteens=["longcheng", "shuiyun"])
    emptied = change(after, "scope", 0, canteens=[], areas=[])
    there = change(EXAMPLE, "scope", 0, canteens=["longcheng"], examples_there=True)

    assert differences(EXAMPLE, after) == {"scope.canteens": '["longcheng", "shuiyun"]'}
    assert differences(EXAMPLE, emptied) == {"scope.areas": None}
    assert {one.canteen for one in load(there).document.examples} == {"longcheng"}


def test_a_group_takes_rules_and_lets_them_go() -> None:
    """A new one inside the old; what is taken from it stands where it stood."""
    inner = change(
        EXAMPLE, "group", 1, key="meals-for-six", combine="first", parent="government", members=["age-80-89", "age-90-meal"]
    )  # fmt: skip
    fewer = change(inner, "group", 1, members=["age-80-89"])
    gone = without(inner, "group", 1)

    assert differences(EXAMPLE, inner) == {
        "groups[1].combine": '"first"',
        "groups[1].group": '"government"',
        "groups[1].key": '"meals-for-six"',
        "rules[3].group": '"meals-for-six"',
        "rules[4].group": '"meals-for-six"',
    }
    assert load(inner).document.groups[1].group == "government"
    assert differences(inner, fewer) == {"rules[4].group": None}
    assert leaves(gone) == leaves(EXAMPLE)
    assert refused(EXAMPLE, "group", 0, members=[]) == {"members": "rules.form.group-empty"}
    assert refused(EXAMPLE, "group", 1, key="top", members=["age-80-89"]) == {"key": "rules.form.key-taken"}


def test_a_grant_is_written_with_its_conditions() -> None:
    new = {
        "key": "over-90",
        "title_zh": "90岁",
        "title_en": "over 90",
        "to": "operator",
        "amount": "2",
        "age_from": "90",
    }
    after = change(GUANGZHOU, "grant", 4, **new, paid_for="any_meal", weekdays=["6", "7"])

    grant = load(after).document.grants[4]
    assert (grant.amount, grant.funder, grant.paid_for, grant.weekdays) == ("2", "district", "any_meal", (6, 7))
    assert without(after, "grant", 4) == GUANGZHOU
    assert differences(GUANGZHOU, change(GUANGZHOU, "grant", 1, amount="4.50", to="operator")) == {
        "grants[1].amount": '"4.50"',
        "grants[1].to": '"operator"',
    }
    assert refused(GUANGZHOU, "grant", 4, **{**new, "key": "delivery-light"}) == {"key": "rules.form.key-taken"}
    assert refused(GUANGZHOU, "grant", 0, amount="") == {"amount": "forms.required"}


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"clock_from": "10:30"}, {"clock_to": "rules.form.both-ends"}),
        ({"clock_from": "25:00", "clock_to": "13:00"}, {"clock_from": "rules.form.time-wrong"}),
        ({"clock_from": "13:00", "clock_to": "10:30"}, {"clock_to": "rules.form.later"}),
        ({"dates_from": "2027-02-20"}, {"dates_to": "forms.date"}),
        ({"dates_from": "2027-02-20", "dates_to": "2027-02-05"}, {"dates_to": "rules.form.later"}),
        ({"budget": "60", "budget_name": "No"}, {"budget_name": "rules.form.key-wrong"}),
        ({"kind": "allowance"}, {"budget": "forms.required"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(fields: dict[str, object], wrong: dict[str, str]) -> None:
    assert refused(EXAMPLE, "rule", 2, **fields) == wrong


@pytest.mark.parametrize(
    "path, part, field",
    [
        ("rules[2].residence.lives.level", "rule", "lives_within"),
        ("rules[...].days[...]", "rule", None),
        ("rules[2].benefit.cap", "rule", "cap"),
        ("rules[2].budget", "rule", "budget"),
        ("grants[0].funder", "grant", "funder"),
        ("rules[2].benefit", "grant", None),
        ("groups.one.group", "group", "parent"),
        ("groups.one", "group", "members"),
        ("scope.areas", "scope", "areas"),
        ("examples[1].age", "example", "age"),
    ],
)
def test_what_the_reader_refuses_is_said_at_a_field(path: str, part: Part, field: str | None) -> None:
    assert field_of(path, part) == field
