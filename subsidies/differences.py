"""What one version of a rule set says otherwise than another, in the words both are shown in."""

from collections.abc import Mapping
from dataclasses import dataclass

from subsidies.in_words import COLUMNS, SetInWords


@dataclass(frozen=True, slots=True)
class Change:
    """`what`: a column of a rule, `title`, `group`, or a part of the whole set; before → after in words, "" for nothing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule that is new, gone, or says something else."""

    key: str
    title: str
    kind: str
    """`added`, `removed` or `changed`."""
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Nothing in it: both say the same."""

    general: tuple[Change, ...]
    rules: tuple[RuleChange, ...]
    is_reordered: bool
    """The rules both have stand in another order, which may be meaning."""


def differences(before: SetInWords, after: SetInWords) -> Differences:
    """From `before` to `after`; rules are the same by their key."""
    old, new = ({rule.key: rule for rule in one.rules} for one in (before, after))
    rules = []
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        mine, theirs = (_said(rule.says, rule.title, rule.group) if rule else {} for rule in (one, other))
        changes = _changes(mine, theirs)
        if changes:
            kind = "changed" if one and other else ("added" if other else "removed")
            shown = other or one
            rules.append(RuleChange(key, shown.title if shown else key, kind, changes))
    general = _changes(
        {**before.general, **{f"group.{key}": words for key, words in before.groups.items()}},
        {**after.general, **{f"group.{key}": words for key, words in after.groups.items()}},
    )
    both = [key for key in new if key in old]
    return Differences(general, tuple(rules), both != [key for key in old if key in new])


def _said(says: Mapping[str, str], title: str, group: str) -> dict[str, str]:
    return {"title": title, **{column: says[column] for column in COLUMNS}, "group": group}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(what, before.get(what, ""), after.get(what, ""))
        for what in dict.fromkeys([*before, *after])
        if before.get(what, "") != after.get(what, "")
    )
