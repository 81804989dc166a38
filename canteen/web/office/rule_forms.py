"""The form of a draft, part by part: what its fields show of a document, and what they make of it when sent."""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Literal, cast

from canteen.web.forms import Form
from canteen.web.office.rule_form_rule import age_typed, key_typed, rule_fields, rule_shown, table, yuan_typed
from subsidies.document_edits import Fields, List, Unless, beginning, edited, edited_entry
from subsidies.rules.rule_set import RuleSet

Part = Literal["head", "limits", "counter", "rule", "example", "file"]
PARTS: tuple[Part, ...] = ("head", "limits", "counter", "rule", "example", "file")
LISTS: Mapping[Part, List] = {"counter": "counters", "rule": "rules", "example": "examples"}
MEALS = ("breakfast", "lunch", "dinner")
Shown = Mapping[str, object]
_MOST_TEXT = 200_000


def shown(text: str, part: Part, index: int) -> Shown:
    """What the fields hold: names of fields → texts, lists of chosen keys, or switches."""
    raw = tomllib.loads(text)
    kind = LISTS.get(part)
    if kind is None:
        if part == "file":
            return {"text": text}
        return _head(raw) if part == "head" else _limits(raw)
    entries = raw.get(kind, [])
    entry = entries[index] if index < len(entries) else {}
    show = {"counter": _counter, "rule": rule_shown, "example": _example}[part]
    return show(entry)


def as_sent(form: Form, part: Part) -> Shown:
    """The same fields as somebody sent them, to be shown again beside what is wrong."""
    many = {"categories", "meals", "counters", "gives_way"}
    names = {name for name in form.numbered("") if name not in many}
    return {**{name: form.raw(name) for name in names}, **{name: list(form.every(name)) for name in many}}


def changed(text: str, rule_set: RuleSet, part: Part, index: int, form: Form) -> str:
    """The document with what was sent; fields that are wrong are marked on the form, and the text is then of no use.

    Raises:
        subsidies.errors.RuleDocumentError: the text cannot be read.
        IndexError: there is no such entry.
    """
    if part == "file":
        return form.raw("text").replace("\r\n", "\n")[:_MOST_TEXT]
    if part == "head":
        return _change_head(text, rule_set, form)
    if part == "limits":
        return edited(text, _limit_fields(form, rule_set))
    kind = LISTS[part]
    entries = tomllib.loads(text).get(kind, [])
    entry = entries[index] if index < len(entries) else None
    make = {"counter": _counter_fields, "rule": rule_fields, "example": _example_fields}[part]
    return edited_entry(text, kind, index, make(form, entry, rule_set))


def _head(raw: Mapping[str, object]) -> Shown:
    title = table(raw, "title")
    return {
        "title_zh": title.get("zh", ""),
        "title_en": title.get("en", ""),
        "document_no": raw.get("document_no", ""),
        "source": raw.get("source", ""),
        "effective_from": raw.get("effective_from", ""),
        "effective_to": raw.get("effective_to", ""),
        "turns": table(raw, "ages").get("turns", "birthday"),
        "combine": raw.get("combine", "add"),
        "example": raw.get("example", False),
    }


def _change_head(text: str, rule_set: RuleSet, form: Form) -> str:
    first, last = form.day("effective_from"), form.day("effective_to", required=False)
    fields: Fields = {
        "title": {"zh": form.text("title_zh", most=80), "en": form.text("title_en", most=120)},
        "document_no": form.text("document_no", most=80, required=False) or None,
        "source": form.text("source", most=300),
        "effective_to": last,
        "ages": {"turns": Unless(form.raw("turns") or "birthday", "birthday")},
        "combine": Unless(form.raw("combine") or "add", "add"),
        "example": "example" in form or None,
    }
    text = edited(text, fields)
    return text if first is None or first == rule_set.effective_from else beginning(text, first)


