"""/office/residents: the roll, and one resident's file with private fields masked."""

from collections.abc import Mapping
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from canteen.people.cards import KINDS
from canteen.people.consents import ConsentKind
from canteen.people.models import Role
from canteen.readmodels.adjustment_list import adjustment_cases
from canteen.readmodels.file_story import StoryLine, file_story
from canteen.readmodels.office_home import AHEAD
from canteen.readmodels.office_scope import roll_scope
from canteen.readmodels.recoverable import recoverable_meals
from canteen.readmodels.resident_file import recent_meals, resident_file
from canteen.readmodels.residents_list import RollFilter, residents_list
from canteen.sites import places
from canteen.sites.places import CommunityView
from canteen.web.language import has_sentence
from canteen.web.office.desk import OfficeDesk, for_section
from canteen.web.problems import Told
from menus.diet import ALLERGENS, DIET_TAGS
from subsidies.eligibility import CATEGORIES
from subsidies.models import FileStatus

GUARDS = for_section("residents")
ELSEWHERE = {"jilin/fengman": "district", "jilin": "city", "elsewhere": "away"}
"""Areas that are no community of ours, and the word for each."""
FILTERS = ("q", "community", "category", "status", "unconfirmed", "overdue", "lapsing")


@get("/residents", guards=GUARDS)
async def residents(desk: NamedDependency[OfficeDesk]) -> Template:
    """Search and filters are in the address."""
    query = desk.query
    status = query.get("status", "")
    number = query.get("page", "1")
    wanted = RollFilter(
        text=query.get("q", ""),
        community_id=query.get("community") or None,
        category=query.get("category") if query.get("category") in CATEGORIES else None,
        status=FileStatus(status) if status in set(FileStatus) else None,
        unconfirmed="unconfirmed" in query or "overdue" in query,
        enrolled_before=desk.now - AHEAD if "overdue" in query else None,
        lapsing_until=desk.today + AHEAD if "lapsing" in query else None,
        page=int(number) if number.isascii() and number.isdigit() else 1,
    )
    found = await desk.database.read(
        residents_list, wanted, scope=roll_scope(desk.actor), today=desk.today, sealer=desk.sealer
    )
    kept = {key: query[key] for key in FILTERS if query.get(key)}
    communities = await desk.database.read(places.communities)
    scope = roll_scope(desk.actor)
    return desk.page(
        "residents",
        here="residents",
        found=found,
        query=query,
        address=f"/office/residents?{urlencode(kept)}" if kept else "/office/residents",
        narrowed=bool(kept),
        community_options=[("", desk.t("office.all"))]
        + [
            (view.id, view.name)
            for view in communities
            if scope.community_id in (None, view.id) and scope.subdistrict_id in (None, view.subdistrict_id)
        ],
        category_options=_options(desk, "category", CATEGORIES),
        status_options=_options(desk, "status", tuple(FileStatus)),
        changes=desk.changes_files,
    )


def _register_words(desk: OfficeDesk, area: str, communities: tuple[CommunityView, ...]) -> str:
    """`建华街道 龙城社区`; for a register elsewhere the path as it was entered."""
    for view in communities:
        if area == view.area:
            return f"{view.subdistrict_name} {view.name}"
    if area in ELSEWHERE:
        return desk.t(f"recoverable.place.{ELSEWHERE[area]}")
    return desk.t("office.file.register-in-district") if area.startswith("jilin/fengman") else area


def _areas(story: tuple[StoryLine, ...]) -> set[str]:
    """Paths of areas that a history names."""
    return {area for line in story if line.what.endswith("_area") for area in (line.value, line.was)}


def _places(desk: OfficeDesk, communities: tuple[CommunityView, ...]) -> list[tuple[str, str]]:
    """Where somebody may move to, as far as rules ask: a community here, elsewhere in the city, away."""
    here = [(view.area, f"{view.subdistrict_name} {view.name}") for view in communities]
    return [*here, *((area, desk.t(f"recoverable.place.{key}")) for area, key in ELSEWHERE.items())]


def _options(desk: OfficeDesk, kind: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", desk.t("office.all")), *((str(key), desk.t(f"office.{kind}.{key}")) for key in keys)]


@get("/residents/{resident:str}", guards=GUARDS)
async def one_resident(resident: FromPath[str], desk: NamedDependency[OfficeDesk]) -> Template:
    """The file. `?done=` tells what was just stored."""
    return await resident_page(desk, resident)


async def resident_page(
    desk: OfficeDesk,
    resident_id: str,
    *,
    refusal: Told | None = None,
    status_code: int = 200,
    revealed: Mapping[str, str] | None = None,
) -> Template:
    """The file with what a form has just brought: a refusal, or a field in clear.

    Raises:
        NotYours: out of scope.
    """
    await desk.check_resident(resident_id)
    file = await desk.database.read(resident_file, resident_id, today=desk.today, sealer=desk.sealer)
    books = [view.id for view in await desk.canteens()] if "months" in desk.sections else None
    done = f"office.done.{desk.query.get('done', '')}"
    communities = await desk.database.read(places.communities)
    story = await desk.database.read(file_story, resident_id)
    standing = {line.kind for line in file.consents if line.withdrawn_at is None}
    reads_books = "spend" in desk.sections
    return desk.page(
        "resident",
        here="residents",
        status_code=status_code,
        file=file,
        refusal=refusal,
        revealed=revealed or {},
        done=done if has_sentence("zh", done) else "",
        changes=desk.changes_files,
        standing=standing,
        register_words=_register_words(desk, file.file.register_area if file.file else "", communities),
        living_words=_register_words(desk, file.file.living_area if file.file else "", communities),
        place_words={area: _register_words(desk, area, communities) for area in _areas(story)},
        place_options=_places(desk, communities),
        story=story,
        recoverable=await desk.database.read(recoverable_meals, resident_id) if reads_books else None,
        cases=await desk.database.read(adjustment_cases, desk.actor, resident_id) if reads_books else (),
        adjusts=desk.actor.role in {Role.SUBDISTRICT, Role.OFFICER},
        health=ConsentKind.HEALTH in standing,
        consent_kinds=[kind.value for kind in ConsentKind],
        category_options=_options(desk, "category", CATEGORIES)[1:],
        status_options=_options(desk, "status", tuple(FileStatus))[1:],
        card_kinds=[(kind, desk.t(f"office.card-kind.{kind}")) for kind in sorted(KINDS)],
        diet_tags=DIET_TAGS,
        allergens=ALLERGENS,
        reads_audit="audit" in desk.sections,
        meals=None if books is None else await desk.database.read(recent_meals, resident_id, books),
    )
