"""The form of a group: which rules are in it, how they work together, and in which group it lies itself."""

from collections.abc import Mapping, Sequence
from typing import cast

from canteen.web.forms import Form
from canteen.web.office.rule_form_fields import key_typed
from subsidies.document_edits import edited_entries, edited_entry, without_entry

COMBINES = ("highest", "add", "sequential", "first")
NAMED = ("key", "combine", "group")
Entries = Sequence[Mapping[str, object]]


def group_shown(raw: Mapping[str, object], index: int) -> Mapping[str, object]:
    """What the fields hold; `members` are keys of rules."""
    groups, rules = _entries(raw)
    entry = groups[index] if index < len(groups) else {}
    key = entry.get("key", "")
    return {
        "key": key,
        "combine": entry.get("combine", "highest"),
        "parent": entry.get("group", ""),
        "members": [str(rule["key"]) for rule in rules if key and rule.get("group") == key],
    }


def group_changed(text: str, raw: Mapping[str, object], index: int, form: Form) -> str:
    """The document with the group as sent: rules that are ticked come into it from wherever they were, others leave it."""
    groups, rules = _entries(raw)
    entry = groups[index] if index < len(groups) else None
    key = str(entry["key"]) if entry else key_typed(form, "key")
    if entry is None and key in {"top", *(one["key"] for one in groups)}:
        form.refuse("key", "rules.form.key-taken")
    members = form.every("members")
    if not members and all(one.get("group") != key for one in groups):
        form.refuse("members", "rules.form.group-empty")
    parent = form.raw("parent") or None
    text = edited_entry(
        text, "groups", index, {"key": key, "combine": form.raw("combine") or "highest", "group": parent}
    )
    moved = {
        at: {"group": key if rule["key"] in members else None}
        for at, rule in enumerate(rules)
        if (rule["key"] in members) != (rule.get("group") == key)
    }
    return edited_entries(text, "rules", moved)


def without_group(text: str, raw: Mapping[str, object], index: int) -> str:
    """The document without that group; what was in it stands where the group stood."""
    groups, rules = _entries(raw)
    key, parent = groups[index]["key"], groups[index].get("group")
    text = edited_entries(
        text, "rules", {at: {"group": parent} for at, one in enumerate(rules) if one.get("group") == key}
    )
    inner = {at: {"group": parent} for at, one in enumerate(groups) if one.get("group") == key}
    return without_entry(edited_entries(text, "groups", inner), "groups", index)


def _entries(raw: Mapping[str, object]) -> tuple[Entries, Entries]:
    return cast("Entries", raw.get("groups", ())), cast("Entries", raw.get("rules", ()))
