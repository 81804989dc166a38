"""The words a rule document may use: its whole grammar as typed structures. Money is yuan in quotes (`"6.50"`)."""

import datetime as dt
from typing import Literal

from msgspec import field

from subsidies.rules.benefit_language import Benefit, Budget, Word
from subsidies.rules.facts import DayKind, Ending, MealKind, RegisterLevel, ResidentStatus, Way

Level = Literal["city", "district", "subdistrict", "community"]
Period = Literal["meal", "day", "week", "month", "year"]
Combine = Literal["highest", "add", "sequential", "first"]
AgeSwitch = Literal["birthday", "day_after", "first_of_month", "first_of_next_month", "first_of_year"]
BornOn29February = Literal["february_28", "march_1"]


class Text(Word, frozen=True):
    zh: str
    en: str


class AgeBand(Word, frozen=True):
    """Completed years on the meal date. `from`/`to` include the age named, `over`/`under` leave it out."""

    from_: int | None = field(default=None, name="from")
    to: int | None = None
    over: int | None = None
    under: int | None = None


class Categories(Word, frozen=True):
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Place(Word, frozen=True):
    """`within`/`outside` name areas; `same`/`not_same` compare with the canteen's; `level` reads the register code."""

    within: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    same: Level | None = None
    not_same: Level | None = None
    level: RegisterLevel | None = None


class Residence(Word, frozen=True):
    registered: Place | None = None
    lives: Place | None = None
    need: Literal["both", "either"] = "both"
    confirmed: bool = False


class Dates(Word, frozen=True):
    """Meal dates, both ends counting; for a rule that holds only for a part of the set's time."""

    from_: dt.date = field(name="from")
    to: dt.date


class Clock(Word, frozen=True):
    """Shanghai time of the order, half-open: 10:30 counts, the end does not."""

    from_: str = field(name="from")
    to: str


class Spend(Word, frozen=True):
    """A threshold. `measured_on` may be left out only where nothing can have lowered the price before."""

    at_least: str | None = None
    more_than: str | None = None
    at_most: str | None = None
    less_than: str | None = None
    measured_on: Literal["list", "net"] | None = None
    counts: Literal["own_meal", "sets", "order"] = "own_meal"


class Counter(Word, frozen=True):
    """`limit` meals per period; unused ones do not carry over. `kept_when`: endings of an order that leave it used."""

    name: str
    per: Period
    limit: int
    shared: bool = True
    kept_when: tuple[Ending, ...] = ()


class Conditions(Word, frozen=True, kw_only=True):
    """Everything said must hold; what is left out does not matter."""

    age: AgeBand | None = None
    categories: Categories | None = None
    residence: Residence | None = None
    excluded_statuses: tuple[ResidentStatus, ...] = ()
    canteens: tuple[str, ...] = ()
    meals: tuple[MealKind, ...] = ()
    days: tuple[DayKind, ...] = ()
    weekdays: tuple[int, ...] = ()
    dates: Dates | None = None
    clock: Clock | None = None
    minimum_spend: Spend | None = None
    dine_in: bool | None = None
    ways: tuple[Way, ...] = ()
    guests: bool = False
    counters: tuple[str, ...] = ()


class Rule(Conditions, frozen=True, kw_only=True):
    """`split` maps funder → weight (25), first yuan ("5"), or "rest"; a single funder may be named alone."""

    key: str
    title: Text
    benefit: Benefit
    split: dict[str, int | str] | str
    group: str | None = None
    on: Literal["left", "list"] = "left"
    budget: Budget | None = None
    leaves_at_least: str | None = None
    odd_fen_to: str | None = None
    programme: str | None = None
    category: str | None = None
    example: bool = False


class Grant(Conditions, frozen=True, kw_only=True):
    """Money beside the meal, never shown to the diner and no part of the price."""

    key: str
    title: Text
    to: str
    amount: str
    funder: str
    paid_for: Literal["subsidised_meal", "any_meal", "delivery"] = "subsidised_meal"
    programme: str | None = None
    category: str | None = None
    example: bool = False


class Group(Word, frozen=True):
    key: str
    combine: Combine
    group: str | None = None


class Funder(Word, frozen=True):
    zh: str
    en: str
    programme: str | None = None


class OwnMeal(Word, frozen=True):
    """One set, or dishes up to a price, whichever is more; `covers = "order"` takes all the food."""

    covers: Literal["one_set_or_dishes", "order"] = "one_set_or_dishes"
    set_up_to: str | None = None
    dishes_up_to: str | None = None
    without_sets: str | None = None


class Ages(Word, frozen=True):
    turns: AgeSwitch = "birthday"
    born_29_february: BornOn29February = "march_1"


class Scope(Word, frozen=True):
    canteens: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


class Cap(Word, frozen=True):
    """`gives_way`: funders, the first to give way first; or "pro_rata"."""

    minimum_self_pay: str = "0"
    gives_way: tuple[str, ...] | str | None = None


class ExamplePart(Word, frozen=True):
    """A part of a published set that was not published; officers see it marked 示例."""

    part: str
    zh: str
    en: str


class Accepted(Word, frozen=True):
    """A finding the author means: it stays visible and no longer refuses."""

    code: str
    at: str
    reason: str


class Expected(Word, frozen=True):
    self_pay: str
    shares: dict[str, str] | None = None
    rules: tuple[str, ...] | None = None
    grants: dict[str, str] | None = None


class Line(Word, frozen=True):
    price: str
    kind: Literal["set", "dish"] = "set"
    quantity: int = 1


class Example(Word, frozen=True, kw_only=True):
    """Who, when, where, spend → what comes out. `age` has its birthday on 1 January; `born` is exact."""

    name: str
    date: dt.date
    expect: Expected
    spend: str | None = None
    lines: tuple[Line, ...] = ()
    meal: MealKind = "lunch"
    time: str = "11:00"
    day: DayKind | None = None
    age: int | None = None
    born: dt.date | None = None
    guest: bool = False
    categories: tuple[str, ...] = ()
    register: RegisterLevel = "none"
    registered: str = ""
    lives: str = ""
    residence_confirmed: bool = True
    status: ResidentStatus = "active"
    canteen: str = "canteen"
    canteen_area: str = ""
    dine_in: bool = True
    taken_away: bool = False
    delivery_fee: str = "0"
    dearest_set: str | None = None
    used: dict[str, int | str] = field(default_factory=dict)


class Document(Word, frozen=True, kw_only=True):
    code: str
    version: int
    title: Text
    effective_from: dt.date
    source: str
    document_no: str = ""
    effective_to: dt.date | None = None
    example: bool = False
    example_parts: tuple[ExamplePart, ...] = ()
    programme: str = "meals"
    excluded_statuses: tuple[ResidentStatus, ...] = ("suspended", "moved", "deceased", "institution")
    combine: Combine = "add"
    odd_fen_to: str | None = None
    scope: Scope = Scope()
    ages: Ages = Ages()
    own_meal: OwnMeal = OwnMeal()
    cap: Cap = Cap()
    funders: dict[str, Funder] = field(default_factory=dict)
    categories: dict[str, Text] = field(default_factory=dict)
    counters: tuple[Counter, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...]
    grants: tuple[Grant, ...] = ()
    examples: tuple[Example, ...] = ()
    accepted: tuple[Accepted, ...] = ()
