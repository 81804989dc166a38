"""A birthday becomes the coarsest date that leaves every decision as it was: files, facts and frozen inputs alike."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from sqlalchemy import select, update
from sqlmodel import Session, col

from canteen.orders.models import MealOrder
from subsidies import published
from subsidies.models import EligibilityFile, FactField, FileFact
from subsidies.rules.decide import replay
from subsidies.rules.facts import FrozenInputs

Decided = tuple[str, FrozenInputs, int | None]


def soften(session: Session, ids: Sequence[str]) -> None:
    """Each birthday that was ever on these files, kept to its year where no decision hangs on more, else to its month.

    Only where somebody passed an age limit of the rules between two meals of one month does the day stay: without it the
    decisions would not come out again.
    """
    decided: list[Decided] = [
        (row.id, FrozenInputs.from_json(row.inputs), row.rule_set_id)
        for row in session.execute(
            select(col(MealOrder.id), col(MealOrder.inputs), col(MealOrder.rule_set_id)).where(
                col(MealOrder.resident_id).in_(ids)
            )
        )
    ]
    facts = session.execute(
        select(col(FileFact.id), col(FileFact.value), col(FileFact.was)).where(
            col(FileFact.resident_id).in_(ids), col(FileFact.field) == FactField.BORN.value
        )
    ).all()
    known = {
        one
        for one in session.execute(
            select(col(EligibilityFile.born)).where(col(EligibilityFile.resident_id).in_(ids))
        ).scalars()
        if one is not None
    }
    known |= {inputs.diner.born for _, inputs, _ in decided if inputs.diner and inputs.diner.born}
    known |= {date.fromisoformat(text) for row in facts for text in (row.value, row.was) if text}
    soft = {born: _soft(session, born, decided) for born in known}
    for order_id, inputs, _ in decided:
        if inputs.diner is not None and inputs.diner.born is not None:
            frozen = _with_birthday(inputs, soft[inputs.diner.born]).to_json()
            session.execute(
                update(MealOrder)
                .where(col(MealOrder.id) == order_id)
                .values(inputs=frozen)
                .execution_options(synchronize_session=False)
            )
    words = {born.isoformat(): one.isoformat() for born, one in soft.items()} | {"": ""}
    for row in facts:
        session.execute(
            update(FileFact)
            .where(col(FileFact.id) == row.id)
            .values(value=words[row.value], was=words[row.was])
            .execution_options(synchronize_session=False)
        )
    for born, one in soft.items():
        session.execute(
            update(EligibilityFile)
            .where(col(EligibilityFile.resident_id).in_(ids), col(EligibilityFile.born) == born)
            .values(born=one)
            .execution_options(synchronize_session=False)
        )


def _candidates(born: date) -> Iterator[date]:
    yield date(born.year, 1, 1)
    yield date(born.year, 12, 31)
    yield born.replace(day=1)
    yield born.replace(day=monthrange(born.year, born.month)[1])


def _soft(session: Session, born: date, decided: Sequence[Decided]) -> date:
    mine = [
        (inputs, published.by_id(session, rule_set).rule_set)
        for _, inputs, rule_set in decided
        if rule_set is not None and inputs.diner is not None and inputs.diner.born == born
    ]
    for candidate in _candidates(born):
        if all(
            replay(rules, inputs).shares == replay(rules, _with_birthday(inputs, candidate)).shares
            for inputs, rules in mine
        ):
            return candidate
    return born


def _with_birthday(inputs: FrozenInputs, born: date) -> FrozenInputs:
    if inputs.diner is None:
        return inputs
    return msgspec.structs.replace(inputs, diner=msgspec.structs.replace(inputs.diner, born=born))
