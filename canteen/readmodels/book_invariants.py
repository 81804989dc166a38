"""What must always be true of the books by themselves: balance, chain, budgets, wallets, donations, receivables."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from canteen.orders.models import Adjustment, AdjustmentLine
from canteen.payments.models import Wallet
from canteen.readmodels.invariant import Invariant, judged
from canteen.readmodels.ledger_chains import walked_chains
from subsidies.budgets import BUCKETS
from subsidies.models import Budget, LedgerTransaction, Posting
from subsidies.queries import OWED_BY_FUNDERS, earned_fen

_BUDGET = SQLModel.metadata.tables[str(Budget.__tablename__)]
_ENTRY = col(LedgerTransaction.id)
_OF_ENTRY = col(Posting.transaction_id)


def entries_balance(session: Session) -> Invariant:
    """Each entry has legs, and sums to zero in each book."""
    uneven = session.execute(
        select(col(LedgerTransaction.key), col(Posting.book), func.sum(col(Posting.fen)))
        .join(LedgerTransaction, _ENTRY == _OF_ENTRY)
        .group_by(col(LedgerTransaction.key), col(Posting.book))
        .having(func.sum(col(Posting.fen)) != 0)
    ).all()
    empty = session.execute(
        select(col(LedgerTransaction.key)).where(_ENTRY.not_in(select(_OF_ENTRY).distinct()))
    ).scalars()
    count = session.execute(select(func.count()).select_from(LedgerTransaction)).scalar_one()
    breaches = [f"{key} book {book} is {fen} off" for key, book, fen in uneven]
    return judged("entries-balance", f"{count} entries", breaches + [f"{key} has no legs" for key in empty])


def trial_balance(session: Session) -> Invariant:
    """Debits and credits of each book cancel at each canteen."""
    debits = 0
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for canteen, book, debit, fen in session.execute(
        select(
            col(LedgerTransaction.canteen_id),
            col(Posting.book),
            func.sum(func.abs(col(Posting.fen))),
            func.sum(col(Posting.fen)),
        )
        .join(LedgerTransaction, _ENTRY == _OF_ENTRY, isouter=True)
        .group_by(col(LedgerTransaction.canteen_id), col(Posting.book))
    ):
        debits += int(debit) // 2
        sums[canteen or "no entry", book] += int(fen)
    breaches = [f"{canteen} book {book} is {fen} off" for (canteen, book), fen in sorted(sums.items()) if fen]
    return judged("trial-balance", f"{debits} fen on each side", breaches)


def chains(session: Session) -> Invariant:
    """Every canteen's chain is 1, 2, 3… with the hashes that its entries have, and ends at its head."""
    found = walked_chains(session)
    return judged(
        "chains",
        f"{sum(chain.entries for chain in found)} entries, {len(found)} chains",
        [breach for chain in found for breach in chain.breaches],
    )


