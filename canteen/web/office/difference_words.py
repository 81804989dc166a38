"""One kind of difference of a month in a sentence: the same on the page and on the command line."""

from collections.abc import Mapping
from datetime import date

from canteen.readmodels.month_page import DifferenceGroup
from canteen.web.language import Language, sentence
from canteen.web.templates import local_date
from subsidies.money import format_yuan_full
from subsidies.reconciliation import Kind

_EITHER_WAY = frozenset({Kind.AMOUNT, Kind.RECORD, Kind.MONEY})
"""What may be too much, too little, or the right sum in the wrong places."""


def difference_words(group: DifferenceGroup, names: Mapping[str, str], language: Language) -> str:
    """`names`: canteen → its name, for the other canteen of a meal taken twice."""
    key = f"office.difference.{group.kind}"
    if group.kind in _EITHER_WAY:
        key += ".more" if group.fen > 0 else ".less" if group.fen < 0 else ".same"
    note = names.get(group.note, group.note)
    return sentence(
        language,
        key,
        amount=format_yuan_full(abs(group.fen)),
        count=group.count,
        when=meal_words(group.day, group.meal, language),
        note=sentence(language, f"office.status.{note}") if group.kind is Kind.INELIGIBLE else note,
        diner=group.diner,
    )


def meal_words(day: date | None, meal: str, language: Language) -> str:
    """`10月17日 星期六 午餐`."""
    words = [local_date(day, language)] if day else []
    return " ".join([*words, sentence(language, f"office.meal.{meal}")] if meal else words)
