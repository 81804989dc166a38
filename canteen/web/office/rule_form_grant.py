"""The form of a grant beside the meal: to whom, how much, for what, by whom; its conditions are those of a rule."""

from collections.abc import Mapping

from canteen.web.forms import Form
from canteen.web.office.rule_form_conditions import NAMED as CONDITIONS
from canteen.web.office.rule_form_conditions import condition_fields, conditions_shown
from canteen.web.office.rule_form_fields import key_typed, switched, table, yuan_typed
from subsidies.document_edits import Fields, Unless
from subsidies.rules.rule_set import RuleSet

RECEIVERS = ("operator", "courier")
PAID_FOR = ("subsidised_meal", "any_meal", "delivery")
NAMED = ("key", "title", "to", "amount", "funder", "paid_for", "example", *CONDITIONS)


def grant_shown(entry: Mapping[str, object]) -> Mapping[str, object]:
    """What the fields of a grant hold."""
    title = table(entry, "title")
    return {
        "key": entry.get("key", ""),
        "title_zh": title.get("zh", ""),
        "title_en": title.get("en", ""),
        "to": entry.get("to", "operator"),
        "amount": entry.get("amount", ""),
        "funder": entry.get("funder", "district"),
        "paid_for": entry.get("paid_for", "subsidised_meal"),
        "example": entry.get("example", False),
        **conditions_shown(entry),
    }


def grant_fields(form: Form, entry: Mapping[str, object] | None, _rule_set: RuleSet) -> Fields:
    """What they make of it; `entry` is the grant as it stands, None for a new one."""
    return {
        "key": entry["key"] if entry else key_typed(form, "key"),
        "title": {"zh": form.text("title_zh", most=80), "en": form.text("title_en", most=120)},
        "to": form.text("to", most=40),
        "amount": yuan_typed(form, "amount"),
        "funder": form.raw("funder") or "district",
        "paid_for": Unless(form.raw("paid_for") or "subsidised_meal", "subsidised_meal"),
        "example": switched(form, "example", entry or {}),
        **condition_fields(form),
    }