def budgets(session: Session) -> Invariant:
    """Every bucket of every budget is the sum of its postings."""
    posted: dict[tuple[str, str, str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for canteen, day, funder, programme, account, fen in session.execute(
        select(
            col(LedgerTransaction.canteen_id),
            col(LedgerTransaction.effective_date),
            col(Posting.funder),
            col(Posting.programme),
            col(Posting.account),
            func.sum(col(Posting.fen)),
        )
        .join(LedgerTransaction, _ENTRY == _OF_ENTRY)
        .where(col(Posting.book) == "B")
        .group_by(
            col(LedgerTransaction.canteen_id),
            col(LedgerTransaction.effective_date),
            col(Posting.funder),
            col(Posting.programme),
            col(Posting.account),
        )
    ):
        posted[canteen, funder, programme, day.year][account] += -int(fen) if account == "appropriated" else int(fen)
    kept = {
        (row["canteen_id"], row["funder"], row["programme"], row["year"]): {
            bucket: row[f"{bucket}_fen"] for bucket in BUCKETS
        }
        for row in session.execute(select(_BUDGET)).mappings()
    }
    return judged("budgets", f"{len(kept)} budgets", _budget_breaches(posted, kept))


def _budget_breaches(
    posted: dict[tuple[str, str, str, int], dict[str, int]], kept: dict[tuple[str, str, str, int], dict[str, int]]
) -> Iterator[str]:
    for key in sorted(set(posted) | set(kept)):
        where = "/".join(str(part) for part in key)
        for bucket in BUCKETS:
            says, is_ = kept.get(key, {}).get(bucket, 0), posted.get(key, {}).get(bucket, 0)
            if says != is_:
                yield f"{where} {bucket} says {says}, postings {is_}"


def wallets(session: Session) -> Invariant:
    """No wallet is below zero, and each holds what account 2000 owes its reference."""
    owed = {
        owner: -int(fen)
        for owner, fen in session.execute(
            select(col(Posting.owner), func.sum(col(Posting.fen)))
            .where(col(Posting.book) == "F", col(Posting.account) == "2000")
            .group_by(col(Posting.owner))
        )
    }
    held = {row.ref: row.balance_fen for row in session.execute(select(col(Wallet.ref), col(Wallet.balance_fen)))}
    breaches = [
        f"wallet {ref or 'without reference'} holds {held.get(ref, 0)}, the books owe {owed.get(ref, 0)}"
        for ref in sorted(set(owed) | set(held))
        if held.get(ref, 0) != owed.get(ref, 0) or held.get(ref, 0) < 0
    ]
    return judged("wallets", f"{len(held)} wallets, {sum(held.values())} fen", breaches)


def donations(session: Session) -> Invariant:
    """Nobody gives away donations that were not received: 2300 and 2310 never owe less than nothing."""
    funds = session.execute(
        select(
            col(LedgerTransaction.canteen_id),
            col(Posting.account),
            col(Posting.programme),
            func.sum(col(Posting.fen)),
        )
        .join(LedgerTransaction, _ENTRY == _OF_ENTRY)
        .where(col(Posting.book) == "F", col(Posting.account).in_(["2300", "2310"]))
        .group_by(col(LedgerTransaction.canteen_id), col(Posting.account), col(Posting.programme))
    ).all()
    breaches = [
        f"{canteen} {account} {programme} is {int(fen)} short" for canteen, account, programme, fen in funds if fen > 0
    ]
    return judged("donations", f"{-sum(int(fen) for *_, fen in funds)} fen in the fund", breaches)


def receivables(session: Session) -> Invariant:
    """What funders owe and nobody approved yet (1100) is what book B calls earned."""
    sides: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: {"earned": 0, "1100": 0})
    for canteen, funder, programme, account, fen in session.execute(
        select(
            col(LedgerTransaction.canteen_id),
            col(Posting.funder),
            col(Posting.programme),
            col(Posting.account),
            func.sum(col(Posting.fen)),
        )
        .join(LedgerTransaction, _ENTRY == _OF_ENTRY)
        .where(col(Posting.account).in_(["earned", "1100"]))
        .group_by(col(LedgerTransaction.canteen_id), col(Posting.funder), col(Posting.programme), col(Posting.account))
    ):
        sides[canteen, funder, programme][account] += int(fen)
    breaches = [
        f"{'/'.join(key)} earned {side['earned']}, receivable {side['1100']}"
        for key, side in sorted(sides.items())
        if side["earned"] != side["1100"]
    ]
    return judged("receivables", f"{sum(side['1100'] for side in sides.values())} fen accrued", breaches)


def adjustments(session: Session) -> Invariant:
    """Past meals were adjusted by exactly what two people agreed on, and by nothing else."""
    parts = (col(Posting.funder), col(Posting.programme), col(Posting.rule), col(Posting.category))
    posted = {
        (subject.removeprefix("order:"), *part): int(fen)
        for subject, *part, fen in session.execute(
            select(col(LedgerTransaction.subject), *parts, func.sum(earned_fen))
            .join(Posting, _ENTRY == _OF_ENTRY)
            .where(
                col(LedgerTransaction.kind) == "adjust",
                col(Posting.book) == "F",
                col(Posting.account).in_(OWED_BY_FUNDERS),
            )
            .group_by(col(LedgerTransaction.subject), *parts)
        )
    }
    agreed = {
        (order, *part): int(fen)
        for order, *part, fen in session.execute(
            select(
                col(AdjustmentLine.order_id),
                col(AdjustmentLine.funder),
                col(AdjustmentLine.programme),
                col(AdjustmentLine.rule),
                col(AdjustmentLine.category),
                func.sum(col(AdjustmentLine.fen)),
            )
            .join(Adjustment, col(Adjustment.id) == col(AdjustmentLine.adjustment_id))
            .where(col(Adjustment.decision) == "approved")
            .group_by(
                col(AdjustmentLine.order_id),
                col(AdjustmentLine.funder),
                col(AdjustmentLine.programme),
                col(AdjustmentLine.rule),
                col(AdjustmentLine.category),
            )
        )
    }
    breaches = [
        f"order {'/'.join(key)}: adjusted {posted.get(key, 0)}, agreed {agreed.get(key, 0)}"
        for key in sorted(set(posted) | set(agreed))
        if posted.get(key, 0) != agreed.get(key, 0)
    ]
    return judged("adjustments", f"{len({key[0] for key in agreed})} meals adjusted", breaches)
