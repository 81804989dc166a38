"""Read models and use case answers as what programs get, with words in the caller's language."""

from collections.abc import Iterable

from canteen.readmodels.day_menu import DayMenu, MenuLine
from canteen.readmodels.month_page import CanteenMonth, MonthPage
from canteen.readmodels.program_order import ProgramOrder
from canteen.readmodels.program_quote import ProgramQuote
from canteen.usecases.collect_meal import Tray
from canteen.usecases.place_order import OrderAnswer as Placed
from canteen.web.api import answers
from canteen.web.language import Language, sentence
from menus.diet import Clash


def menu(day_menu: DayMenu) -> answers.MenuAnswer:
    """A menu."""
    return answers.MenuAnswer(
        canteen=day_menu.canteen.id,
        day=day_menu.day,
        meal=day_menu.meal.value,
        status=day_menu.status.value if day_menu.status else "none",
        opens_at=day_menu.opens_at,
        closes_at=day_menu.closes_at,
        recommended=day_menu.recommended_id,
        items=[_item(item) for item in day_menu.items],
    )


def quote(made: ProgramQuote, language: Language) -> answers.QuoteAnswer:
    """A quote."""
    asked, decision = made.quote.asked, made.quote.decision
    return answers.QuoteAnswer(
        canteen=asked.wish.canteen_id,
        day=asked.wish.day,
        meal=asked.wish.meal,
        lines=[
            answers.LineAnswer(line.item.id, line.item.name, line.portion, line.quantity, line.unit_fen)
            for line in asked.lines
        ],
        list_fen=made.quote.list_fen,
        shares=_shares(decision.funder_fen().items()),
        self_pay_fen=made.quote.self_pay_fen,
        rule_set=made.quote.rules.label if made.quote.rules else "",
        explanation=made.explanation.zh if language == "zh" else made.explanation.en,
        clashes=_clashes(made.clashes, language),
    )


def placed(answer: Placed, language: Language) -> answers.OrderAnswer:
    """A placed order."""
    return answers.OrderAnswer(
        id=answer.id,
        canteen=answer.canteen,
        day=answer.day,
        meal=answer.meal,
        status=answer.status,
        pickup_number=answer.pickup_number,
        pickup_code=answer.pickup_code,
        lines=[
            answers.LineAnswer(line.item, line.name, line.portion, line.quantity, line.unit_fen)
            for line in answer.lines
        ],
        list_fen=answer.list_fen,
        shares=_shares(answer.shares),
        self_pay_fen=answer.self_pay_fen,
        paid_fen=answer.paid_fen,
        owed_fen=answer.self_pay_fen - answer.paid_fen,
        payment=answer.method,
        rule_set=answer.rule_set,
        explanation=answer.explanation[0 if language == "zh" else 1],
        clashes=_clashes(answer.clashes, language),
        placed_at=answer.placed_at,
        deadline_at=answer.deadline_at,
    )


def order(found: ProgramOrder, language: Language, *, for_audit: bool) -> answers.OrderStateAnswer:
    """An order as it stands. Those who audit get the derivation, and no code that fetches a meal."""
    view = found.order
    return answers.OrderStateAnswer(
        id=view.id,
        canteen=view.canteen_id,
        day=view.day,
        meal=view.meal,
        status=view.status,
        pickup_number=view.pickup_number,
        pickup_code=None if for_audit else found.code,
        lines=[
            answers.LineAnswer(line.menu_item_id, line.name, line.portion, line.quantity, line.unit_fen)
            for line in found.lines
        ],
        list_fen=view.list_fen,
        shares=_shares(found.shares),
        self_pay_fen=view.self_pay_fen,
        paid_fen=view.paid_fen,
        owed_fen=view.owed_fen,
        payment=view.method,
        rule_set=found.rule_set,
        explanation=found.explanation.zh if language == "zh" else found.explanation.en,
        derivation=list(found.derivation) if for_audit else [],
        placed_at=view.placed_at,
        deadline_at=view.deadline_at,
        collected_at=found.collected_at,
        ended_at=view.ended_at,
        end_reason=view.end_reason,
    )


def tray(handed: Tray) -> answers.CollectionAnswer:
    """What to put on the tray."""
    return answers.CollectionAnswer(
        order=handed.order.id,
        status=handed.order.status,
        pickup_number=handed.order.pickup_number,
        tray=[answers.TrayLineAnswer(line.name, line.portion, line.quantity, line.note) for line in handed.lines],
        cash_taken_fen=handed.cash_taken_fen,
    )


def month(page: MonthPage) -> answers.MonthAnswer:
    """A month of the books."""
    by_funder: dict[str, int] = {}
    for line in (line for canteen in page.canteens for line in canteen.funders):
        by_funder[line.funder] = by_funder.get(line.funder, 0) + line.ledger_fen
    return answers.MonthAnswer(
        month=page.month,
        as_of=page.as_of,
        agrees=page.agrees,
        collected=page.collected,
        ledger_fen=sum(canteen.ledger_fen for canteen in page.canteens),
        shares=_shares(by_funder.items()),
        canteens=[_canteen_month(canteen) for canteen in page.canteens],
        differences=[
            answers.DifferenceAnswer(one.kind.value, one.canteen_id, one.day, one.meal, one.count, one.fen, one.order)
            for one in page.differences
        ],
    )


def _canteen_month(canteen: CanteenMonth) -> answers.MonthCanteenAnswer:
    return answers.MonthCanteenAnswer(
        canteen=canteen.canteen_id,
        name=canteen.name,
        collected=canteen.collected,
        by_hand=canteen.by_hand,
        redecided_fen=canteen.redecided_fen,
        ledger_fen=canteen.ledger_fen,
        due_fen=canteen.due_fen,
        received_fen=canteen.received_fen,
        wallet_fen=canteen.wallet_fen,
        cash_fen=canteen.cash_fen,
        online_fen=canteen.online_fen,
        later_fen=canteen.later_fen,
        differences=canteen.differences,
        funders=[
            answers.MonthFunderAnswer(line.funder, line.programme, line.redecided_fen, line.ledger_fen)
            for line in canteen.funders
        ],
    )


def _item(item: MenuLine) -> answers.ItemAnswer:
    return answers.ItemAnswer(
        id=item.id,
        kind=item.kind,
        name=item.name,
        name_en=item.name_en,
        price_fen=item.price_fen,
        half_price_fen=item.half_price_fen,
        left=item.left,
        sold_out=item.sold_out,
        diet_tags=list(item.diet_tags),
        allergens=list(item.allergens),
        dishes=[part.name for part in item.parts],
    )


def _shares(shares: Iterable[tuple[str, int]]) -> list[answers.ShareAnswer]:
    return [answers.ShareAnswer(funder, fen) for funder, fen in shares]


def _clashes(found: Iterable[Clash], language: Language) -> list[answers.ClashAnswer]:
    return [
        answers.ClashAnswer(
            clash.kind,
            clash.key,
            clash.item_name,
            sentence(
                language,
                f"api.clash.{clash.kind}",
                item=clash.item_name,
                what=sentence(language, f"api.{clash.kind}.{clash.key}"),
            ),
        )
        for clash in found
    ]
