"""The form of one rule: who, how much and who pays, and the small pieces the forms of other parts share."""

import re
from collections.abc import Mapping
from typing import cast

from canteen.web.forms import Form
from subsidies.document_edits import Fields, Inline, Value
from subsidies.errors import MoneyFormat
from subsidies.money import parse_yuan
from subsidies.rules.rule_set import RuleSet

KINDS = ("fixed_off", "percent_off", "fixed_price", "free_up_to", "allowance")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}", re.ASCII)
_AMOUNT = re.compile(r"(\d+(?:\.\d{1,2})?)\s*(?:元|yuan)", re.ASCII)
_REST = {"其余", "rest"}


def rule_shown(entry: Mapping[str, object]) -> Mapping[str, object]:
    """What the fields of a rule hold."""
    benefit, age, title = table(entry, "benefit"), table(entry, "age"), table(entry, "title")
    spend, split = table(entry, "minimum_spend"), entry.get("split", {})
    amount = benefit.get("amount", benefit.get("price", benefit.get("percent", "")))
    parts = {split: ""} if isinstance(split, str) else cast("dict[str, int | str]", split)
    return {
        "key": entry.get("key", ""),
        "title_zh": title.get("zh", ""),
        "title_en": title.get("en", ""),
        "group": entry.get("group", ""),
        "age_from": age.get("from", ""),
        "age_to": age.get("to", ""),
        "categories": list(cast("tuple[str, ...]", table(entry, "categories").get("any", ()))),
        "meals": list(cast("tuple[str, ...]", entry.get("meals", ()))),
        "counters": list(cast("tuple[str, ...]", entry.get("counters", ()))),
        "kind": benefit.get("kind", "fixed_off"),
        "amount": "" if amount == "dearest_set" else amount,
        "dearest": amount == "dearest_set",
        "cap": benefit.get("cap", ""),
        "up_to": benefit.get("up_to", ""),
        "without_sets": benefit.get("without_sets", ""),
        "least": spend.get("at_least", ""),
        "measured_on": spend.get("measured_on", ""),
        "budget": table(entry, "budget").get("amount", ""),
        "example": entry.get("example", False),
        **{f"split-{funder}": _part_words(part, alone=len(parts) == 1) for funder, part in parts.items()},
    }


def _part_words(part: int | str, *, alone: bool) -> str:
    if isinstance(part, int):
        return str(part)
    if part == "rest":
        return "其余"
    return "100" if alone and not part else f"{part}元"


def rule_fields(form: Form, entry: Mapping[str, object] | None, rule_set: RuleSet) -> Fields:
    """What they make of it; `entry` is the rule as it stands, None for a new one."""
    kind = form.raw("kind")
    if kind not in KINDS:
        form.refuse("kind", "forms.choice")
    fields: dict[str, object] = {"key": entry["key"] if entry else key_typed(form, "key")}
    fields |= {
        "group": form.raw("group") or None,
        "example": "example" in form or None,
        "title": {"zh": form.text("title_zh", most=80), "en": form.text("title_en", most=120)},
        "age": {name: age_typed(form, f"age_{name}") for name in ("from", "to")},
        "categories": {"any": form.every("categories")},
        "meals": form.every("meals"),
        "minimum_spend": {
            "at_least": yuan_typed(form, "least", required=False),
            "measured_on": form.raw("measured_on") or None,
        },
        "counters": form.every("counters"),
        "split": _split(form, rule_set, entry),
    }
    held = table(entry or {}, "benefit")
    benefit = _benefit(form, kind)
    fields["benefit"] = benefit if held.get("kind") == kind else Inline({"kind": kind, **benefit})
    if kind == "allowance" or "budget" in (entry or {}):
        fields["budget"] = {
            "name": table(entry or {}, "budget").get("name", "allowance"),
            "amount": yuan_typed(form, "budget"),
        }
    return fields


def _benefit(form: Form, kind: str) -> dict[str, Value]:
    """Only the keys the kind has; what the form does not show of it stays."""
    cap, up_to = yuan_typed(form, "cap", required=False), yuan_typed(form, "up_to", required=False)
    without = yuan_typed(form, "without_sets", required=False)
    if kind == "percent_off":
        return {"percent": _percent(form), "cap": cap, "up_to": up_to}
    if kind == "fixed_price":
        return {"price": yuan_typed(form, "amount"), "up_to": up_to}
    if kind == "allowance":
        return {"cap": cap}
    if kind == "free_up_to":
        dearest = "dearest" in form
        return {
            "amount": "dearest_set" if dearest else yuan_typed(form, "amount"),
            "without_sets": without if dearest else None,
        }
    return {"amount": yuan_typed(form, "amount")}


def _split(form: Form, rule_set: RuleSet, entry: Mapping[str, object] | None) -> object:
    """`60` is a weight, `4元` an amount, `其余` the rest; a funder alone is named alone. Who pays first keeps its place."""
    said = {funder: form.raw(f"split-{funder}").strip() for funder in rule_set.funders}
    held = (entry or {}).get("split", {})
    order = [held] if isinstance(held, str) else list(cast("dict[str, object]", held))
    funders = [one for one in dict.fromkeys([*order, *said]) if said.get(one)]
    if not funders:
        form.refuse("split", "forms.required")
        return "district"
    if len(funders) == 1 and not _AMOUNT.fullmatch(said[funders[0]]):
        return funders[0]
    parts: dict[str, Value] = {}
    for funder in funders:
        text = said[funder]
        amount = _AMOUNT.fullmatch(text)
        if text in _REST:
            parts[funder] = "rest"
        elif amount:
            parts[funder] = amount[1]
        elif text.isascii() and text.isdigit() and 0 < int(text) < 10_000:
            parts[funder] = int(text)
        else:
            form.refuse("split", "rules.form.split-wrong")
    return held if held == parts else Inline(parts)


def _percent(form: Form) -> int | str:
    value = yuan_typed(form, "amount") or "0"
    if parse_yuan(value).fen > 10_000:
        form.refuse("amount", "forms.out-of-range")
    return int(value) if value.isdigit() else value


def table(raw: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The table under a key; empty where there is none."""
    held = raw.get(key, {})
    return cast("Mapping[str, object]", held) if isinstance(held, Mapping) else {}


def key_typed(form: Form, name: str) -> str:
    """A new key: small letters, digits, - and _."""
    value = form.raw(name).strip()
    if _KEY.fullmatch(value) is None:
        form.refuse(name, "rules.form.key-wrong")
        return "x"
    return value


def yuan_typed(form: Form, name: str, *, required: bool = True) -> str | None:
    """As typed: `6` stays `6`."""
    value = form.raw(name).strip()
    if not value:
        if required:
            form.refuse(name, "forms.required")
        return "0" if required else None
    try:
        parse_yuan(value)
    except MoneyFormat:
        form.refuse(name, "forms.money")
        return "0"
    return value


def age_typed(form: Form, name: str) -> int | None:
    """Completed years, or none."""
    return None if not form.raw(name).strip() else form.whole(name, 0, 150)
