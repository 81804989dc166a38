"""What programs get. Sums are whole fen, instants RFC 3339 in UTC."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct, field

Fen = Annotated[int, Meta(description="Whole fen.", examples=[1500])]


class Meal(Struct, frozen=True):
    """One meal of a canteen's day; half-open: at `closes_at` it is over."""

    meal: str
    opens_at: datetime
    closes_at: datetime


class CanteenAnswer(Struct, frozen=True):
    """A service point."""

    id: Annotated[str, Meta(description="Names the canteen everywhere else.", examples=["longcheng"])]
    name: str
    name_en: str
    address: str
    open_to_all: Annotated[bool, Meta(description="Guests without a card may order.")]
    today: Annotated[date, Meta(description="The business day, Asia/Shanghai.")]
    meals: Annotated[list[Meal], Meta(description="What is served today; empty on a closing day.")]


class ItemAnswer(Struct, frozen=True):
    """One line of a menu."""

    id: int
    kind: Annotated[str, Meta(description="set · dish.")]
    name: str
    name_en: str
    price_fen: Fen
    half_price_fen: Annotated[int | None, Meta(description="Price of a half portion in fen; null: none is sold.")]
    left: Annotated[int, Meta(description="Whole portions left.")]
    sold_out: bool
    diet_tags: Annotated[
        list[str],
        Meta(description="soft low_salt low_sugar low_oil halal vegetarian boneless high_protein warm."),
    ]
    allergens: Annotated[
        list[str], Meta(description="peanut egg milk soy wheat fish shellfish nuts sesame; of all dishes of a set.")
    ]
    dishes: Annotated[list[str], Meta(description="What is in a set meal today.")]


class MenuAnswer(Struct, frozen=True):
    """What one canteen serves at one meal. `items` is empty until the menu is published."""

    canteen: str
    day: date = field(name="date")
    meal: str
    status: Annotated[str, Meta(description="none · draft · published · closed.")]
    opens_at: datetime
    closes_at: datetime
    recommended: Annotated[int | None, Meta(description="`id` of today's recommendation.")]
    items: list[ItemAnswer]


class ShareAnswer(Struct, frozen=True):
    """What one funder pays of a meal."""

    funder: Annotated[str, Meta(description="operator · city · district · subdistrict · collective · charity.")]
    fen: Fen


class ClashAnswer(Struct, frozen=True):
    """Something in the meal the diner should not, or would rather not, eat."""

    kind: Annotated[str, Meta(description="allergy · instruction.")]
    key: Annotated[str, Meta(description="The allergen or diet tag.")]
    item: Annotated[str, Meta(description="Name of the line.")]
    words: Annotated[str, Meta(description="The same in a sentence.")]


class LineAnswer(Struct, frozen=True):
    """One line as priced."""

    item: int
    name: str
    portion: str
    quantity: int
    unit_fen: Fen


class QuoteAnswer(Struct, frozen=True, kw_only=True):
    """`list_fen` = sum of `shares` + `self_pay_fen`, always."""

    canteen: str
    day: date = field(name="date")
    meal: str
    lines: list[LineAnswer]
    list_fen: Fen
    shares: list[ShareAnswer]
    self_pay_fen: Fen
    rule_set: Annotated[str, Meta(description="`code@version` of the rules that decided; empty: none was in force.")]
    explanation: Annotated[str, Meta(description="The diner's sentence, by Accept-Language.")]
    clashes: list[ClashAnswer]


class OrderAnswer(QuoteAnswer, frozen=True, kw_only=True):
    """A placed order as first answered."""

    id: str
    status: Annotated[str, Meta(description="placed (waits for money) · paid.")]
    pickup_number: Annotated[str, Meta(examples=["A 23"])]
    pickup_code: Annotated[
        str, Meta(description="20 digits for the QR; single use.", examples=["20459871236650129874"])
    ]
    payment: Annotated[str, Meta(description="wallet · cash · none.")]
    paid_fen: Fen
    owed_fen: Annotated[int, Meta(description="What must be paid before the hand-over, in fen.")]
    placed_at: datetime
    deadline_at: Annotated[datetime, Meta(description="End of the meal: paid and fetched by then.")]


class OrderStateAnswer(Struct, frozen=True, kw_only=True):
    """An order as it stands now."""

    id: str
    canteen: str
    day: date = field(name="date")
    meal: str
    status: Annotated[str, Meta(description="placed · paid · ready · collected · cancelled · expired · not_collected.")]
    pickup_number: str
    pickup_code: Annotated[
        str | None, Meta(description="Only while it waits to be fetched, and only for the canteen's own tokens.")
    ]
    lines: list[LineAnswer]
    list_fen: Fen
    shares: list[ShareAnswer]
    self_pay_fen: Fen
    paid_fen: Fen
    owed_fen: Fen
    payment: str
    rule_set: str
    explanation: str
    derivation: Annotated[
        list[str], Meta(description="Every rule considered, for officers and auditors; empty for others.")
    ]
    placed_at: datetime
    deadline_at: datetime
    collected_at: datetime | None
    ended_at: datetime | None
    end_reason: str


class TrayLineAnswer(Struct, frozen=True):
    """What to put on the tray."""

    name: str
    portion: str
    quantity: int
    note: str


class CollectionAnswer(Struct, frozen=True):
    """A meal handed over, once."""

    order: Annotated[str, Meta(description="Its id.")]
    status: str
    pickup_number: str
    tray: list[TrayLineAnswer]
    cash_taken_fen: Fen


class MonthFunderAnswer(Struct, frozen=True):
    """One funder and programme; fen."""

    funder: str
    programme: str
    redecided_fen: Annotated[int, Meta(description="What the rules give when every collected order is decided again.")]
    ledger_fen: Annotated[int, Meta(description="What the books hold as earned.")]


class MonthCanteenAnswer(Struct, frozen=True):
    """One canteen's month; fen."""

    canteen: str
    name: str
    collected: Annotated[int, Meta(description="Meals handed over.")]
    by_hand: Annotated[int, Meta(description="Of these entered by hand after a power cut.")]
    redecided_fen: Fen
    ledger_fen: Fen
    due_fen: Annotated[int, Meta(description="The diners' own part, decided again, in fen.")]
    received_fen: Annotated[int, Meta(description="wallet + cash + online + later.")]
    wallet_fen: Fen
    cash_fen: Fen
    online_fen: Fen
    later_fen: Annotated[int, Meta(description="Served, and still to be paid, in fen.")]
    differences: Annotated[int, Meta(description="Single orders with a difference.")]
    funders: list[MonthFunderAnswer]


class DifferenceAnswer(Struct, frozen=True):
    """Differences of one kind at one canteen and meal."""

    kind: Annotated[
        str,
        Meta(
            description="not-earned · not-collected · amount · record · ineligible · two-canteens · twice · residence ·"
            " outside-hours · closed-day · licence · money."
        ),
    ]
    canteen: str
    day: date | None = field(name="date")
    meal: str
    count: int
    fen: int
    order: Annotated[str | None, Meta(description="Its id when it is a single one.")]


class MonthAnswer(Struct, frozen=True):
    """A month; every `ledger_fen` is the sum of single orders."""

    month: str
    as_of: datetime
    agrees: Annotated[bool, Meta(description="账表相符: there is no difference.")]
    collected: int
    ledger_fen: Fen
    shares: Annotated[list[ShareAnswer], Meta(description="`ledger_fen` by funder.")]
    canteens: list[MonthCanteenAnswer]
    differences: list[DifferenceAnswer]
