"""What stands in the small world of `tests.support.world`: people, kitchens, money, tokens, all made by the use cases."""

from datetime import UTC, date, datetime
from itertools import count
from typing import TypedDict, Unpack

from sqlmodel import Session, col, select

from canteen.clock import move_demo_clock
from canteen.people.cards import set_state
from canteen.people.consents import ConsentKind
from canteen.people.diet_notes import DietNotes
from canteen.people.models import Card, CardState, Role
from canteen.people.sealed import Sealer
from canteen.sites.places import seed_places
from canteen.usecases.create_token import create_token
from canteen.usecases.enrol_resident import CardToBind, ConsentGiven, Enrolment, enrol_resident
from canteen.usecases.load_budget import LoadBudget, load_budget
from canteen.usecases.plan_menu import MenuPlan, plan_menu
from canteen.usecases.publish_menu import MenuOf, publish_menu
from canteen.usecases.publish_rule_set import publish_rule_set
from canteen.usecases.top_up_wallet import top_up_wallet
from menus.models import Menu, MenuItem
from menus.planning import PlannedLine
from menus.service_days import MealPeriod
from subsidies.proposals import ProposedCategory
from subsidies.rules.library import shipped_text
from tests.canteen.building import LINES, NOW, TODAY, stock_kitchen
from tests.support.granting import grant_category

CANTEENS = ("longcheng", "shuiyun")
SECRET = "a secret for tests, forty characters long!"
ACTOR = "account:world"
_SERVICE = ConsentGiven(ConsentKind.SERVICE)
_HEALTH = ConsentGiven(ConsentKind.HEALTH)


class _Person(TypedDict, total=False):
    title: str
    sex: str
    consents: tuple[ConsentGiven, ...]
    diet: DietNotes


def _elder(name: str, born: date, tail: str, home: str = "longcheng", **more: Unpack[_Person]) -> Enrolment:
    street = "jianhua" if home == "longcheng" else "taishan"
    return Enrolment(
        name=name,
        community_id=home,
        born=born,
        register_area=f"jilin/fengman/{street}/{home}",
        cards=(CardToBind(f"62220000000000{tail}"),),
        **more,
    )


PEOPLE = {
    "elder82": _elder("张玉兰", date(1944, 3, 12), "82", title="奶奶", sex="f"),
    "elder92": _elder("王福顺", date(1934, 5, 1), "92", title="爷爷", sex="m"),
    "elder75": _elder("孙淑琴", date(1951, 1, 9), "75", title="阿姨", sex="f", home="shuiyun"),
    "lapsed67": _elder("李桂芝", date(1959, 6, 20), "67", sex="f"),
    "lost": _elder("赵国栋", date(1948, 8, 8), "17", sex="m"),
    "allergic": _elder(
        "𬭊䶮堃", date(1950, 2, 2), "50", consents=(_SERVICE, _HEALTH), diet=DietNotes(allergies=("fish",))
    ),
    "young": _elder("刘洋", date(1996, 7, 7), "30", home="shuiyun"),
}
"""elder82 pays 6 yuan, elder92 nothing, elder75 three quarters, young the list price; `lost` lost the card, the 低保 of
`lapsed67` has ended. Card numbers are 62220000000000 and the two digits of `CARDS`."""
CARDS = {who: person.cards[0].number for who, person in PEOPLE.items()}

_counter = count(1)


def add_elders(session: Session, how_many: int, born: date, sealer: Sealer) -> list[str]:
    """Elders of Longcheng with a card each; returns their ids."""
    found: list[str] = []
    for index in range(how_many):
        person = Enrolment(
            name=f"演示{index}",
            community_id="longcheng",
            born=born,
            register_area="jilin/fengman/jianhua/longcheng",
            cards=(CardToBind(f"{7_000_000_000 + next(_counter)}"),),
        )
        found.append(enrol_resident(session, person, now=NOW, actor=ACTOR, sealer=sealer))
    return found


