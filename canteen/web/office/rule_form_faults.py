"""Beside which field stands what the reader of a rule document refused."""

import re

from canteen.web.office.rule_forms import LISTS, Part

_ENTRY = re.compile(r"(\w+)\[(?:\d+|\.\.\.)\]\.?(.*)")
_FIELDS = {
    "effective_to": "effective_to",
    "odd_fen_to": "odd_fen_to",
    "cap.minimum_self_pay": "minimum_self_pay",
    "cap": "gives_way_1",
    "own_meal.set_up_to": "set_up_to",
    "own_meal.dishes_up_to": "dishes_up_to",
    "own_meal.without_sets": "without_sets",
    "scope.areas": "areas",
    "scope": "canteens",
    "key": "key",
    "name": "name",
    "limit": "limit",
    "amount": "amount",
    "to": "to",
    "funder": "funder",
    "group": "group",
    "categories": "categories",
    "residence.lives": "lives_within",
    "residence": "registered_within",
    "canteens": "canteens",
    "meals": "meals",
    "days": "days",
    "weekdays": "weekdays",
    "dates": "dates_from",
    "clock": "clock_from",
    "counters": "counters",
    "minimum_spend.measured_on": "measured_on",
    "minimum_spend": "least",
    "benefit.cap": "cap",
    "benefit.up_to": "up_to",
    "benefit.without_sets": "without_sets",
    "benefit": "amount",
    "split": "split",
    "budget.name": "budget_name",
    "budget.per": "budget_per",
    "budget": "budget",
    "date": "date",
    "age": "age_from",
    "spend": "spend",
    "dearest_set": "dearest_set",
    "expect.self_pay": "self_pay",
}


def field_of(path: str, part: Part) -> str | None:
    """The field for a place such as `rules[2].benefit.cap`; None for one that is not on the form of this part."""
    if part == "group" and path.startswith("groups"):
        return "parent" if path.endswith(".group") else "members"
    entry = _ENTRY.fullmatch(path)
    kind = LISTS.get(part)
    if (entry[1] if entry else None) != kind:
        return None
    place = entry[2] if entry else path
    while place:
        if place in _FIELDS:
            return "age" if place == "age" and part == "example" else _FIELDS[place]
        place = place.rpartition(".")[0]
    return None
