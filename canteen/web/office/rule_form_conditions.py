"""Who, where and when: the fields that rules and grants beside the meal have alike."""

from collections.abc import Mapping

from canteen.web.forms import Form
from canteen.web.office.rule_form_fields import age_typed, clock_typed, dates_typed, listed, table, yuan_typed
from subsidies.document_edits import Unless

MEALS = ("breakfast", "lunch", "dinner")
DAYS = ("workday", "makeup_workday", "rest_day", "holiday")
LEVELS = ("community", "subdistrict", "district", "city")
"""From the nearest to the farthest, as somebody at a canteen would say it."""
PLACES = ("registered", "lives")
MANY = (
    "categories", "meals", "days", "weekdays", "canteens", "counters",
    "registered_within", "registered_outside", "lives_within", "lives_outside",
)  # fmt: skip
"""Fields of which several may be ticked."""
NAMED = (
    "age.from", "age.to", "categories.any", "meals", "days", "weekdays", "dates", "clock", "canteens", "counters", "residence",
    "minimum_spend.at_least", "minimum_spend.measured_on",
)  # fmt: skip
"""The keys these fields show."""


def conditions_shown(entry: Mapping[str, object]) -> Mapping[str, object]:
    """What the fields hold."""
    age, clock, dates, spend = (table(entry, key) for key in ("age", "clock", "dates", "minimum_spend"))
    return {
        "age_from": age.get("from", ""),
        "age_to": age.get("to", ""),
        "categories": listed(table(entry, "categories"), "any"),
        **_residence_shown(table(entry, "residence")),
        **{name: listed(entry, name) for name in ("canteens", "meals", "days", "weekdays", "counters")},
        "dates_from": dates.get("from", ""),
        "dates_to": dates.get("to", ""),
        "clock_from": clock.get("from", ""),
        "clock_to": clock.get("to", ""),
        "least": spend.get("at_least", ""),
        "measured_on": spend.get("measured_on", ""),
    }


def condition_fields(form: Form) -> dict[str, object]:
    """What they make of it."""
    return {
        "age": {name: age_typed(form, f"age_{name}") for name in ("from", "to")},
        "categories": {"any": form.every("categories")},
        "residence": _residence_fields(form),
        "canteens": form.every("canteens"),
        "meals": form.every("meals"),
        "days": form.every("days"),
        "weekdays": tuple(int(day) for day in form.every("weekdays") if day in {"1", "2", "3", "4", "5", "6", "7"}),
        "dates": dates_typed(form),
        "clock": clock_typed(form),
        "minimum_spend": {
            "at_least": yuan_typed(form, "least", required=False),
            "measured_on": form.raw("measured_on") or None,
        },
        "counters": form.every("counters"),
    }


def _residence_shown(residence: Mapping[str, object]) -> Mapping[str, object]:
    shown: dict[str, object] = {
        "need": residence.get("need", "both"),
        "confirmed": residence.get("confirmed", False),
        "registered_level": table(residence, "registered").get("level", ""),
    }
    for name in PLACES:
        place = table(residence, name)
        shown |= {f"{name}_{key}": listed(place, key) for key in ("within", "outside")}
        shown |= {f"{name}_{key}": place.get(key, "") for key in ("same", "not_same")}
    return shown


def _residence_fields(form: Form) -> object:
    """Nothing where no place is named and nothing is to be confirmed: `need` alone says nothing."""
    places = {name: _place_fields(form, name) for name in PLACES}
    is_said = any(value for place in places.values() for value in place.values())
    if not is_said and "confirmed" not in form:
        return None
    return {
        **places,
        "need": Unless(form.raw("need") or "both", "both"),
        "confirmed": Unless("confirmed" in form, False),
    }


def _place_fields(form: Form, name: str) -> Mapping[str, object]:
    level = form.raw(f"{name}_level") or None
    return {
        "within": form.every(f"{name}_within"),
        "outside": form.every(f"{name}_outside"),
        "same": form.raw(f"{name}_same") or None,
        "not_same": form.raw(f"{name}_not_same") or None,
        **({"level": level} if name == "registered" else {}),
    }
