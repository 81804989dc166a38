"""Single fields the forms of a rule document share: keys, money, ages, times of day, and tables that may not be there."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from canteen.web.forms import Form
from subsidies.errors import MoneyFormat
from subsidies.money import parse_yuan

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


def table(raw: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The table under a key; empty where there is none."""
    held = raw.get(key, {})
    return cast("Mapping[str, object]", held) if isinstance(held, Mapping) else {}


def listed(raw: Mapping[str, object], key: str) -> list[str]:
    """The list under a key as boxes name its members; empty where there is none."""
    return [str(one) for one in cast("Sequence[object]", raw.get(key, ()))]


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


def clock_typed(form: Form) -> Mapping[str, str] | None:
    """From and to, `HH:MM`, the end later; neither of them: no clock."""
    first, last = (form.raw(name).strip().replace("：", ":") for name in ("clock_from", "clock_to"))
    if not first and not last:
        return None
    for name, value in (("clock_from", first), ("clock_to", last)):
        if not value:
            form.refuse(name, "rules.form.both-ends")
        elif _TIME.fullmatch(value) is None:
            form.refuse(name, "rules.form.time-wrong")
    if not form.errors.keys() & {"clock_from", "clock_to"} and first >= last:
        form.refuse("clock_to", "rules.form.later")
    return {"from": first, "to": last}


def dates_typed(form: Form) -> Mapping[str, date | None] | None:
    """Two meal dates, the second not before the first; neither of them: no dates."""
    if not form.raw("dates_from").strip() and not form.raw("dates_to").strip():
        return None
    first, last = form.day("dates_from"), form.day("dates_to")
    if first and last and last < first:
        form.refuse("dates_to", "rules.form.later")
    return {"from": first, "to": last}


def switched(form: Form, name: str, held: Mapping[str, object]) -> bool | None:
    """A switch that is off when left out: true, else gone; false that was written stays written."""
    return True if name in form else False if held.get(name) is False else None
