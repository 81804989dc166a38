"""A rule set in Chinese or English: who, where, when, how much, who pays, limits, and what holds for all of it.

Made from the document that decides, never written beside it; two versions are compared by these words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from subsidies.condition_words import Speaker, conditions_words
from subsidies.rules.benefit_language import Allowance, FixedOff, FixedPrice, FreeUpTo, PercentOff
from subsidies.rules.language import Grant, Rule
from subsidies.rules.rule_set import RuleSet

COLUMNS = ("who", "where", "when", "how_much", "who_pays", "limits")
"""What is said of each rule, in this order."""


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule or grant. `says`: column → words; "" where it says nothing."""

    key: str
    title: str
    says: Mapping[str, str]
    group: str = ""
    is_example: bool = False
    is_grant: bool = False


@dataclass(frozen=True, slots=True)
class SetInWords:
    """`general`: what holds for the whole set, by its name; `groups`: group → how its rules work together."""

    general: Mapping[str, str]
    groups: Mapping[str, str]
    rules: tuple[RuleInWords, ...]
    examples_of: tuple[str, ...] = field(default=())
    """What of a published set was not published and is shown as an example."""


def in_words(rule_set: RuleSet, speaker: Speaker) -> SetInWords:
    """All of it; `speaker` has the language and the names of places."""
    document = rule_set.document
    words = _Words(rule_set, speaker)
    return SetInWords(
        words.general(),
        {"": words.combine(document.combine), **{group.key: words.combine(group.combine) for group in document.groups}},
        (*(words.rule(rule) for rule in document.rules), *(words.grant(grant) for grant in document.grants)),
        tuple(speaker.text(part) for part in document.example_parts),
    )


