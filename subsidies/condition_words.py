"""The conditions of a rule in words, and whoever says them: a language, and names for places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from subsidies.rules.conditions import Band
from subsidies.rules.language import Conditions, Place, Spend
from subsidies.rules.rule_set import RuleSet

_AREAS = {"jilin": ("吉林市", "Jilin City"), "jilin/changyi": ("昌邑区", "Changyi"), "jilin/longtan": ("龙潭区", "Longtan"),
          "jilin/chuanying": ("船营区", "Chuanying"), "jilin/fengman": ("丰满区", "Fengman")}  # fmt: skip
_VALUES: Mapping[str, tuple[str, str]] = {
    "breakfast": ("早餐", "breakfast"),
    "lunch": ("午餐", "lunch"),
    "dinner": ("晚餐", "dinner"),
    "workday": ("工作日", "workdays"),
    "rest_day": ("休息日", "rest days"),
    "holiday": ("法定节假日", "holidays"),
    "makeup_workday": ("调休上班日", "make-up workdays"),
    "suspended": ("已暂停", "suspended"),
    "moved": ("已迁走", "moved away"),
    "deceased": ("已去世", "deceased"),
    "institution": ("住在机构", "living in an institution"),
    "active": ("正常", "active"),
    "city": ("市", "city"),
    "district": ("区", "district"),
    "subdistrict": ("街道", "subdistrict"),
    "community": ("社区", "community"),
    "per.meal": ("每餐次", "a meal period"),
    "per.day": ("每天", "a day"),
    "per.week": ("每周（周一到周日）", "a week (Monday to Sunday)"),
    "per.month": ("每月", "a month"),
    "per.year": ("每年", "a year"),
    "turns.birthday": ("生日当天", "on the birthday"),
    "turns.day_after": ("生日第二天", "the day after the birthday"),
    "turns.first_of_month": ("生日当月 1 日", "on the 1st of that month"),
    "turns.first_of_next_month": ("生日次月 1 日", "on the 1st of the next month"),
    "turns.first_of_year": ("当年 1 月 1 日", "on 1 January of that year"),
}
_WEEKDAYS = tuple(
    zip(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), "Mon Tue Wed Thu Fri Sat Sun".split(), strict=True)
)


class Titled(Protocol):
    """Anything with a Chinese and an English name."""

    @property
    def zh(self) -> str:
        """中文。"""

    @property
    def en(self) -> str:
        """English."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says things in one language. `canteens` and `areas` are names by key; what has none shows its key."""

    language: Literal["zh", "en"]
    canteens: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def text(self, titled: Titled) -> str:
        """Its name."""
        return self(titled.zh, titled.en)

    def yuan(self, text: str) -> str:
        """`6 元`."""
        return self(f"{text} 元", f"{text} yuan")

    def join(self, parts: Iterable[str]) -> str:
        """Half sentences after each other."""
        return self("；", "; ").join(part for part in parts if part)

    def list(self, parts: Iterable[str]) -> str:
        """Things of one kind."""
        return self("、", ", ").join(parts)

    def value(self, key: str) -> str:
        """A word of the grammar."""
        return self(*_VALUES[key])

    def status(self, key: str) -> str:
        """Of a file."""
        return self.value(key)

    def period(self, per: str) -> str:
        """`每天`."""
        return self.value(f"per.{per}")

    def age_switch(self, turns: str) -> str:
        """When a new age counts."""
        return self.value(f"turns.{turns}")

    def canteen(self, key: str) -> str:
        """By its name."""
        return self.canteens.get(key, key)

    def area(self, path: str) -> str:
        """By its name, the community's or that of the whole."""
        return self.areas.get(path) or self(*_AREAS.get(path, (path, path)))

    def band(self, band: Band) -> str:
        """`70–79 岁`."""
        if band.first is None and band.end is None:
            return ""
        if band.end is None:
            return self(f"{band.first} 岁及以上", f"{band.first} and over")
        if band.first is None:
            return self(f"{band.end - 1} 岁及以下", f"{band.end - 1} and under")
        last = band.end - 1
        return (
            self(f"{band.first}–{last} 岁", f"{band.first}–{last}")
            if last > band.first
            else self(f"{last} 岁", f"{last}")
        )


def conditions_words(text: Conditions, rule_set: RuleSet, say: Speaker) -> dict[str, str]:
    """Who, where, when and the limits of one rule; how much and who pays are left to be said."""
    where = [say.list(map(say.canteen, text.canteens))]
    if text.dine_in is not None:
        where.append(say("只限堂食", "eaten in only") if text.dine_in else say("堂食除外", "not eaten in"))
    if text.ways:
        names = {
            "dine_in": ("堂食", "eaten in"),
            "delivery": ("送餐", "delivered"),
            "take_away": ("外带", "taken away"),
        }
        where.append(say("只限", "only ") + say.list(say(*names[way]) for way in text.ways))
    return {
        "who": _who(text, rule_set, say),
        "where": say.join(where),
        "when": _when(text, say),
        "how_much": "",
        "who_pays": "",
        "limits": _limits(text, rule_set, say),
    }


