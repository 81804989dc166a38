"""A few invented applications (演示), one at each place they can stand, made by the use cases."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw
from sqlmodel import Session, col, select

from canteen.applications.evidence import Photo, read_photo
from canteen.applications.models import Application
from canteen.applications.states import DECISIONS, Level
from canteen.demo.enrolling import Eater, enrolled
from canteen.demo.phones import DEMO_CARD
from canteen.people.models import Account
from canteen.people.sealed import Sealer
from canteen.readmodels.own_applications import may_apply_for
from canteen.usecases.answer_application import ApplicationAnswered, answer_application
from canteen.usecases.begin_application import ApplicationBegun, begin_application
from canteen.usecases.decide_application import ApplicationDecided, CategoryDates, decide_application
from canteen.usecases.decide_categories import CategoriesDecided, decide_categories
from canteen.usecases.file_application import ApplicationFiled, file_application
from canteen.usecases.propose_category import propose_category
from canteen.usecases.submit_application import ApplicationSent, submit_application
from menus.service_days import business_day
from subsidies.eligibility import APPLIED_FOR
from subsidies.proposals import ProposedCategory


@dataclass(frozen=True, slots=True)
class _Story:
    """What somebody applied for, how many days ago, and what was decided so far: (level, decision, reason)."""

    category: str
    days_ago: int
    paper: str
    about: str = ""
    decided: tuple[tuple[Level, str, str], ...] = ()
    by_worker: bool = False
    sent: bool = True


_VERIFIED = (Level.COMMUNITY, "verify", "上门看过，情况属实（演示）")
_REVIEWED = (Level.SUBDISTRICT, "review", "")
_STORIES = (
    _Story("living_alone", 1, "户口本（演示）", "一个人住，有事找对门"),
    _Story("severe_disability", 12, "残疾证 尾号 0042（演示）", "走路要拐杖"),
    _Story("disabled_frail", 2, "能力评估 2026-10（演示）", by_worker=True),
    _Story("empty_nest", 6, "户口本（演示）", "女儿在长春", (_VERIFIED,)),
    _Story("low_income", 9, "最低生活保障证 尾号 0318（演示）", "", (_VERIFIED, _REVIEWED)),
    _Story("left_behind", 7, "", "儿子在外地打工", ((Level.COMMUNITY, "return", "请补一份孩子在外地的证明，或请社区上门看"),)),
    _Story("special_family", 30, "扶助证（演示）", "", (_VERIFIED, _REVIEWED, (Level.DISTRICT, "approve", ""))),
    _Story("low_income", 26, "（演示）", "", (_VERIFIED, _REVIEWED, (Level.DISTRICT, "refuse", "家庭收入高于标准"))),
)  # fmt: skip
_COMMUNITY = "longcheng"


def add_applications(session: Session, *, now: datetime, sealer: Sealer) -> int:
    """Once; returns how many there are now."""
    if session.exec(select(Application.id)).first() is not None:
        return 0
    today = business_day(now)
    workers = {
        username: (f"account:{key}", name)
        for username, key, name in session.exec(
            select(Account.username, Account.id, Account.name).where(col(Account.left_at).is_(None))
        )
    }
    photo = _drawn_paper()
    people = [one for one in enrolled(session) if one.spec.community == _COMMUNITY and one.spec.status == "active"]
    taken: set[str] = set()
    made = 0
    for story in sorted(_STORIES, key=lambda one: -one.days_ago):
        who = _somebody(session, people, taken, story.category, today)
        if who is not None:
            taken.add(who.id)
            _tell(session, story, who.id, workers, photo, at=now - timedelta(days=story.days_ago), sealer=sealer)
            made += 1
    _grant_that_ends(session, people, taken, today, workers, now=now)
    known = next((one.id for one in people if one.card == DEMO_CARD), None)
    if known is not None:
        made += _begin_for_visitors(session, known, today, now=now, sealer=sealer)
    return made


def _somebody(session: Session, people: list[Eater], taken: set[str], category: str, today: date) -> Eater | None:
    """The first who may apply for it and tells no other story; the visitors' own card keeps out of it."""
    return next(
        (
            one
            for one in people
            if one.id not in taken
            and one.card != DEMO_CARD
            and not one.spec.categories
            and category in may_apply_for(session, one.id, today=today)
        ),
        None,
    )


