"""What is not needed in the queue: every other page of a canteen, by the work it belongs to."""

from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from canteen.people.models import Role
from canteen.web.staff.desk import StaffDesk


@dataclass(frozen=True, slots=True)
class Door:
    """A link; its words are `staff.more.{key}` and `staff.more.{key}-what`."""

    key: str
    address: str
    manager_only: bool = False


GROUPS: dict[str, tuple[Door, ...]] = {
    "menus": (
        Door("week", "/staff/week", manager_only=True),
        Door("dishes", "/staff/dishes", manager_only=True),
        Door("sets", "/staff/sets", manager_only=True),
        Door("menus", "/staff/menus", manager_only=True),
        Door("prep", "/staff/prep"),
        Door("kitchen", "/staff/kitchen"),
    ),
    "people": (
        Door("enrol", "/staff/people/enrol"),
        Door("people", "/staff/people"),
        Door("phone", "/staff/phone"),
        Door("list", "/staff/list"),
        Door("slips", "/staff/slips"),
    ),
    "money": (
        Door("close", "/staff/close"),
        Door("till", "/staff/till"),
        Door("dues", "/staff/dues"),
        Door("prices", "/staff/prices", manager_only=True),
        Door("late", "/staff/late", manager_only=True),
    ),
    "place": (
        Door("import", "/staff/import", manager_only=True),
        Door("export", "/staff/export"),
        Door("poster", "/staff/poster"),
        Door("devices", "/devices", manager_only=True),
        Door("office", "/office", manager_only=True),
    ),
}


@get("/more")
async def more(desk: NamedDependency[StaffDesk]) -> Template:
    """The doors this account may open."""
    is_manager = desk.actor.role == Role.MANAGER
    groups = {key: [door for door in doors if is_manager or not door.manager_only] for key, doors in GROUPS.items()}
    return desk.page("more", groups={key: doors for key, doors in groups.items() if doors})
