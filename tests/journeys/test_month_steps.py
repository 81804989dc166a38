"""A month closed by its people, page by page: each presses what the page offers them, and nobody else can."""

from datetime import UTC, datetime

from canteen.clock import move_demo_clock
from canteen.usecases.end_orders import end_orders
from tests.journeys.office_browser import OfficeBrowser
from tests.support.world import World

MONTH = "/office/months/2026-11"
AT = f"{MONTH}/longcheng"
AFTER = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def lived(world: World) -> World:
    """Two meals handed over, one never fetched, and the month is over."""
    for who in ("elder82", "elder92"):
        world.collect(world.place(who, "soft", method="wallet" if who == "elder82" else "cash").pickup_code)
    world.place("young", "light", method="wallet")
    world.database.write_sync(move_demo_clock, AFTER, real_at=datetime.now(UTC))
    world.database.write_sync(end_orders, now=AFTER)
    return world


def step(who: OfficeBrowser, does: str, status: int = 200, /, **typed: str) -> str:
    """Press a button of Longcheng's month; what the page then says."""
    fields = {f"{name}-longcheng": value for name, value in typed.items()}
    answer = who.post(f"{AT}/lock" if does == "lock" else f"{AT}/step", page=MONTH, **{"do": does, **fields})
    assert answer.status_code == status, answer.text[-2000:]
    return answer.text


def test_manager_subdistrict_and_civil_affairs_close_a_month(world: World) -> None:
    """Two presses, one press, two presses, and a payment: every page says whom it waits for."""
    with lived(world).client() as client:
        manager = OfficeBrowser(client, world, "longcheng-manager")
        assert "等食堂截止本月" in manager.get(MONTH).text
        assert "本月已截止" in step(manager, "cut-off")
        assert "等街道审核" in step(manager, "declare")

        street = OfficeBrowser(client, world, "subdistrict")
        assert "请写理由" in step(street, "return", 422, reason="")
        assert "等食堂改好再申报" in step(street, "return", reason="缺签字单")

        manager = OfficeBrowser(client, world, "longcheng-manager")
        assert "缺签字单" in manager.get(MONTH).text
        step(manager, "cut-off")
        step(manager, "declare")
        assert "等区民政局核准" in step(OfficeBrowser(client, world, "subdistrict"), "review")

        officer = OfficeBrowser(client, world, "officer")
        cut = {"line1": "district/elder-meals", "cut1": "1.00"}
        refused = step(officer, "approve", 422, **cut)
        assert ("请写理由" in refused, 'value="1.00"' in refused) == (True, True)
        assert "已核准" in step(officer, "approve", 200, **cut, why1="多报一份")
        step(officer, "lock")
        assert "等资金到账" in officer.get(MONTH).text
        money = {"line": "district/elder-meals", "paid_on": "2026-12-01", "reference": "工行 0001"}
        assert 'value="9999"' in step(officer, "pay", 409, fen="9999", **money)
        assert "到账已登记" in step(officer, "pay", 200, fen="0.01", **money)


def test_a_month_that_runs_offers_no_step(world: World) -> None:
    with world.client() as client:
        manager = OfficeBrowser(client, world, "longcheng-manager")
        assert 'month-state"' not in manager.get(MONTH).text
        assert "这个月还没过完" in step(manager, "cut-off", 409)


def test_months_close_in_order(world: World) -> None:
    """December has no button while November is open, only the way there."""
    lived(world)
    world.database.write_sync(move_demo_clock, datetime(2027, 1, 2, tzinfo=UTC), real_at=datetime.now(UTC))
    with world.client() as client:
        manager = OfficeBrowser(client, world, "longcheng-manager")
        december = manager.get("/office/months/2026-12").text
        assert ('month-state"' in december, "截止本月" in december) == (False, False)
        answer = manager.post("/office/months/2026-12/longcheng/step", page=MONTH, do="cut-off")
        assert (answer.status_code, "2026-11 还没申报" in answer.text) == (409, True)


def test_a_step_belongs_to_its_office(world: World) -> None:
    """The manager cannot review, the subdistrict cannot approve, nobody takes a step that is none."""
    wrong = (
        ("longcheng-manager", "review"),
        ("longcheng-manager", "return"),
        ("subdistrict", "approve"),
        ("officer", "x"),
    )
    with lived(world).client() as client:
        for who, does in wrong:
            step(OfficeBrowser(client, world, who), does, 403)
