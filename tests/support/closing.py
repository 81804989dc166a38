"""A November at Longcheng on its way to the lock, for tests: what three people press, without pages."""

from dataclasses import replace
from datetime import UTC, date, datetime

from canteen.audit_pack.build import build_pack
from canteen.audit_pack.keys import Signer
from canteen.readmodels.month_claim import month_claim
from canteen.usecases.approve_month import Disallowed, approve_month
from canteen.usecases.cut_off_month import cut_off_month
from canteen.usecases.declare_month import declare_month
from canteen.usecases.end_orders import end_orders
from canteen.usecases.lock_month import lock_month
from canteen.usecases.review_month import review_month
from canteen.usecases.steps.month_moves import MonthStep
from subsidies.months import Month
from tests.support.world import World

NOVEMBER = Month(2026, 11)
AFTER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
STEP = MonthStep("longcheng", NOVEMBER, "account:manager", "郑经理", AFTER)
BY = {who: replace(STEP, by=f"account:{who}", by_name=who) for who in ("manager", "subdistrict", "officer")}
DAY = date(2026, 12, 1)


def served(w: World, who: str = "elder82") -> str:
    """A meal of 15 yuan handed over: the funders bear 9 of it but for the operator's part."""
    order = w.place(who, "soft", method="wallet")
    w.collect(order.pickup_code)
    return order.id


def declared(w: World) -> None:
    """Cut off and declared by the manager."""
    w.database.write_sync(end_orders, now=AFTER)
    w.database.write_sync(cut_off_month, BY["manager"])
    claim = w.database.read_sync(month_claim, "longcheng", NOVEMBER)
    w.database.write_sync(declare_month, BY["manager"], claim)


def approved(w: World, **disallowing: Disallowed) -> None:
    """And reviewed and approved, less what is named by funder."""
    declared(w)
    w.database.write_sync(review_month, BY["subdistrict"])
    cuts = {(funder, "elder-meals"): cut for funder, cut in disallowing.items()}
    w.database.write_sync(approve_month, BY["officer"], cuts)


def locked(w: World) -> None:
    """And locked with its signed pack."""
    pack = w.database.read_sync(build_pack, "longcheng", NOVEMBER, signer=Signer("a key for tests"), now=AFTER)
    w.database.write_sync(lock_month, BY["officer"], pack, blocking=0)
