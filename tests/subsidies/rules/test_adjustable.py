"""Figures of a document tried otherwise: typed figures are found, others refused, the rest of the document stays."""

import pytest

from subsidies.errors import RuleDocumentError
from subsidies.rules.adjustable import adjusted, adjusted_text, figures
from subsidies.rules.decide import decide
from subsidies.rules.document import load
from subsidies.rules.library import shipped, shipped_codes, shipped_text
from tests.subsidies.rules.building import diner, meal, rule, small


@pytest.mark.parametrize("code", shipped_codes())
def test_as_it_is_a_set_stays_the_same(code: str) -> None:
    rule_set = shipped(code)
    values = {figure.path: figure.value for figure in figures(rule_set)}

    assert values
    assert adjusted(rule_set, values).sha256 == rule_set.sha256


def test_another_amount_decides_otherwise() -> None:
    rule_set = small(rule("a", benefit='{ kind = "fixed_off", amount = "2" }'))
    (figure,) = figures(rule_set)

    assert decide(adjusted(rule_set, {figure.path: "3.5"}), diner(), meal(1500), {}).subsidy_fen == 350


def test_stated_parts_make_up_the_amount() -> None:
    """Who pays how much is asked, not the sum."""
    rule_set = small(
        rule("a", benefit='{ kind = "fixed_off", amount = "12" }', split='{ district = "8", city = "4" }'),
        'cap = { gives_way = ["city", "district"] }\n',
    )
    paths = [figure.path for figure in figures(rule_set)]

    assert paths == ["rules[0].split.district", "rules[0].split.city"]
    tried = adjusted(rule_set, {"rules[0].split.city": "4.50"})
    assert decide(tried, diner(), meal(1500), {}).funder_fen() == {"district": 800, "city": 450}


@pytest.mark.parametrize("typed", ["", "六", "-1", "1.234", "1e3", "０"])
def test_what_is_no_figure_is_refused_by_its_path(typed: str) -> None:
    rule_set = small(rule("a", "age = { from = 60 }"))

    for path in ("rules[0].benefit.amount", "rules[0].age.from"):
        with pytest.raises(RuleDocumentError) as refused:
            adjusted(rule_set, {path: typed})
        assert refused.value.path == path


@pytest.mark.parametrize("code", shipped_codes())
def test_other_figures_are_written_into_the_text_and_nothing_else_changes(code: str) -> None:
    """Line by line: as many lines as before, and only those of the figures differ, each with its comment."""
    text = shipped_text(code)
    found = [figure for figure in figures(load(text)) if figure.kind == "yuan"]
    typed = {figure.path: f"{float(figure.value) + 0.5:.2f}" for figure in found}

    written = adjusted_text(text, typed)

    before, after = text.splitlines(), written.splitlines()
    assert load(written).sha256 == adjusted(load(text), typed).sha256
    assert len(before) == len(after)
    assert [line.partition("#")[2] for line in before] == [line.partition("#")[2] for line in after]
    assert len([line for line in before if line not in after]) <= len(found) * 2
    assert adjusted_text(text, {}) == text