def _limits(raw: Mapping[str, object]) -> Shown:
    cap, own = table(raw, "cap"), table(raw, "own_meal")
    order = cap.get("gives_way", ())
    return {
        "minimum_self_pay": cap.get("minimum_self_pay", "0"),
        "gives_way": ["pro_rata"] if order == "pro_rata" else list(cast("tuple[str, ...]", order)),
        "odd_fen_to": raw.get("odd_fen_to", ""),
        "covers": own.get("covers", "one_set_or_dishes"),
        "set_up_to": own.get("set_up_to", ""),
        "dishes_up_to": own.get("dishes_up_to", ""),
        "without_sets": own.get("without_sets", ""),
    }


def _limit_fields(form: Form, rule_set: RuleSet) -> Fields:
    places = [form.raw(f"gives_way_{place}") for place in range(1, len(rule_set.funders) + 1)]
    order = list(dict.fromkeys(one for one in places if one))
    dishes = "dearest_set" if "dearest" in form else yuan_typed(form, "dishes_up_to", required=False)
    return {
        "cap": {
            "minimum_self_pay": Unless(yuan_typed(form, "minimum_self_pay"), "0"),
            "gives_way": "pro_rata" if "pro_rata" in form else order,
        },
        "odd_fen_to": form.raw("odd_fen_to") or None,
        "own_meal": {
            "covers": Unless(form.raw("covers") or "one_set_or_dishes", "one_set_or_dishes"),
            "set_up_to": yuan_typed(form, "set_up_to", required=False),
            "dishes_up_to": dishes,
            "without_sets": yuan_typed(form, "without_sets", required=False),
        },
    }


def _counter(entry: Mapping[str, object]) -> Shown:
    return {
        "name": entry.get("name", ""),
        "per": entry.get("per", "day"),
        "limit": entry.get("limit", 1),
        "shared": entry.get("shared", True),
    }


def _counter_fields(form: Form, entry: Mapping[str, object] | None, _rule_set: RuleSet) -> Fields:
    name = str(entry["name"]) if entry else key_typed(form, "name")
    return {
        "name": name,
        "per": form.raw("per") or "day",
        "limit": form.whole("limit", 1, 1000),
        "shared": Unless("shared" in form, True),
    }


def _example(entry: Mapping[str, object]) -> Shown:
    expect = table(entry, "expect")
    return {
        "name": entry.get("name", ""),
        "date": entry.get("date", ""),
        "age": entry.get("age", ""),
        "categories": list(cast("tuple[str, ...]", entry.get("categories", ()))),
        "meal": entry.get("meal", "lunch"),
        "spend": entry.get("spend", ""),
        "dearest_set": entry.get("dearest_set", ""),
        "registered": entry.get("registered", ""),
        "lives": entry.get("lives", ""),
        "canteen": f"{entry['canteen']}|{entry.get('canteen_area', '')}" if "canteen" in entry else "",
        "self_pay": expect.get("self_pay", ""),
        "has_lines": "lines" in entry,
    }


def _example_fields(form: Form, entry: Mapping[str, object] | None, _rule_set: RuleSet) -> Fields:
    canteen, _, area = form.raw("canteen").partition("|")
    on: date | None = form.day("date")
    self_pay = yuan_typed(form, "self_pay")
    expect: dict[str, object] = {"self_pay": self_pay}
    if table(entry or {}, "expect").get("self_pay") != self_pay:
        expect |= {"shares": None, "rules": None}  # they belonged to the figure that went
    return {
        "name": form.text("name", most=120),
        "date": on,
        "age": age_typed(form, "age"),
        "categories": form.every("categories"),
        "meal": Unless(form.raw("meal") or "lunch", "lunch"),
        "spend": yuan_typed(form, "spend", required="lines" not in (entry or {})),
        "dearest_set": yuan_typed(form, "dearest_set", required=False),
        "registered": form.raw("registered") or None,
        "lives": form.raw("lives") or None,
        **({"canteen": canteen, "canteen_area": area} if canteen else {}),
        "expect": expect,
    }