def _who(text: Conditions, rule_set: RuleSet, say: Speaker) -> str:
    def named(keys: Iterable[str]) -> str:
        return say.list(say.text(rule_set.category_title(key)) for key in keys)

    parts = [say.band(Band(text))]
    if text.categories is not None:
        one = text.categories
        if one.any:
            parts.append(named(one.any) + (say("（有一项即可）", " (any one)") if len(one.any) > 1 else ""))
        if one.all:
            parts.append(named(one.all) + (say("（都要有）", " (all)") if len(one.all) > 1 else ""))
        if one.none:
            parts.append(say(f"不含{named(one.none)}", f"not {named(one.none)}"))
    if text.residence is not None:
        home = text.residence
        places = []
        if home.registered is not None:
            places.append(say("户籍", "registered ") + _place(home.registered, say))
        if home.lives is not None:
            places.append(say("居住", "living ") + _place(home.lives, say))
        parts.append(say("或", " or ").join(places) if home.need == "either" else say("，并且", ", and ").join(places))
        if home.confirmed:
            parts.append(say("住址须经社区确认", "residence confirmed by the community"))
    if text.excluded_statuses:
        out = say.list(map(say.status, text.excluded_statuses))
        parts.append(say(f"{out}的除外", f"not when {out}"))
    if text.guests:
        parts.append(say("没刷卡的散客也算", "guests too"))
    return say.join(parts) or say("所有用餐人", "every diner")


def _place(place: Place, say: Speaker) -> str:
    parts = []
    if place.within:
        parts.append(say("在", "in ") + say.list(map(say.area, place.within)))
    if place.outside:
        parts.append(say("不在", "not in ") + say.list(map(say.area, place.outside)))
    if place.same is not None:
        parts.append(say(f"与食堂同{say.value(place.same)}", f"in the canteen's {say.value(place.same)}"))
    if place.not_same is not None:
        parts.append(
            say(f"与食堂不同{say.value(place.not_same)}", f"outside the canteen's {say.value(place.not_same)}")
        )
    if place.level is not None and place.level not in {"none", "other"}:
        parts.append(say(f"在本{say.value(place.level)}", f"in this {say.value(place.level)}"))
    return say("、", ", ").join(parts)


def _when(text: Conditions, say: Speaker) -> str:
    parts = [say.list(map(say.value, text.meals)), say.list(map(say.value, text.days))]
    parts.append(say.list(say(*_WEEKDAYS[day - 1]) for day in text.weekdays))
    if text.dates is not None:
        first, last = text.dates.from_.isoformat(), text.dates.to.isoformat()
        parts.append(say(f"{first} 到 {last}", f"{first} to {last}"))
    if text.clock is not None:
        parts.append(
            say(f"{text.clock.from_} 到 {text.clock.to} 之间点的", f"ordered {text.clock.from_} to {text.clock.to}")
        )
    return say.join(parts)


def _limits(text: Conditions, rule_set: RuleSet, say: Speaker) -> str:
    parts = [_spend(text.minimum_spend, say)] if text.minimum_spend is not None else []
    for counter in rule_set.document.counters:
        if counter.name in text.counters:
            apart = "" if counter.shared else say("（各食堂分开算）", " (each canteen by itself)")
            per = say.period(counter.per)
            parts.append(say(f"{per}限 {counter.limit} 次{apart}", f"{counter.limit} {per}{apart}"))
    return say.join(parts)


def _spend(spend: Spend, say: Speaker) -> str:
    what = {
        "own_meal": say("本人这份", "one's own meal"),
        "sets": say("套餐", "set meals"),
        "order": say("整单餐食", "all the food"),
    }[spend.counts]
    on = {"list": say("原价", " at list price"), "net": say("减后", " after what came before"), None: ""}[
        spend.measured_on
    ]
    bounds = [
        say(f"满 {say.yuan(spend.at_least)}", f"at least {say.yuan(spend.at_least)}") if spend.at_least else "",
        say(f"超过 {say.yuan(spend.more_than)}", f"more than {say.yuan(spend.more_than)}") if spend.more_than else "",
        say(f"不超过 {say.yuan(spend.at_most)}", f"at most {say.yuan(spend.at_most)}") if spend.at_most else "",
        say(f"低于 {say.yuan(spend.less_than)}", f"less than {say.yuan(spend.less_than)}") if spend.less_than else "",
    ]
    return say(f"{what}{on}{say.list(filter(None, bounds))}", f"{what}{on} {say.list(filter(None, bounds))}")
