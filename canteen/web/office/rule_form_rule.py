"""The form of one rule: its conditions, how much and who pays."""

import re
from collections.abc import Mapping
from typing import cast

from canteen.web.forms import Form
from canteen.web.office.rule_form_conditions import NAMED as CONDITIONS
from canteen.web.office.rule_form_conditions import condition_fields, conditions_shown
from canteen.web.office.rule_form_fields import key_typed, switched, table, yuan_typed
from subsidies.document_edits import Fields, Inline, Unless, Value
from subsidies.money import parse_yuan
from subsidies.rules.rule_set import RuleSet

KINDS = ("fixed_off", "percent_off", "fixed_price", "free_up_to", "allowance")
BUDGET_PERIODS = ("day", "week", "month", "year")
NAMED = (
    "key", "title", "group", "example", "benefit.kind", "benefit.amount", "benefit.price", "benefit.percent", "benefit.cap",
    "benefit.up_to", "benefit.without_sets", "split", "budget.name", "budget.amount", "budget.per", "budget.shared", *CONDITIONS,
)  # fmt: skip
"""The keys these fields show."""
_AMOUNT = re.compile(r"(\d+(?:\.\d{1,2})?)\s*(?:元|yuan)", re.ASCII)
_REST = {"其余", "rest"}


def rule_shown(entry: Mapping[str, object]) -> Mapping[str, object]:
    """What the fields of a rule hold."""
    benefit, budget, title = table(entry, "benefit"), table(entry, "budget"), table(entry, "title")
    split = entry.get("split", {})
    amount = benefit.get("amount", benefit.get("price", benefit.get("percent", "")))
    parts = {split: ""} if isinstance(split, str) else cast("dict[str, int | str]", split)
    return {
        "key": entry.get("key", ""),
        "title_zh": title.get("zh", ""),
        "title_en": title.get("en", ""),
        "group": entry.get("group", ""),
        "kind": benefit.get("kind", "fixed_off"),
        "amount": "" if amount == "dearest_set" else amount,
        "dearest": amount == "dearest_set",
        "cap": benefit.get("cap", ""),
        "up_to": benefit.get("up_to", ""),
        "without_sets": benefit.get("without_sets", ""),
        "budget": budget.get("amount", ""),
        "budget_name": budget.get("name", ""),
        "budget_per": budget.get("per", "month"),
        "budget_shared": budget.get("shared", True),
        "example": entry.get("example", False),
        **conditions_shown(entry),
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
    held = table(entry or {}, "benefit")
    benefit = _benefit(form, kind, held)
    return fields | {
        "group": form.raw("group") or None,
        "example": switched(form, "example", entry or {}),
        "title": {"zh": form.text("title_zh", most=80), "en": form.text("title_en", most=120)},
        **condition_fields(form),
        "benefit": benefit if held.get("kind") == kind else Inline({"kind": kind, **benefit}),
        "split": _split(form, rule_set, entry),
        "budget": _budget(form, is_needed=kind == "allowance"),
    }


def _budget(form: Form, *, is_needed: bool) -> Fields | None:
    """A purse by its name; without an amount there is none."""
    amount = yuan_typed(form, "budget", required=is_needed)
    if amount is None:
        return None
    return {
        "name": key_typed(form, "budget_name") if form.raw("budget_name").strip() else "allowance",
        "amount": amount,
        "per": Unless(form.raw("budget_per") or "month", "month"),
        "shared": Unless("budget_shared" in form, True),
    }


def _benefit(form: Form, kind: str, held: Mapping[str, object]) -> dict[str, Value]:
    """Only the keys the kind has; what the form does not show of it stays."""
    cap, up_to = yuan_typed(form, "cap", required=False), yuan_typed(form, "up_to", required=False)
    without = yuan_typed(form, "without_sets", required=False)
    if kind == "percent_off":
        return {"percent": _percent(form, held.get("percent")), "cap": cap, "up_to": up_to}
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


def _percent(form: Form, held: object) -> int | str:
    value = yuan_typed(form, "amount") or "0"
    if parse_yuan(value).fen > 10_000:
        form.refuse("amount", "forms.out-of-range")
    return int(value) if value.isdigit() and held != value else value