def elder_cards(session: Session) -> list[str]:
    """Card numbers of those elders."""
    return sorted(session.exec(select(Card.number).where(col(Card.number).startswith("7000"))).all())


def fill(session: Session, portions: int | None) -> tuple[dict[str, str], dict[str, str]]:
    """Everything; returns people and tokens by name. `portions` overrides what is planned of every line."""
    sealer = Sealer(SECRET)
    seed_places(session)
    for code in ("jilin-2024", "fengman-example"):
        publish_rule_set(session, shipped_text(code), now=NOW, actor=ACTOR)
    for canteen in CANTEENS:
        _open_kitchen(session, canteen, portions)
    people = {
        who: enrol_resident(session, person, now=NOW, actor=ACTOR, sealer=sealer) for who, person in PEOPLE.items()
    }
    set_state(session, CARDS["lost"], CardState.LOST, now=NOW)
    low_income = ProposedCategory(
        people["lapsed67"], "low_income", date(2025, 11, 1), date(2026, 11, 1), "低保证（演示）"
    )
    grant_category(session, low_income, now=NOW, actor=ACTOR)
    for who in ("elder82", "elder75", "young"):
        for canteen in CANTEENS:
            top_up_wallet(session, people[who], canteen, fen=20_000, now=NOW, actor=ACTOR)
    move_demo_clock(session, NOW, real_at=datetime.now(UTC))
    tokens = {
        f"{role}-{canteen}": f"nc_{role}_{canteen}" for role in ("kiosk", "staff", "manager") for canteen in CANTEENS
    }
    tokens |= {role: f"nc_{role}" for role in ("officer", "auditor")}
    for name, bearer in tokens.items():
        role, _, canteen = name.partition("-")
        create_token(
            session,
            bearer,
            role=Role(role),
            canteen_id=canteen or None,
            name=name,
            days=None,
            now=NOW,
            business_now=NOW,
            actor=ACTOR,
        )
    return people, tokens


def _open_kitchen(session: Session, canteen: str, portions: int | None) -> None:
    stock_kitchen(session, canteen)
    plan_lunch(session, canteen, portions)
    publish_menu(session, MenuOf(canteen, TODAY, MealPeriod.LUNCH), now=NOW, actor=ACTOR)
    for funder in ("district", "subdistrict", "collective", "city"):
        budget = LoadBudget(canteen, funder, "elder-meals", 50_000_000, date(2026, 1, 1), "演示预算")
        load_budget(session, budget, now=NOW, actor=ACTOR)
    gift = LoadBudget(canteen, "charity", "warm-meal-fund", 10_000_000, date(2026, 1, 1), "演示捐赠")
    load_budget(session, gift, now=NOW, actor=ACTOR)


def plan_lunch(session: Session, canteen: str, portions: int | None) -> None:
    """Today's lunch; `portions` overrides what is planned of every line, on a published menu too."""
    lines: tuple[PlannedLine, ...] = LINES
    if portions is not None:
        lines = tuple(PlannedLine(line.kind, line.key, portions, line.price_fen, line.parts) for line in LINES)
    plan_menu(session, MenuPlan(canteen, TODAY, MealPeriod.LUNCH, lines, "light"), now=NOW, actor=ACTOR)


def items(session: Session) -> dict[str, dict[str, int]]:
    """Today's lines: kitchen → key → id."""
    rows = session.exec(select(Menu.kitchen_id, MenuItem.id, MenuItem.name).join(MenuItem)).all()
    by_name: dict[str, dict[str, int]] = {}
    for kitchen, item_id, name in rows:
        assert item_id is not None
        by_name.setdefault(kitchen, {})[name] = item_id
    names = {"soft": "软烂两荤一素", "light": "清淡套餐", "seafood": "鲜味套餐", "ribs": "红烧肉炖豆角", "rice": "米饭"}
    return {kitchen: {key: found[name] for key, name in names.items()} for kitchen, found in by_name.items()}
