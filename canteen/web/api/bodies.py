"""What programs send. Unknown fields are ignored; a wrong type is refused with the field's name."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from canteen.orders.errors import EmptyOrder, QuantityOutOfRange
from canteen.readmodels.quote import MOST_OF_A_KIND, LineWish, MealWish
from canteen.usecases.place_order import PlaceOrder
from menus.errors import LineTwice
from menus.service_days import MealPeriod

LARGEST = 2**31 - 1
"""What every database holds in an integer column; larger numbers are no id and no price."""
_PLAIN = "^[^\\x00]*$"
"""PostgreSQL cannot keep the NUL character."""

CanteenId = Annotated[
    str,
    Meta(
        max_length=40,
        pattern=_PLAIN,
        description="`id` of a canteen from `GET /api/v1/canteens`.",
        examples=["longcheng"],
    ),
]
BusinessDay = Annotated[date, Meta(description="Business day in Asia/Shanghai, `YYYY-MM-DD`.")]
Meal = Annotated[MealPeriod, Meta(description="breakfast · lunch · dinner.")]
CardNumber = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=_PLAIN,
        description="What the reader typed. Blanks do not matter.",
        examples=["6222000000000082"],
    ),
]
Fen = Annotated[int, Meta(ge=0, le=LARGEST, description="Whole fen (¥6.00 = 600).", examples=[600])]


class LineBody(Struct, frozen=True):
    """One line of a meal."""

    item: Annotated[int, Meta(ge=1, le=LARGEST, description="`id` of an item of the menu.", examples=[17])]
    quantity: Annotated[
        int,
        Meta(
            ge=-LARGEST,
            le=LARGEST,
            description="Portions, 1 to 20; another number is refused with `orders.quantity`.",
            examples=[1],
            extra_json_schema={"extra": {"minimum": 1, "maximum": MOST_OF_A_KIND}},
        ),
    ] = 1
    portion: Annotated[
        Literal["full", "half"], Meta(description="`half` only where the item has a `half_price_fen`.")
    ] = "full"


class QuoteBody(Struct, frozen=True, kw_only=True):
    """A meal to be priced. The diner is the holder of `card`, or `resident_id`; neither: a guest at list price."""

    canteen: CanteenId
    day: BusinessDay = field(name="date")
    meal: Meal
    lines: Annotated[list[LineBody], Meta(max_length=50, description="1 to 50 lines, each item and portion once.")]
    card: CardNumber | None = None
    resident_id: (
        Annotated[str, Meta(max_length=26, pattern=_PLAIN, description="Opaque key of a resident; not beside `card`.")]
        | None
    ) = None

    def wish(self) -> MealWish:
        """The same for the read model.

        Raises:
            EmptyOrder, QuantityOutOfRange, LineTwice: the lines make no order.
        """
        return MealWish(self.canteen, self.day, self.meal.value, self._resident(), self._lines(), "api")

    def _resident(self) -> str | None:
        return None if self.card is not None else self.resident_id

    def _lines(self) -> tuple[LineWish, ...]:
        if not self.lines:
            raise EmptyOrder()
        if len({(line.item, line.portion) for line in self.lines}) < len(self.lines):
            raise LineTwice(key="")
        for line in self.lines:
            if not 1 <= line.quantity <= MOST_OF_A_KIND:
                raise QuantityOutOfRange(quantity=line.quantity, most=MOST_OF_A_KIND)
        return tuple(LineWish(line.item, line.quantity, line.portion) for line in self.lines)


class OrderBody(QuoteBody, frozen=True, kw_only=True):
    """A meal to be ordered."""

    payment: Annotated[
        Literal["wallet", "cash", "none"],
        Meta(
            description="`wallet` is charged now. `cash` waits until the hand-over. `none` only where nothing is owed;"
            " an order that owes nothing is paid whatever stands here."
        ),
    ] = "cash"
    expected_self_pay_fen: (
        Annotated[
            int,
            Meta(
                ge=0,
                le=LARGEST,
                description="The `self_pay_fen` of your quote, in fen. Another one answers 409 `orders.price-changed` with the"
                " fresh quote instead of an order.",
                examples=[600],
            ),
        ]
        | None
    ) = None

    def order(self, key: str) -> PlaceOrder:
        """The same for the use case. A program tells clashes in words and does not ask twice."""
        return PlaceOrder(
            canteen_id=self.canteen,
            day=self.day,
            meal=self.meal.value,
            resident_id=self._resident(),
            card=self.card,
            lines=self._lines(),
            method=self.payment,
            channel="api",
            key=key,
            expected_self_pay_fen=self.expected_self_pay_fen,
            clashes_seen=True,
        )


class PaymentBody(Struct, frozen=True):
    """Money taken for an order."""

    method: Annotated[Literal["cash", "wallet"], Meta(description="`cash` was taken; `wallet` is charged.")] = "cash"
    fen: (
        Annotated[
            int,
            Meta(
                ge=0, le=LARGEST, description="What was taken, in fen: exactly `owed_fen`. Left out: all that is owed."
            ),
        ]
        | None
    ) = None


class CancelBody(Struct, frozen=True):
    """Why an order is taken back."""

    reason: Annotated[str, Meta(max_length=200, pattern=_PLAIN, description="In words, for the books.")] = "asked"


class CollectionBody(Struct, frozen=True):
    """What the window read."""

    code: Annotated[
        str,
        Meta(
            max_length=64,
            pattern=_PLAIN,
            description="The 20 digits of a pick-up code, a pick-up number (`A 23`), or a card number.",
            examples=["20459871236650129874", "A 23", "6222000000000082"],
        ),
    ]
    take_cash: Annotated[bool, Meta(description="What is owed was taken in cash now.")] = False
    canteen: (
        Annotated[str, Meta(max_length=40, pattern=_PLAIN, description="Where it is handed over; the token's canteen.")]
        | None
    ) = None