def _tell(
    session: Session,
    story: _Story,
    who: str,
    workers: dict[str, tuple[str, str]],
    photo: Photo,
    *,
    at: datetime,
    sealer: Sealer,
) -> None:
    said = {"paper": story.paper, "about": story.about}
    if story.by_worker:
        ref, name = workers["community-2"]
        filed = ApplicationFiled(who, story.category, said, agreed=True, by_name=name, photos=(photo,))
        key = file_application(session, filed, now=at, actor=ref, sealing=sealer)
    else:
        key = begin_application(session, ApplicationBegun(who, story.category, who), now=at)
        answer_application(session, ApplicationAnswered(key, who, said, (photo,)), now=at, sealing=sealer)
        submit_application(session, ApplicationSent(key, who, agreed=True), now=at, sealing=sealer)
    desks = {Level.COMMUNITY: "community", Level.SUBDISTRICT: "subdistrict", Level.DISTRICT: "officer"}
    for number, (level, decision, reason) in enumerate(story.decided):
        at += timedelta(days=1)
        ref, name = workers[desks[level]]
        grant = None
        if DECISIONS[level][decision].target == "approved":
            day = business_day(at)
            grant = CategoryDates(day, date(day.year + 1, day.month, 1), story.paper)
        decided = ApplicationDecided(key, level, decision, number + 2, reason, grant, name)
        decide_application(session, decided, now=at, actor=ref, sealing=sealer)


def _grant_that_ends(
    session: Session,
    people: list[Eater],
    taken: set[str],
    today: date,
    workers: dict[str, tuple[str, str]],
    *,
    now: datetime,
) -> None:
    """One category for the yearly look, and one that waits for a second person."""
    who = _somebody(session, people, taken, "living_alone", today)
    if who is not None:
        start, until = today - timedelta(days=327), today + timedelta(days=38)
        wanted, at = (
            ProposedCategory(who.id, "living_alone", start, until, "社区核实（演示）"),
            now - timedelta(days=60),
        )
        key = propose_category(session, wanted, now=at, actor=workers["officer-2"][0])
        decide_categories(session, CategoriesDecided((key,), approve=True), now=at, actor=workers["officer"][0])
        taken.add(who.id)
    other = _somebody(session, people, taken, "empty_nest", today)
    if other is not None:
        wanted = ProposedCategory(other.id, "empty_nest", today, None, "社区走访表（演示）")
        propose_category(session, wanted, now=now - timedelta(days=1), actor=workers["officer-2"][0])


def _begin_for_visitors(session: Session, who: str, today: date, *, now: datetime, sealer: Sealer) -> int:
    """Whoever tries the phone pages finds one half filled in."""
    open_to = may_apply_for(session, who, today=today)
    category = next((key for key in APPLIED_FOR if key in open_to), None)
    if category is None:
        return 0
    at = now - timedelta(days=1)
    key = begin_application(session, ApplicationBegun(who, category, who), now=at)
    answer_application(session, ApplicationAnswered(key, who, {"paper": "户口本（演示）"}), now=at, sealing=sealer)
    return 1


def _drawn_paper() -> Photo:
    """A drawn sheet that is nobody's certificate."""
    sheet = Image.new("RGB", (900, 1200), "#f4efe4")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((60, 60, 840, 1140), outline="#8a6d3b", width=6)
    pen.rectangle((140, 150, 760, 230), fill="#c9b48a")
    for line in range(9):
        pen.rectangle((140, 320 + line * 70, 760 - line % 3 * 90, 336 + line * 70), fill="#b9b2a3")
    pen.ellipse((540, 880, 760, 1100), outline="#a33", width=10)
    pen.text((160, 160), "DEMO", fill="#4a3b1d", font_size=64)
    out = BytesIO()
    sheet.save(out, "PNG")
    return read_photo(out.getvalue())
