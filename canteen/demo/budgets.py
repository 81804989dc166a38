"""The demo's money and rules: published rule sets, a year's budgets and donations for both canteens (演示)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from canteen.sites import places
from canteen.usecases.load_budget import LoadBudget, load_budget
from canteen.usecases.publish_rule_set import publish_rule_set
from subsidies.models import LedgerTransaction
from subsidies.rules.library import shipped_text

RULE_SETS = ("jilin-2024", "fengman-example")
"""In this order: of two that take effect on one day the later published decides."""
PROGRAMME = "elder-meals"
BUDGETS_FEN = {"district": 9_000_000, "subdistrict": 3_000_000, "collective": 1_500_000, "city": 2_000_000}
"""A year at one canteen, by funder."""
DONATIONS = (("某爱心企业捐赠（演示）", 300_000), ("街坊邻里捐赠箱（演示）", 80_000))
DONATED_FOR = "warm-meal-fund"


def publish_rules(session: Session, *, now: datetime, actor: str) -> None:
    """Publish the rule sets; again is harmless."""
    for code in RULE_SETS:
        publish_rule_set(session, shipped_text(code), now=now, actor=actor)


def load_years(session: Session, years: Iterable[int], *, now: datetime, actor: str) -> None:
    """Load every year's money that is not in the books yet."""
    for canteen in places.all_canteens(session):
        for year in years:
            for load in _loads(canteen.id, year):
                if not _is_loaded(session, canteen.id, load):
                    load_budget(session, load, now=now, actor=actor)


def _loads(canteen_id: str, year: int) -> list[LoadBudget]:
    start = date(year, 1, 1)
    loads = [
        LoadBudget(canteen_id, funder, PROGRAMME, fen, start, f"{year}年助餐资金安排（演示）")
        for funder, fen in BUDGETS_FEN.items()
    ]
    return loads + [
        LoadBudget(canteen_id, "charity", DONATED_FOR, fen, start, f"{year}年{paper}") for paper, fen in DONATIONS
    ]


def _is_loaded(session: Session, canteen_id: str, load: LoadBudget) -> bool:
    subject = f"budget:{canteen_id}/{load.funder}/{load.programme}/{load.effective.year}"[:60]
    found = select(col(LedgerTransaction.id)).where(
        col(LedgerTransaction.canteen_id) == canteen_id,
        col(LedgerTransaction.subject) == subject,
        col(LedgerTransaction.reason) == load.document,
    )
    return session.execute(found).first() is not None
