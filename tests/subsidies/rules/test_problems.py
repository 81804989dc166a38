"""What is wrong with a document is said in Chinese too: no raise in the reader is without words."""

import re
from pathlib import Path

import pytest

import subsidies.rules
from subsidies.errors import RuleDocumentError
from subsidies.rules.document import load
from subsidies.rules.problems import ADVICE, PROBLEMS, code_of, fault_advice, fault_words, problem_words
from tests.subsidies.rules.building import HEAD, rule
from tests.subsidies.rules.test_document import FAULTS


def refused(text: str) -> RuleDocumentError:
    with pytest.raises(RuleDocumentError) as caught:
        load(text)
    return caught.value


@pytest.mark.parametrize("text, path", FAULTS)
def test_every_fault_is_told_in_chinese(text: str, path: str) -> None:
    error = refused(text)

    assert code_of(error) in PROBLEMS, error.problem
    assert re.search("[一-鿿]", problem_words(error, "zh"))
    assert problem_words(error, "en") == error.problem


def test_what_the_author_wrote_is_in_the_sentence() -> None:
    money = refused(HEAD + rule("a", 'minimum_spend = { at_least = "ten" }'))
    kind = refused(HEAD + rule("a", benefit='{ kind = "fixed_off", amount = 2 }'))

    assert problem_words(money, "zh") == '金额要写成 "6" 或 "6.50"，不能是「ten」'
    assert problem_words(kind, "zh") == "这里应当是引号里的文字，写的是整数"


def test_a_problem_without_words_stays_as_it_is() -> None:
    error = RuleDocumentError("rules", "something new")

    assert (code_of(error), problem_words(error, "zh")) == ("other", "something new")


def test_the_place_and_what_to_do_are_told_in_both_languages() -> None:
    unknown = refused(HEAD + rule("a", "aged = { from = 60 }"))

    assert fault_words(unknown, "zh").startswith("rules[0]：没有「aged」")
    assert fault_words(unknown, "en").startswith("rules[0]: Object contains unknown field `aged`")
    assert fault_advice(unknown, "zh") == "删掉它，或照说明改正拼写"
    assert fault_advice(unknown, "en").startswith("take it out")
    assert fault_words(refused("x"), "zh").startswith("不是 TOML")
    assert "引号" in fault_advice(refused("x"), "zh")


def test_advice_is_for_problems_there_are() -> None:
    assert set(ADVICE) <= set(PROBLEMS)


def test_every_sentence_of_the_reader_has_chinese() -> None:
    """Sentences are written where they are raised; each must be one of the table."""
    folder = Path(subsidies.rules.__file__).parent
    raised = set()
    for name in ("document.py", "conditions.py", "split.py", "benefits.py", "adjustable.py"):
        source = (folder / name).read_text(encoding="utf-8")
        raised |= set(
            re.findall(
                r"(?:RuleDocumentError\([^\"'()]*(?:f?\"[^\"]*\")?,\s*|ValueError\()f?[\"']([^\n]+?)[\"']\)", source
            )
        )

    assert len(raised) > 12
    for sentence in raised:
        said = re.sub(r"\{[^}]*\}", "x", sentence.split('" if ')[0])
        assert code_of(RuleDocumentError("at", said)) != "other", sentence
