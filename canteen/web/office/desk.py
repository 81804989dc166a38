"""What every office page needs: who asks, how far they see, what day it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from litestar.di import NamedDependency
from litestar.response import Template

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.people.accounts import Actor
from canteen.people.models import Role
from canteen.people.sealed import Sealer
from canteen.readmodels.office_scope import canteens_seen, sees_resident
from canteen.sites.places import CanteenView
from canteen.web.language import Language, Translate, language_of
from canteen.web.office.difference_words import meal_words
from canteen.web.sections import SECTIONS
from canteen.web.security import Guard, NotYours, require
from canteen.web.templates import PageRequest, page, page_translator
from menus.service_days import business_day


def for_section(section: str) -> list[Guard]:
    """Guards of a section's pages."""
    return [require(*(role for role, sections in SECTIONS.items() if section in sections))]


CHANGES_FILES = require(Role.COMMUNITY, Role.OFFICER)
"""Who keeps residents' files; everybody else in an office only reads."""


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """One request of somebody in an office. `now` is the business clock."""

    request: PageRequest
    database: Database
    sealer: Sealer
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The business day."""
        return business_day(self.now)

    @property
    def language(self) -> Language:
        """Of this request."""
        return language_of(self.request)

    @property
    def t(self) -> Translate:
        """Sentences in it."""
        return page_translator(self.request)

    @property
    def sections(self) -> tuple[str, ...]:
        """Menu entries of this role."""
        return SECTIONS.get(self.actor.role, ()) if self.actor.role else ()

    @property
    def changes_files(self) -> bool:
        """Whether forms that change a resident's file are shown."""
        return self.actor.role in {Role.COMMUNITY, Role.OFFICER}

    @property
    def query(self) -> Mapping[str, str]:
        """Query parameters, each trimmed and at most 80 characters; unprintable ones dropped."""
        found = {key: value.strip()[:80] for key, value in self.request.query_params.items()}
        return {key: value for key, value in found.items() if value.isprintable()}

    async def canteens(self) -> tuple[CanteenView, ...]:
        """Whose books the actor may read."""
        return await self.database.read(canteens_seen, self.actor)

    async def canteen(self, canteen_id: str) -> CanteenView:
        """One of them.

        Raises:
            NotYours: out of scope, or none; one answer for both, so that ids cannot be probed.
        """
        for view in await self.canteens():
            if view.id == canteen_id:
                return view
        raise NotYours

    async def check_resident(self, resident_id: str) -> None:
        """Raises: NotYours when that file is out of scope, or there is none."""
        if not await self.database.read(sees_resident, self.actor, resident_id):
            raise NotYours

    def meal_words(self, day: date | None, meal: str) -> str:
        """The day and the meal, in the reader's language."""
        return meal_words(day, meal, self.language)

    def page(self, name: str, *, here: str, status_code: int = 200, **context: object) -> Template:
        """A template of the office with its menu."""
        return page(
            self.request,
            f"office/{name}.html.j2",
            status_code=status_code,
            **{
                "here": here,
                "sections": self.sections,
                "counts": {},
                "today": self.today,
                "as_of": self.now,
                "iso_day": iso_day,
                **context,
            },
        )


def iso_day(at: datetime) -> str:
    """`2026-11-23`, the business day of an instant: files outlive their year."""
    return business_day(at).isoformat()


async def office_desk(
    *,
    request: PageRequest,
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    sealer: NamedDependency[Sealer],
    actor: NamedDependency[Actor],
) -> OfficeDesk:
    """The dependency `desk`."""
    return OfficeDesk(request, database, sealer, actor, clock.now())
