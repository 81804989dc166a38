"""Routes under /api/v1."""

from litestar import Response, Router
from litestar.di import Provide

from canteen.orders.errors import PriceChanged
from canteen.readmodels.program_quote import explained
from canteen.readmodels.quote import Quote
from canteen.web.api import hand_over, menus, months, orders
from canteen.web.api.desk import ApiRequest, desk_of
from canteen.web.errors import answer_other
from canteen.web.language import language_of


def answer_price_changed(request: ApiRequest, error: PriceChanged) -> Response[object]:
    """The fresh quote's figures; never the facts about the diner that led to them."""
    made = error.data.get("quote")
    figures = {name: value for name, value in error.data.items() if name != "quote"}
    if isinstance(made, Quote):
        words = explained(made)
        figures |= {
            "list_fen": made.list_fen,
            "shares": [{"funder": funder, "fen": fen} for funder, fen in made.decision.funder_fen().items()],
            "rule_set": made.rules.label if made.rules else "",
            "explanation": words.zh if language_of(request) == "zh" else words.en,
        }
    return answer_other(request, PriceChanged(**figures))


router = Router(
    "/api/v1",
    route_handlers=[
        menus.list_canteens,
        menus.show_menu,
        orders.make_quote,
        orders.make_order,
        orders.show_order,
        orders.make_payment,
        orders.make_cancellation,
        hand_over.make_collection,
        months.show_month,
    ],
    dependencies={"desk": Provide(desk_of)},
    include_in_schema=True,
    exception_handlers={PriceChanged: answer_price_changed},
)
