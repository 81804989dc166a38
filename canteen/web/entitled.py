"""/entitled: 「我能享受什么」, for anybody: answers are sent in a form's body, decided, told, and kept nowhere."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Template
from sqlmodel import Session

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.readmodels.standard_meal import STANDARD_FEN, StandardMeal, standard_meals
from canteen.settings import Settings
from canteen.sites import places
from canteen.sites.places import CanteenView, CommunityView
from canteen.web.forms import Form
from canteen.web.templates import PageRequest, page, page_translator
from menus.service_days import business_day
from subsidies.eligibility import APPLIED_FOR, SCHEME_AREA, register_level
from subsidies.rules.facts import Diner, HeldCategory

AREAS = {"district": SCHEME_AREA, "city": f"{SCHEME_AREA.split('/', maxsplit=1)[0]}/-", "other": "-"}
"""Places that are no community of ours; `-` is an area nothing lies in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody said of themselves, read leniently for showing it again."""

    age: str = ""
    register: str = ""
    living: str = ""
    categories: tuple[str, ...] = field(default=())


def _places(communities: tuple[CommunityView, ...]) -> dict[str, str]:
    return {view.id: view.area for view in communities} | AREAS


def _diner(age: int, register: str, living: str, categories: tuple[str, ...], today: date) -> Diner:
    """Somebody whose birthday was yesterday."""
    birthday = today - timedelta(days=1)
    born = date(birthday.year - age, birthday.month, min(birthday.day, 28))
    held = tuple(HeldCategory(key, today) for key in categories if key in APPLIED_FOR)
    return Diner(
        born=born,
        register=register_level(register),
        register_area=register,
        living_area=living,
        residence_confirmed=True,
        categories=held,
    )


def _page(
    request: PageRequest, communities: tuple[CommunityView, ...], asked: Asked, form: Form | None = None, **more: object
) -> Template:
    t = page_translator(request)
    options = [(view.id, view.name) for view in communities] + [(key, t(f"entitled.place.{key}")) for key in AREAS]
    return page(
        request,
        "front/entitled.html.j2",
        status_code=422 if form and form.errors else 200,
        asked=asked,
        place_options=options,
        categories=APPLIED_FOR,
        errors=[(name, t(words)) for name, words in form.errors.items()] if form else [],
        **{"meals": None, "standard_fen": STANDARD_FEN} | more,
    )


@get("/entitled")
async def entitled_page(request: PageRequest, database: NamedDependency[Database]) -> Template:
    """The questions."""
    return _page(request, await database.read(places.communities), Asked())


@post("/entitled", status_code=200)
async def entitled(
    request: PageRequest,
    form: NamedDependency[Form],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Template:
    """The answer for an ordinary lunch today at each canteen. Nothing is written: no row, no cookie, no line of a log."""
    communities = await database.read(places.communities)
    known = _places(communities)
    asked = Asked(form.raw("age")[:3], form.raw("register"), form.raw("living"), form.every("category"))
    age = form.whole("age", 0, 130)
    if "age" in form.errors:
        form.errors["age"] = "entitled.age-needed"
    for name, place in (("register", asked.register), ("living", asked.living)):
        if place not in known:
            form.refuse(name, "entitled.place-needed")
    if form.errors:
        return _page(request, communities, asked, form)
    now = clock.now()
    today = business_day(now)
    diner = _diner(age, known[asked.register], known[asked.living], asked.categories, today)

    def decided(session: Session) -> tuple[StandardMeal, ...]:
        canteens = places.all_canteens(session)
        return standard_meals(session, diner, canteens, now=now, today=today, examples=settings.demo)

    return _page(request, communities, asked, meals=_alike(await database.read(decided)))


def _alike(meals: tuple[StandardMeal, ...]) -> list[tuple[StandardMeal, list[CanteenView]]]:
    """Canteens where it comes to the same are told together."""
    found: dict[tuple[object, ...], tuple[StandardMeal, list[CanteenView]]] = {}
    for meal in meals:
        same = (meal.list_fen, meal.self_pay_fen, meal.shares, meal.is_example)
        found.setdefault(same, (meal, []))[1].append(meal.canteen)
    return list(found.values())
