"""`statement.json`: everything the month comes to, in canonical JSON, which is what gets signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit_pack.accounts import AccountNames
from canteen.audit_pack.line_files import LineFiles
from canteen.audit_pack.month_papers import MonthPapers, PaperLine
from canteen.audit_pack.month_tally import Balances, MonthTally
from canteen.audit_pack.small_files import RuleText, VoucherSums, as_list
from canteen.audit_pack.words import FUNDERS, funder_place
from canteen.sites.errors import CanteenUnknown
from canteen.sites.models import Canteen, Operator
from subsidies.months import Month

FORMAT = "nuancan-statement-1"
GENESIS_ROOT = "0" * 64
"""What the first locked month of a canteen is chained to."""
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Place:
    """The canteen and who runs it, as the statement names them."""

    canteen_id: str
    canteen: str
    operator_id: str
    operator: str
    agreement: str


@dataclass(frozen=True, slots=True)
class ChainPart:
    """Which entries count in the month, and the root over them."""

    entries: int
    first: int
    last: int
    last_hash: str
    previous_root: str
    root: str


def place_of(session: Session, canteen_id: str) -> Place:
    """Raises: CanteenUnknown."""
    row = session.execute(
        select(col(Canteen.id), col(Canteen.name), col(Operator.id), col(Operator.name), col(Operator.agreement_no))
        .join(Operator, col(Operator.id) == col(Canteen.operator_id))
        .where(col(Canteen.id) == canteen_id)
    ).one_or_none()
    if row is None:
        raise CanteenUnknown(canteen=canteen_id)
    return Place(*row)


def claim_lines(papers: MonthPapers, tally: MonthTally) -> list[PaperLine]:
    """Those of the statement; before a declaration what the books say."""
    lines = papers.lines or [
        PaperLine(funder, programme, claim.meals, claim.fen, None, None)
        for (funder, programme), claim in tally.claims.items()
        if claim.fen or claim.meals
    ]
    return sorted(lines, key=lambda line: (funder_place(line.funder), line.funder, line.programme))


def statement(
    place: Place,
    month: Month,
    *,
    papers: MonthPapers,
    tally: MonthTally,
    found: Balances,
    lines: LineFiles,
    vouchers: VoucherSums,
    wallets: int,
    rules: Sequence[RuleText],
    names: AccountNames,
    chain: ChainPart,
    files: Mapping[str, str],
    key: Mapping[str, str],
    now: datetime,
) -> Json:
    """Amounts are whole fen; `balances` are debits less credits; nothing in it names a diner."""
    claims = claim_lines(papers, tally)
    approved = [line.approved_fen for line in claims if line.approved_fen is not None]
    return {
        "format": FORMAT,
        "draft": not key,
        "canteen": {"id": place.canteen_id, "name": place.canteen},
        "operator": {"id": place.operator_id, "name": place.operator, "agreement": place.agreement},
        "period": month.text,
        "state": papers.state,
        "built_at": now.astimezone(UTC).isoformat(),
        "meals": tally.meals,
        "claims": [
            {
                "funder": line.funder, "programme": line.programme, "meals": line.meals, "claimed_fen": line.claimed_fen,
                "approved_fen": line.approved_fen, "disallowed_fen": line.disallowed_fen,
                "set_off_fen": line.set_off_fen, "reason": line.reason,
            }
            for line in claims
        ],
        "claimed_fen": sum(line.claimed_fen for line in claims),
        "approved_fen": sum(approved) if claims and len(approved) == len(claims) else None,
        "set_off_fen": sum(line.set_off_fen for line in claims),
        "lines": {
            "count": lines.count, "list_fen": lines.list_fen, "diner_fen": lines.diner_fen,
            "funders": [[funder, lines.funders_fen[funder]] for funder in FUNDERS],
        },
        "vouchers": {
            "count": vouchers.count, "debit_fen": vouchers.debit_fen, "credit_fen": vouchers.credit_fen,
        },
        "wallets": {"count": wallets, "closing_fen": -sum(found.wallets_closing(tally).values())},
        "balances": {"opening": as_list(found.opening), "closing": as_list(found.closing(tally))},
        "accounts": {account: [own.number, own.name] for account, own in names.items()},
        "rules": [
            {
                "id": rule.id, "file": rule.name, "code": rule.code, "version": rule.version, "title": rule.title,
                "sha256": rule.sha256, "content_sha256": rule.content_sha256,
                "from": rule.effective_from, "until": rule.effective_until,
            }
            for rule in rules
        ],
        "differences": None
        if papers.differences is None
        else {"count": len(papers.differences), "blocking_open": papers.blocking_open},
        "sign_offs": [
            {
                "step": step.step, "by": step.by, "name": step.by_name, "reason": step.reason,
                "at": step.at.astimezone(UTC).isoformat(),
            }
            for step in papers.sign_offs
        ],
        "chain": {
            "entries": chain.entries, "first": chain.first, "last": chain.last, "last_hash": chain.last_hash,
        },
        "merkle": {"previous_root": chain.previous_root, "root": chain.root},
        "files": dict(files),
        "key": dict(key),
    }  # fmt: skip
