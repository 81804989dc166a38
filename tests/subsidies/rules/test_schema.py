"""The published schema is the grammar: made from it, saying of every key what it means, and true of every document shipped."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date

import pytest

from subsidies.rules.library import shipped_codes, shipped_text
from subsidies.rules.schema import FILE, WORDS, YUAN, schema, text

SCHEMA = json.loads(text())


def faults(value: object, rule: dict[str, object], at: str) -> Iterator[str]:
    """What a validator would say; only the words of JSON Schema that the file uses."""
    if "$ref" in rule:
        rule = {**SCHEMA["$defs"][str(rule["$ref"]).rpartition("/")[2]], **rule}
    if "anyOf" in rule:
        tried = [list(faults(value, choice, at)) for choice in rule["anyOf"]]  # type: ignore[attr-defined]
        if all(tried):
            yield min(tried, key=len)[0]
        return
    kinds = {"object": dict, "array": list, "string": (str, date), "integer": int, "boolean": bool}
    if "type" in rule and not isinstance(value, kinds[str(rule["type"])]):  # type: ignore[arg-type]
        yield f"{at}: {value!r} is no {rule['type']}"
        return
    if "enum" in rule and value not in rule["enum"]:  # type: ignore[operator]
        yield f"{at}: {value!r} is no choice"
    if "pattern" in rule and not re.search(str(rule["pattern"]), str(value)):
        yield f"{at}: {value!r} is not written as {rule['pattern']}"
    if isinstance(value, dict):
        properties = rule.get("properties", {})
        for key in rule.get("required", []):  # type: ignore[attr-defined]
            if key not in value:
                yield f"{at}: no {key}"
        for key, inner in value.items():
            if key in properties:  # type: ignore[operator]
                yield from faults(inner, properties[key], f"{at}.{key}")  # type: ignore[index]
            elif isinstance(rule.get("additionalProperties"), dict):
                yield from faults(inner, rule["additionalProperties"], f"{at}.{key}")  # type: ignore[arg-type]
            elif rule.get("additionalProperties") is False:
                yield f"{at}: {key} is unknown"
    if isinstance(value, list) and isinstance(rule.get("items"), dict):
        for inner in value:
            yield from faults(inner, rule["items"], f"{at}[]")  # type: ignore[arg-type]


def test_the_file_is_what_the_grammar_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "python -m subsidies.rules.schema writes it again"


def test_every_word_explained_is_one_of_the_grammar() -> None:
    keys = {f"{name}.{key}" for name, said in SCHEMA["$defs"].items() for key in said.get("properties", {})}

    assert {word for word in WORDS if not word.startswith("Conditions.")} <= keys
    assert schema()["$ref"] == "#/$defs/Document"


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_document_names_the_schema_and_holds_to_it(code: str) -> None:
    content = shipped_text(code)

    named = re.match(r"#:schema (\S+)\n", content)
    assert named is not None
    assert named[1] == ("./schema.json" if code in {"fengman-example", "jilin-2024"} else "../schema.json")
    assert list(faults(tomllib.loads(content), {"$ref": SCHEMA["$ref"]}, "document")) == []


@pytest.mark.parametrize(
    "before, after",
    [
        ('amount = "3"', 'amount = "3.001"'),
        ("limit = 5", 'limit = "5"'),
        ("limit = 5", "limits = 5"),
        ('per = "week"', 'per = "fortnight"'),
        ('split = "district"\n', ""),
        ('kind = "fixed_off"', 'kind = "gift"'),
    ],
)
def test_an_editor_would_mark_what_the_reader_refuses(before: str, after: str) -> None:
    content = shipped_text("tianjin-2022").replace(before, after, 1)

    assert list(faults(tomllib.loads(content), {"$ref": SCHEMA["$ref"]}, "document"))


@pytest.mark.parametrize(
    "text, is_money", [("6", 1), ("6.50", 1), ("0.05", 1), ("06", 0), ("6.", 0), ("-6", 0), ("1e3", 0)]
)
def test_money_is_written_as_the_reader_wants_it(text: str, is_money: int) -> None:
    assert bool(re.search(YUAN, text)) is bool(is_money)
