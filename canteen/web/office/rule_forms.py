"""The form of a draft, part by part: what its fields show of a document, and what they make of it when sent."""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Literal, cast

from canteen.web.forms import Form
from canteen.web.office import rule_form_conditions, rule_form_grant, rule_form_group, rule_form_rule
from canteen.web.office.rule_form_fields import age_typed, key_typed, listed, switched, table, yuan_typed
from subsidies.document_edits import (
    Fields,
    List,
    Unless,
    beginning,
    edited,
    edited_entries,
    edited_entry,
    without_entry,
)
from subsidies.document_leaves import unnamed
from subsidies.rules.rule_set import RuleSet

Part = Literal["head", "limits", "scope", "group", "counter", "rule", "grant", "example", "file"]
PARTS: tuple[Part, ...] = ("head", "limits", "scope", "group", "counter", "rule", "grant", "example", "file")
LISTS: Mapping[Part, List] = {
    "group": "groups",
    "counter": "counters",
    "rule": "rules",
    "grant": "grants",
    "example": "examples",
}
_MANY = {*rule_form_conditions.MANY, "members", "areas"}
_NAMED: Mapping[Part, tuple[str, ...]] = {
    "head": (
        "code", "version", "title", "document_no", "source", "effective_from", "effective_to", "ages.turns", "combine", "example",
        "scope", "cap", "own_meal", "odd_fen_to", *LISTS.values(),
    ),
    "group": rule_form_group.NAMED,
    "counter": ("name", "per", "limit", "shared"),
    "rule": rule_form_rule.NAMED,
    "grant": rule_form_grant.NAMED,
    "example": (
        "name", "date", "age", "categories", "meal", "spend", "dearest_set", "registered", "lives", "canteen", "expect.self_pay",
    ),
}  # fmt: skip
"""Part → the keys its form shows, and for the head those of the document that are shown elsewhere."""
Shown = Mapping[str, object]
_MOST_TEXT = 200_000


def shown(text: str, part: Part, index: int) -> Shown:
    """What the fields hold: names of fields → texts, lists of chosen keys, or switches."""
    raw = tomllib.loads(text)
    kind = LISTS.get(part)
    if kind is None:
        if part == "file":
            return {"text": text}
        return {"head": _head, "limits": _limits, "scope": _scope}[part](raw)
    if part == "group":
        return rule_form_group.group_shown(raw, index)
    show = {
        "counter": _counter,
        "rule": rule_form_rule.rule_shown,
        "grant": rule_form_grant.grant_shown,
        "example": _example,
    }[part]
    return show(_entry(raw, kind, index) or {})


def kept(text: str, part: Part, index: int) -> tuple[str, ...]:
    """What the document says there that no field shows, as it is written; it stays however the form is sent."""
    raw = tomllib.loads(text)
    kind = LISTS.get(part)
    entry = raw if kind is None else _entry(raw, kind, index) or {}
    named = _NAMED.get(part)
    if part == "example" and "canteen" in entry:
        named = (*(named or ()), "canteen_area")
    return () if named is None else unnamed(entry, named)


def _entry(raw: Mapping[str, object], kind: List, index: int) -> Mapping[str, object] | None:
    entries = cast("list[Mapping[str, object]]", raw.get(kind, []))
    return entries[index] if index < len(entries) else None


def as_sent(form: Form, text: str, part: Part, index: int) -> Shown:
    """The same fields as somebody sent them, to be shown again beside what is wrong."""
    stays = {name: value for name, value in shown(text, part, index).items() if name in {"key", "name", "has_lines"}}
    names = {name for name in form.numbered("") if name not in _MANY}
    return {
        **stays,
        "gives_way": [],
        **{name: form.raw(name) for name in names},
        **{name: list(form.every(name)) for name in _MANY},
    }


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
    if part == "scope":
        return _change_scope(text, form)
    raw, kind = tomllib.loads(text), LISTS[part]
    if part == "group":
        return rule_form_group.group_changed(text, raw, index, form)
    entry = _entry(raw, kind, index)
    make = {
        "counter": _counter_fields,
        "rule": rule_form_rule.rule_fields,
        "grant": rule_form_grant.grant_fields,
        "example": _example_fields,
    }[part]
    fields = make(form, entry, rule_set)
    name = "name" if part == "counter" else "key"
    if entry is None and name in fields and any(one.get(name) == fields[name] for one in raw.get(kind, [])):
        form.refuse(name, "rules.form.key-taken")
    return edited_entry(text, kind, index, fields)


def without(text: str, part: Part, index: int) -> str:
    """The document without that entry.

    Raises:
        IndexError: there is no such entry.
    """
    if part == "group":
        return rule_form_group.without_group(text, tomllib.loads(text), index)
    return without_entry(text, LISTS[part], index)


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
        "example": switched(form, "example", rule_set.raw),
    }
    text = edited(text, fields)
    return text if first is None or first == rule_set.effective_from else beginning(text, first)


def _scope(raw: Mapping[str, object]) -> Shown:
    scope = table(raw, "scope")
    return {name: listed(scope, name) for name in ("canteens", "areas")}


def _change_scope(text: str, form: Form) -> str:
    """`examples_there`: worked examples that name no canteen, which is then out of scope, are told to be at the first."""
    canteens = form.every("canteens")
    text = edited(text, {"scope": {"canteens": canteens, "areas": form.every("areas")}})
    if not canteens or "examples_there" not in form:
        return text
    examples = cast("list[Mapping[str, object]]", tomllib.loads(text).get("examples", []))
    there = {at: {"canteen": canteens[0]} for at, example in enumerate(examples) if "canteen" not in example}
    return edited_entries(text, "examples", there)


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
        "categories": listed(entry, "categories"),
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
        "name": form.text("name"),
        "date": on,
        "age": age_typed(form, "age"),
        "categories": form.every("categories"),
        "meal": Unless(form.raw("meal") or "lunch", "lunch"),
        "spend": yuan_typed(form, "spend", required="lines" not in (entry or {})),
        "dearest_set": yuan_typed(form, "dearest_set", required=False),
        "registered": form.raw("registered") or None,
        "lives": form.raw("lives") or None,
        **({"canteen": canteen, "canteen_area": Unless(area, "")} if canteen else {}),
        "expect": expect,
    }