class _Words:
    def __init__(self, rule_set: RuleSet, speaker: Speaker) -> None:
        self.rule_set = rule_set
        self.say = speaker

    def rule(self, rule: Rule) -> RuleInWords:
        says = conditions_words(rule, self.rule_set, self.say)
        says["how_much"] = self.benefit(rule)
        says["who_pays"] = self.split(rule.split)
        return RuleInWords(
            rule.key, self.say.text(rule.title), self._with_budget(says, rule), rule.group or "", rule.example
        )

    def grant(self, grant: Grant) -> RuleInWords:
        say = self.say
        says = conditions_words(grant, self.rule_set, say)
        each = {
            "subsidised_meal": say("每份有补助的餐", "for each helped meal"),
            "any_meal": say("每份餐", "for each meal"),
            "delivery": say("每次送餐", "for each delivery"),
        }[grant.paid_for]
        to = {"operator": say("运营方", "the operator"), "courier": say("送餐人", "the courier")}.get(
            grant.to, grant.to
        )
        money = say.yuan(grant.amount)
        says["how_much"] = say(f"{each}给{to} {money}，不算餐价", f"{money} to {to} {each}, beside the price")
        says["who_pays"] = self.funder(grant.funder)
        return RuleInWords(grant.key, say.text(grant.title), says, "", grant.example, is_grant=True)

    def benefit(self, rule: Rule) -> str:
        say, one = self.say, rule.benefit
        parts: list[str] = []
        match one:
            case FixedOff():
                parts = [say(f"减 {say.yuan(one.amount)}", f"{say.yuan(one.amount)} off")]
            case PercentOff():
                parts = self._percent(one)
            case FixedPrice():
                parts = [say(f"只付 {say.yuan(one.price)}", f"pays {say.yuan(one.price)}")]
                if one.up_to is not None:
                    top = say.yuan(one.up_to)
                    parts.append(say(f"餐价超过 {top}的部分自付", f"what a meal costs above {top} is paid on top"))
            case FreeUpTo():
                parts = self._free(one)
            case Allowance():
                parts = [say("在额度内全免", "free while the allowance lasts")]
                if one.cap is not None:
                    parts.append(say(f"每餐最多 {say.yuan(one.cap)}", f"at most {say.yuan(one.cap)} a meal"))
        if rule.on == "list":
            parts.append(say("按原价算", "measured on the list price"))
        if rule.leaves_at_least is not None:
            least = say.yuan(rule.leaves_at_least)
            parts.append(say(f"至少自付 {least}", f"the diner pays at least {least}"))
        return say.join(parts)

    def _percent(self, one: PercentOff) -> list[str]:
        say = self.say
        parts = [say(f"减餐价的 {one.percent}%", f"{one.percent} % of the price off")]
        if one.cap is not None:
            parts.append(say(f"最多减 {say.yuan(one.cap)}", f"at most {say.yuan(one.cap)}"))
        if one.up_to is not None:
            parts.append(say(f"餐价只算到 {say.yuan(one.up_to)}", f"of a price of up to {say.yuan(one.up_to)}"))
        unit = {"fen": say("分", "the fen"), "jiao": say("角", "the jiao"), "yuan": say("元", "the yuan")}[one.round_to]
        how = {
            "half_up": say("四舍五入", "half up"),
            "half_even": say("四舍六入五成双", "half to even"),
            "diner_gains": say("零头归用餐人", "in the diner's favour"),
            "funder_gains": say("零头归出资方", "in the funder's favour"),
        }[str(one.rounding.value)]
        what = "" if one.rounds == "benefit" else say("自付额", "what is paid ")
        parts.append(say(f"{what}算到{unit}，{how}", f"{what}rounded to {unit} {how}"))
        return parts

    def _free(self, one: FreeUpTo) -> list[str]:
        say = self.say
        if one.amount != "dearest_set":
            return [say(f"{say.yuan(one.amount)}以内免费", f"free up to {say.yuan(one.amount)}")]
        parts = [say("免费，以当天最贵的一份套餐为限", "free up to the day's dearest set")]
        if one.without_sets is not None:
            top = say.yuan(one.without_sets)
            parts.append(say(f"当天没有套餐时 {top}以内", f"{top} on a day without sets"))
        return parts

    def split(self, split: Mapping[str, int | str] | str) -> str:
        say = self.say
        if isinstance(split, str):
            return self.funder(split)
        weights = sum(part for part in split.values() if isinstance(part, int))
        parts = []
        for funder, part in split.items():
            name = self.funder(funder)
            if isinstance(part, int):
                share = f"{part}%" if weights == 100 else f"{part}/{weights}"
                parts.append(f"{name} {share}")
            elif part == "rest":
                parts.append(say(f"{name}出其余", f"{name} the rest"))
            else:
                parts.append(f"{name} {say.yuan(part)}")
        return say.join(parts)

    def funder(self, key: str) -> str:
        known = self.rule_set.funders.get(key)
        return self.say.text(known) if known else key

    def _with_budget(self, says: dict[str, str], rule: Rule) -> Mapping[str, str]:
        if rule.budget is not None:
            say, per = self.say, self.say.period(rule.budget.per)
            money = say.yuan(rule.budget.amount)
            limit = say(f"{per}额度 {money}，用不完不结转", f"{money} {per}, use it or lose it")
            says["limits"] = say.join([says["limits"], limit] if says["limits"] else [limit])
        return says

    def combine(self, how: str) -> str:
        say = self.say
        return {
            "highest": say("只取对用餐人最优惠的一条", "only what helps the diner most"),
            "add": say("可以同时享受", "all of them together"),
            "sequential": say(
                "依次计算，后一条按前一条减后的价钱", "one after the other, each on what the one before left"
            ),
            "first": say("按顺序只取第一条符合的", "only the first that applies"),
        }[how]

    def general(self) -> dict[str, str]:
        say, document = self.say, self.rule_set.document
        scope = document.scope
        canteens, areas = say.list(map(say.canteen, scope.canteens)), say.list(map(say.area, scope.areas))
        where = (
            say(f"{canteens}，并且在{areas}", f"{canteens}, and in {areas}")
            if canteens and areas
            else canteens or areas
        )
        until = document.effective_to
        found = {
            "dates": say(
                f"{document.effective_from.isoformat()} 起"
                + (f"，到 {until.isoformat()} 止" if until else "，没有定截止日"),
                f"from {document.effective_from.isoformat()}"
                + (f" to {until.isoformat()}" if until else ", open-ended"),
            ),
            "scope": where or say("所有食堂", "every canteen"),
            "own_meal": self._own_meal(),
            "together": self.combine(document.combine) if document.groups else "",
            "least": say.yuan(document.cap.minimum_self_pay),
            "gives_way": self._gives_way(),
            "odd_fen": self.funder(document.odd_fen_to) if document.odd_fen_to else "",
            "excluded": say.list(map(say.status, document.excluded_statuses)),
            "ages": say.age_switch(document.ages.turns),
            "born_29_february": say("按2月28日", "on 28 February")
            if document.ages.born_29_february == "february_28"
            else say("按3月1日", "on 1 March"),
            "programme": document.programme,
        }
        return {key: words for key, words in found.items() if words}

    def _own_meal(self) -> str:
        say, own = self.say, self.rule_set.document.own_meal
        if own.covers == "order":
            return say("订单里的全部餐食", "all the food of the order")
        parts = [say("一份套餐，或单点的菜（取高的）", "one set, or dishes, whichever is more")]
        if own.set_up_to is not None:
            parts.append(say(f"套餐算到 {say.yuan(own.set_up_to)}", f"sets up to {say.yuan(own.set_up_to)}"))
        if own.dishes_up_to == "dearest_set":
            parts.append(say("单点算到当天最贵的套餐", "dishes up to the day's dearest set"))
        elif own.dishes_up_to is not None:
            parts.append(say(f"单点算到 {say.yuan(own.dishes_up_to)}", f"dishes up to {say.yuan(own.dishes_up_to)}"))
        if own.without_sets is not None:
            top = say.yuan(own.without_sets)
            parts.append(say(f"当天没有套餐时算到 {top}", f"{top} on a day without sets"))
        return say.join(parts)

    def _gives_way(self) -> str:
        order = self.rule_set.document.cap.gives_way
        if order == "pro_rata":
            return self.say("各方按比例让出", "all in proportion")
        return "" if order is None or isinstance(order, str) else self._ordered(order)

    def _ordered(self, order: Iterable[str]) -> str:
        return self.say(" → ", " → ").join(self.funder(key) for key in order)
