"""The legs of each event of a meal, as the table in docs/books.md has them."""

from collections.abc import Sequence

from canteen.orders.store import ShareView
from subsidies.ledger import FUNDERS_WITHOUT_BUDGET, Leg, budget_move


def reserve(shares: Sequence[ShareView]) -> tuple[Leg, ...]:
    """Placed: public money available → reserved, donations 2300 → 2310, the operator's own share nothing yet."""
    legs: list[Leg] = []
    for share in shares:
        if share.funder == "charity":
            legs += (_money("2300", share.fen, share), _money("2310", -share.fen, share))
        elif share.funder not in FUNDERS_WITHOUT_BUDGET:
            legs += budget_move(share.fen, "available", "reserved", _of(share))
    return tuple(legs)


def earn(shares: Sequence[ShareView], *, prepaid_fen: int, later_fen: int) -> tuple[Leg, ...]:
    """Collected: reserved → earned and what each funder owes; the diner's money becomes income."""
    legs: list[Leg] = []
    for share in shares:
        if share.funder == "charity":
            legs += (_money("2310", share.fen, share), _money("4020", -share.fen, share))
        elif share.funder == "operator":
            legs += (_money("4090", share.fen, share), _money("4000", -share.fen, share))
        else:
            legs += budget_move(share.fen, "reserved", "earned", _of(share))
            legs += (_money("1100", share.fen, share), _money("4010", -share.fen, share))
    if prepaid_fen:
        legs += (Leg("F", "2100", prepaid_fen), Leg("F", "4000", -prepaid_fen))
    if later_fen:
        legs += (Leg("F", "1110", later_fen), Leg("F", "4000", -later_fen))
    return tuple(legs)


def adjust(
    changes: Sequence[ShareView], *, returned_fen: int, owner: str, is_approved: bool = False
) -> tuple[Leg, ...]:
    """Known better afterwards: each share given less (negative fen) or more; what the diner bore too much goes to `owner`.

    Money nobody has approved yet is still `earned`: it goes back to `available` and off the claim. What was approved
    with its month is owed back to its funder (`recoverable`, 2500); more is claimed with the open month.
    """
    legs: list[Leg] = []
    for share in changes:
        if share.funder == "charity":
            legs += (_money("2300", share.fen, share), _money("4020", -share.fen, share))
        elif share.funder == "operator":
            legs += (_money("4090", share.fen, share), _money("4000", -share.fen, share))
        elif is_approved and share.fen < 0:
            legs += budget_move(-share.fen, "settled", "recoverable", _of(share))
            legs += (_money("2500", share.fen, share), _money("4010", -share.fen, share))
        else:
            legs += budget_move(share.fen, "available", "earned", _of(share))
            legs += (_money("1100", share.fen, share), _money("4010", -share.fen, share))
    if returned_fen:
        legs += moved("4000", "2000", returned_fen, owner=owner)
    return tuple(legs)


def moved(source: str, target: str, fen: int, *, owner: str = "") -> tuple[Leg, Leg]:
    """Dr `source` Cr `target`; the wallet reference goes on account 2000."""
    return (
        Leg("F", source, fen, owner=owner if source == "2000" else ""),
        Leg("F", target, -fen, owner=owner if target == "2000" else ""),
    )


def _of(share: ShareView) -> Leg:
    return Leg("B", "available", share.fen, share.funder, share.programme, share.rule, share.category)


def _money(account: str, fen: int, share: ShareView) -> Leg:
    return Leg("F", account, fen, share.funder, share.programme, share.rule, share.category)
