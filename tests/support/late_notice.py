"""A notice that began before it was published, for tests: 5 yuan a meal from 80 on instead of 6, 2 yuan off from 70 on."""

from datetime import date, datetime, timedelta

from sqlalchemy import text as sql
from sqlmodel import Session, select

from canteen.payments import wallets
from canteen.readmodels.invariants import check
from canteen.usecases.decide_adjustment import AdjustmentDecision, decide_adjustment
from canteen.usecases.propose_notice import NoticeProposed, propose_notice
from canteen.usecases.publish_rule_draft import Publication, publish_rule_draft
from canteen.usecases.start_rule_draft import start_rule_draft
from canteen.usecases.submit_rule_draft import submit_rule_draft
from subsidies.models import RuleSetVersion
from tests.support.world import World

AUTHOR, PUBLISHER = "account:lin", "account:shen"
PRICE = "5"
_TEXT = """
code = "{code}"
version = 1
title = {{ zh = "晚到的公告", en = "A late notice" }}
source = "测试"
effective_from = {first}
example = true
odd_fen_to = "district"
scope = {{ areas = ["jilin/fengman"] }}
cap = {{ gives_way = ["district"] }}

[[counters]]
name = "day"
per = "day"
limit = 1

[[rules]]
key = "age-80"
title = {{ zh = "80岁及以上", en = "80 and over" }}
age = {{ from = 80 }}
counters = ["day"]
benefit = {{ kind = "fixed_price", price = "{price}", up_to = "15" }}
split = "district"

[[rules]]
key = "age-70"
title = {{ zh = "70–79岁减2元", en = "70–79: 2 off" }}
age = {{ from = 70, to = 79 }}
counters = ["day"]
benefit = {{ kind = "fixed_off", amount = "2" }}
split = "district"

[[examples]]
name = "82"
date = 2026-11-28
age = 82
canteen_area = "jilin/fengman/jianhua/longcheng"
spend = "15"
expect = {{ self_pay = "{price}" }}
"""


def publish_late(
    world: World,
    *,
    first: date | None = None,
    code: str = "late-notice",
    price: str = PRICE,
    now: datetime | None = None,
) -> int:
    """Publish it, meant from `first` (yesterday); until tomorrow it decides nothing. Its key."""
    at, text = now or world.now, _TEXT.format(code=code, first=first or world.day - timedelta(days=1), price=price)
    write = world.database.write_sync
    draft = write(start_rule_draft, text, now=at, actor=AUTHOR, actor_name="林")
    write(submit_rule_draft, draft, revision=1, now=at, actor=AUTHOR)
    publication = Publication(draft, 1, frozenset(world.database.read_sync(_examples)), "沈")
    return write(publish_rule_draft, publication, now=at, actor=PUBLISHER).rule_set_id


def _examples(session: Session) -> list[int]:
    found = session.exec(select(RuleSetVersion).where(RuleSetVersion.is_example)).all()
    return [one.id for one in found if one.id is not None]


def propose_late(world: World, notice: int, *, by: str = AUTHOR, reason: str = "公告补发", days: int = 1) -> str:
    """The day after (or later), when its days are over."""
    return world.database.write_sync(
        propose_notice,
        NoticeProposed(notice, reason),
        now=world.now + timedelta(days=days),
        actor=by,
        examples_decide=True,
    )


def ate(world: World, who: str | None = "elder82", canteen: str = "longcheng") -> str:
    """A meal of 15 yuan, decided by what was in force: elder82 pays 6, elder75 11.25, elder92 nothing."""
    order = world.place(who, "soft", canteen, method="cash")
    world.collect(order.pickup_code, canteen, take_cash=order.self_pay_fen > 0)
    return order.id


def decide(world: World, proposal: str, *, by: str = PUBLISHER, approve: bool = True, reason: str = "") -> int:
    request = AdjustmentDecision(proposal, approve, reason)
    return world.database.write_sync(decide_adjustment, request, now=world.now + timedelta(days=1), actor=by)


def broken(world: World) -> list[str]:
    return [found.name for found in world.database.read_sync(check) if not found.ok]


def adjusted(world: World) -> dict[str, int]:
    """What all adjustments together changed, by funder."""
    rows = world.database.read_sync(
        lambda s: s.execute(
            sql(
                "SELECT p.funder, sum(CASE WHEN p.account = '4020' THEN -p.fen ELSE p.fen END) FROM posting p"
                " JOIN ledger_transaction t ON t.id = p.transaction_id"
                " WHERE t.kind = 'adjust' AND p.account IN ('1100', '4090', '4020') GROUP BY p.funder"
            )
        ).all()
    )
    return {funder: int(fen) for funder, fen in rows if fen}


def balance(world: World, who: str = "elder82", operator: str = "longcheng") -> int:
    found = world.database.read_sync(wallets.find, world.people[who], operator)
    return found.balance_fen if found else 0
