"""What can be chosen in the form of a draft: funders, categories, counters, groups, places, canteens, by their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlmodel import Session

from canteen.readmodels.rule_sets import speaker
from canteen.sites import places
from canteen.sites.places import CanteenView, CommunityView
from canteen.web.language import Language, Translate
from canteen.web.office.rule_form_conditions import DAYS, LEVELS, MEALS
from canteen.web.office.rule_form_grant import PAID_FOR, RECEIVERS
from canteen.web.office.rule_form_group import COMBINES
from canteen.web.office.rule_form_rule import BUDGET_PERIODS, KINDS
from canteen.web.office.rule_forms import Shown
from subsidies.condition_words import Speaker
from subsidies.rules.rule_set import CATEGORIES, RuleSet

Choice = tuple[str, str]
_OF_AREAS = ("areas", "registered_within", "registered_outside", "lives_within", "lives_outside")


@dataclass(frozen=True, slots=True)
class Here:
    """The places there are, and who says their names."""

    communities: Sequence[CommunityView]
    canteens: Sequence[CanteenView]
    say: Speaker


def here(session: Session, language: Language) -> Here:
    """All of them."""
    return Here(places.communities(session), places.all_canteens(session), speaker(session, language))


def choices(rule_set: RuleSet, values: Shown, there: Here, t: Translate) -> Mapping[str, list[Choice]]:
    """Key and word of each. What the document names already stays a choice, though there is no such place here."""
    document, say, communities, canteens = rule_set.document, there.say, there.communities, there.canteens
    areas = dict.fromkeys(
        path for one in communities for path in accumulate(one.area.split("/"), lambda above, name: f"{above}/{name}")
    )
    said = {
        "meals": ("office.meal", MEALS),
        "days": ("rules.day", DAYS),
        "weekdays": ("rules.weekday", "1234567"),
        "levels": ("rules.level", LEVELS),
        "kinds": ("rules.kind", KINDS),
        "combines": ("rules.combine", COMBINES),
        "budget_periods": ("rules.per", BUDGET_PERIODS),
        "receivers": ("rules.to", RECEIVERS),
        "paid_for": ("rules.paid-for", PAID_FOR),
    }
    return {
        **{name: [(key, t(f"{words}.{key}")) for key in keys] for name, (words, keys) in said.items()},
        "funders": [(key, say.text(funder)) for key, funder in rule_set.funders.items()],
        "categories": [(key, say.text(rule_set.category_title(key))) for key in {**CATEGORIES, **document.categories}],
        "counters": [
            (one.name, f"{one.name} · {t('rules.counter', per=t(f'rules.per.{one.per}'), limit=one.limit)}")
            for one in document.counters
        ],
        "groups": [(one.key, f"{one.key} · {t('rules.combine.' + one.combine)}") for one in document.groups],
        "rules": [(one.key, say.text(one.title)) for one in document.rules],
        "areas": _with_held([(path, say.area(path)) for path in sorted(areas)], values, *_OF_AREAS),
        "communities": _with_held([(one.area, one.name) for one in communities], values, "registered", "lives"),
        "canteens": _with_held([(one.id, say.canteen(one.id)) for one in canteens], values, "canteens"),
        "canteen_places": _with_held(
            [(f"{one.id}|{one.area}", say.canteen(one.id)) for one in canteens], values, "canteen"
        ),
    }


def _with_held(offered: list[Choice], values: Shown, *names: str) -> list[Choice]:
    known = {value for value, _ in offered}
    held: dict[str, None] = {}
    for name in names:
        value = values.get(name, "")
        held |= dict.fromkeys(map(str, value) if isinstance(value, list) else [str(value)])
    return [*offered, *((value, value.partition("|")[0]) for value in held if value and value not in known)]
