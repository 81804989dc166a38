"""K2 and K3: choosing dishes tile by tile, then checking lines, clashes and the one sum before ordering."""

from dataclasses import dataclass, replace

from litestar import get, post
from litestar.di import NamedDependency

from canteen.readmodels.counter_order import CounterOrder
from canteen.readmodels.day_menu import DayMenu, MenuLine
from canteen.readmodels.kiosk_visit import kiosk_basket
from canteen.web.basket import COURSES, MOST_LINES, TABS, stepped
from canteen.web.errors import problem_of
from canteen.web.forms import Form
from canteen.web.kiosk.desk import Answer, KioskDesk, Stay
from canteen.web.kiosk.placing import place

TILES, LARGE_TILES = 6, 4


@dataclass(frozen=True, slots=True)
class MenuPage:
    """One page of one tab; `pages` at least 1."""

    tab: str
    page: int
    pages: int
    tiles: tuple[MenuLine, ...]


def menu_page(menu: DayMenu, tab: str, page: str, size: int) -> MenuPage:
    """Whatever the address asks for, an existing page of an existing tab."""
    tab = tab if tab in TABS else "sets"
    items = menu.sets if tab == "sets" else tuple(item for item in menu.dishes if item.course in COURSES[tab])
    pages = max(1, -(-len(items) // size))
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    return MenuPage(tab, number, pages, items[(number - 1) * size : number * size])


async def _basket(desk: KioskDesk, stay: Stay) -> CounterOrder:
    return await desk.database.read(
        kiosk_basket,
        desk.canteen.id,
        stay.diner_id,
        stay.lines,
        now=desk.now,
        sealer=desk.sealer,
        examples_decide=desk.examples_decide,
    )


@get("/menu")
async def menu(desk: NamedDependency[KioskDesk]) -> Answer:
    """K2: list prices on the tiles, no sums beside them."""
    stay = desk.stay
    if stay is None:
        return desk.to()
    order = await _basket(desk, stay)
    query = desk.request.query_params
    size = LARGE_TILES if desk.large or desk.lang == "en" else TILES
    shown = menu_page(order.menu, query.get("tab", ""), query.get("page", ""), size)
    counts: dict[int, int] = {}
    for line in order.lines:
        counts[line.item.id] = counts.get(line.item.id, 0) + line.quantity
    full = len(order.lines) >= MOST_LINES
    return desk.page("menu", order=order, tabs=TABS, shown=shown, counts=counts, full=full)


@post("/menu", status_code=303)
async def choose(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """One tile was pressed: one more of it."""
    stay = desk.stay
    if stay is None:
        return desk.to()
    key = form.raw("add")
    if key in stay.lines or len(stay.lines) < MOST_LINES:
        await desk.keep(replace(stay, lines=stepped(stay.lines, f"{key}:more"), another=True))
    return desk.to(f"/menu?tab={_word(form.raw('tab'))}&page={_word(form.raw('page'))}")


def _word(text: str) -> str:
    return text if text.isascii() and text.isalnum() else ""


async def _check(desk: KioskDesk, stay: Stay, error: Exception | None = None) -> Answer:
    order = await _basket(desk, stay)
    if not order.lines:
        return desk.to("/menu?note=nothing")
    gone = tuple(line.item for line in order.lines if line.item.sold_out)
    return desk.page("check", error=error, order=order, gone=gone)


@get("/check")
async def check(desk: NamedDependency[KioskDesk]) -> Answer:
    """K3."""
    return desk.to() if desk.stay is None else await _check(desk, desk.stay)


@post("/check", status_code=200)
async def checked(form: NamedDependency[Form], desk: NamedDependency[KioskDesk]) -> Answer:
    """A step, or 确定. A price that changed or a dish that ran out shows this page again, nothing lost."""
    stay = desk.stay
    if stay is None:
        return desk.to()
    if "step" in form:
        await desk.keep(replace(stay, lines=stepped(stay.lines, form.raw("step"))))
        return desk.to("/check")
    try:
        order = await _basket(desk, stay)
        return await place(desk, stay, order.wish, form)
    except Exception as error:
        if problem_of(error) is None:
            raise
        return await _check(desk, stay, error)
