"""The JSON Schema of a rule document, made from the grammar: what editors complete, explain and check while one types.

`python -m subsidies.rules.schema` writes `rule_documents/schema.json` again.
"""

from pathlib import Path

import msgspec

from subsidies.rules.language import Document

FILE = Path(__file__).parents[1] / "rule_documents" / "schema.json"
YUAN = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$"
_YUAN_OR_SET = YUAN.removesuffix("$") + "$|^dearest_set$"
_TIME = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_KEY = r"^[a-z0-9][a-z0-9_-]{0,63}$"
_PATTERNS = {
    **dict.fromkeys(
        (
            "FixedOff.amount", "PercentOff.cap", "PercentOff.up_to", "FixedPrice.price", "FixedPrice.up_to",
            "FreeUpTo.without_sets", "Allowance.cap", "Budget.amount", "Spend.at_least", "Spend.more_than", "Spend.at_most",
            "Spend.less_than", "Rule.leaves_at_least", "Grant.amount", "OwnMeal.set_up_to", "OwnMeal.without_sets",
            "Cap.minimum_self_pay", "Expected.self_pay", "Line.price", "Example.spend", "Example.delivery_fee",
            "Example.dearest_set",
        ),
        YUAN,
    ),
    **dict.fromkeys(("FreeUpTo.amount", "OwnMeal.dishes_up_to"), _YUAN_OR_SET),
    **dict.fromkeys(("Clock.from", "Clock.to", "Example.time"), _TIME),
    **dict.fromkeys(("Document.code", "Counter.name", "Budget.name"), _KEY),
}  # fmt: skip
WORDS = {
    "Accepted.at": "the place as lint names it", "Accepted.code": "the finding", "Accepted.reason": "why it is meant",
    "AgeBand.from": "this age and older", "AgeBand.over": "older than this age", "AgeBand.to": "up to and with this age",
    "AgeBand.under": "younger than this age",
    "Ages.born_29_february": "the birthday in a year without 29 February", "Ages.turns": "the day a new age counts from",
    "Allowance.cap": "at most this for one meal", "Allowance.kind": "everything, while the rule's budget lasts",
    "Budget.amount": "yuan for the period", "Budget.kept_when": "endings of an order that leave it used",
    "Budget.name": "rules with one name draw on one purse", "Budget.per": "the period; nothing carries over",
    "Budget.shared": "false: each canteen has its own",
    "Cap.gives_way": "funders, the first to give way first, or pro_rata",
    "Cap.minimum_self_pay": "what the diner pays at least for their own meal",
    "Categories.all": "every one of these", "Categories.any": "at least one of these", "Categories.none": "none of these",
    "Clock.from": "from this time", "Clock.to": "before this time",
    "Conditions.age": "age on the meal date", "Conditions.canteens": "only at these canteens",
    "Conditions.categories": "categories held on the meal date", "Conditions.clock": "Shanghai time of the order",
    "Conditions.counters": "each must have one left; a rule that pays takes one of each",
    "Conditions.dates": "meal dates, both included", "Conditions.days": "kinds of days by the state calendar",
    "Conditions.excluded_statuses": "besides those of the set", "Conditions.guests": "also for people without a card",
    "Conditions.meals": "meal periods", "Conditions.minimum_spend": "a threshold",
    "Conditions.residence": "register and place of living", "Conditions.dine_in": "true: eaten in; false: not",
    "Conditions.ways": "eaten in, brought, taken away",
    "Conditions.weekdays": "1 is Monday, 7 is Sunday",
    "Counter.kept_when": "endings of an order that leave it used", "Counter.limit": "meals in one period",
    "Counter.name": "its name in rules and examples", "Counter.per": "the period; a week is Monday to Sunday",
    "Counter.shared": "false: each canteen counts for itself",
    "Dates.from": "the first meal date", "Dates.to": "the last meal date",
    "Document.accepted": "findings of lint that are meant", "Document.ages": "when a new age counts",
    "Document.cap": "what the diner pays at least; who gives way", "Document.categories": "categories of its own",
    "Document.code": "the same over all versions", "Document.combine": "how rules without a group work together",
    "Document.counters": "limits by number of meals", "Document.document_no": "number of the notice (文号)",
    "Document.effective_from": "the first meal date", "Document.effective_to": "the last meal date",
    "Document.example": "true: 示例, never decides outside demo mode",
    "Document.example_parts": "what was not published and is shown as 示例",
    "Document.examples": "worked examples, run at every publish",
    "Document.excluded_statuses": "who is helped by no rule", "Document.funders": "funders of its own",
    "Document.grants": "money beside the meal", "Document.groups": "rules that work together otherwise",
    "Document.odd_fen_to": "the funder who takes what does not divide",
    "Document.own_meal": "how much of an order may be covered", "Document.programme": "the budget line",
    "Document.rules": "the rules, in order", "Document.scope": "where the set holds at all",
    "Document.source": "where it was published", "Document.title": "its name", "Document.version": "1, 2, 3…",
    "Example.age": "reached on 1 January of that year", "Example.born": "the exact date of birth",
    "Example.canteen": "where it is eaten", "Example.canteen_area": "the canteen's area path",
    "Example.categories": "held on that day", "Example.date": "the meal date", "Example.day": "else by the weekday",
    "Example.dearest_set": "price of the day's dearest set", "Example.delivery_fee": "never helped",
    "Example.dine_in": "false: delivered", "Example.expect": "what must come out", "Example.guest": "nobody known",
    "Example.lines": "sets and dishes", "Example.lives": "area path", "Example.meal": "meal period",
    "Example.name": "what it shows", "Example.register": "the level of the register code",
    "Example.registered": "area path of the register", "Example.residence_confirmed": "by the community",
    "Example.spend": "one set at this price", "Example.status": "of the file", "Example.taken_away": "neither in nor delivered",
    "Example.time": "of the order", "Example.used": "counters (a number) and budgets (yuan) before this meal",
    "ExamplePart.en": "English", "ExamplePart.part": "the place in this document", "ExamplePart.zh": "Chinese",
    "Expected.grants": "grant → yuan", "Expected.rules": "those that paid", "Expected.self_pay": "yuan, fee included",
    "Expected.shares": "funder → yuan; {} is nobody",
    "FixedOff.amount": "yuan taken off", "FixedOff.kind": "a fixed amount off",
    "FixedPrice.kind": "the diner pays a fixed price", "FixedPrice.price": "what the diner pays",
    "FixedPrice.up_to": "what is dearer is paid on top",
    "FreeUpTo.amount": "yuan, or dearest_set", "FreeUpTo.kind": "free up to a price",
    "FreeUpTo.without_sets": "the limit on a day without sets",
    "Funder.en": "English", "Funder.programme": "its budget line", "Funder.zh": "Chinese",
    "Grant.amount": "yuan", "Grant.category": "what it is booked under", "Grant.example": "true: 示例",
    "Grant.funder": "who pays", "Grant.key": "its name in examples", "Grant.paid_for": "what earns it",
    "Grant.programme": "its budget line", "Grant.title": "its name", "Grant.to": "operator, courier…",
    "Group.combine": "how its members work together", "Group.group": "the group it is in", "Group.key": "its name in rules",
    "Line.kind": "a set meal or a dish", "Line.price": "yuan for one", "Line.quantity": "how many",
    "OwnMeal.covers": "order: all the food", "OwnMeal.dishes_up_to": "yuan, or dearest_set",
    "OwnMeal.set_up_to": "yuan", "OwnMeal.without_sets": "the limit for dishes on a day without sets",
    "PercentOff.cap": "at most this", "PercentOff.kind": "a percent off", "PercentOff.percent": "×0.85 is 15",
    "PercentOff.round_to": "the unit", "PercentOff.rounding": "which way", "PercentOff.rounds": "the benefit or the final price",
    "PercentOff.up_to": "the percent is taken of at most this",
    "Place.level": "registered in the scheme's city, district… or nearer", "Place.not_same": "not the canteen's",
    "Place.outside": "in none of these areas", "Place.same": "the canteen's", "Place.within": "in one of these areas",
    "Residence.confirmed": "true: by the community", "Residence.lives": "place of living",
    "Residence.need": "both or either", "Residence.registered": "household register (户籍)",
    "Rule.benefit": "how much", "Rule.budget": "a limit in money", "Rule.category": "what its fen are booked under",
    "Rule.example": "true: 示例", "Rule.group": "the group it is in", "Rule.key": "its name in examples",
    "Rule.leaves_at_least": "what it leaves the diner to pay", "Rule.odd_fen_to": "who takes what does not divide",
    "Rule.on": "inside a sequence: what is left, or the list price", "Rule.programme": "its budget line",
    "Rule.split": "who pays", "Rule.title": "its name",
    "Scope.areas": "area paths", "Scope.canteens": "canteens",
    "Spend.at_least": "≥", "Spend.at_most": "≤", "Spend.counts": "what is measured", "Spend.less_than": "<",
    "Spend.measured_on": "before or after what came earlier in a sequence", "Spend.more_than": ">",
    "Text.en": "English", "Text.zh": "Chinese",
}  # fmt: skip
"""What each key says, as an editor shows it; `Conditions.*` are those of rules and grants."""


def schema() -> dict[str, object]:
    """The whole schema. TOML knows no null: what may be left out is simply not required."""
    made = msgspec.json.schema(Document)
    for name, definition in made["$defs"].items():
        for key, said in definition.get("properties", {}).items():
            choices = said.pop("anyOf", None)
            if choices is not None:
                left = [choice for choice in choices if choice != {"type": "null"}]
                said.update(left[0] if len(left) == 1 else {"anyOf": left})
            if said.get("default", "") is None:
                del said["default"]
            said["description"] = WORDS.get(f"{name}.{key}") or WORDS[f"Conditions.{key}"]
            pattern = _PATTERNS.get(f"{name}.{key}")
            if pattern is not None:
                said["pattern"] = pattern
    title = "暖餐 Nuancan rule document"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **made}


def text() -> str:
    """As the file holds it."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=1).decode() + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
