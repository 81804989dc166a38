"""Everything the window shows beside the card field."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from canteen.people.residents import resident
from canteen.people.sealed import mask_name
from canteen.readmodels.day_menu import DayMenu, day_menu
from canteen.readmodels.handover_list import HandedOver, MealCounts, last_handed_over, meal_counts
from canteen.readmodels.open_dues import OpenDue, open_dues
from canteen.readmodels.prep_sheet import prep_is_due
from canteen.readmodels.window import MealNow, meal_now
from canteen.sites.help_calls import open_calls
from menus.service_days import business_day


@dataclass(frozen=True, slots=True)
class CallForHelp:
    """Somebody waits at a kiosk; the name is shortened."""

    id: str
    reason: str
    device_name: str
    shown_as: str
    called_at: datetime


@dataclass(frozen=True, slots=True)
class WindowPage:
    """One look at the window."""

    meal: MealNow
    counts: MealCounts
    menu: DayMenu
    last: tuple[HandedOver, ...]
    dues: tuple[OpenDue, ...]
    calls: tuple[CallForHelp, ...]
    prep_due: bool
    """Pre-orders have closed and the prep sheet is not on paper."""


def window_page(session: Session, canteen_id: str, now: datetime, *, around: timedelta) -> WindowPage:
    """The window at `now`; `around` is how long before and after serving trays may leave."""
    at = meal_now(session, canteen_id, now, around=around)
    return WindowPage(
        at,
        meal_counts(session, canteen_id, at.day, at.meal),
        day_menu(session, canteen_id, at.day, at.meal),
        last_handed_over(session, canteen_id, business_day(now)),
        open_dues(session, canteen_id),
        calls_for_help(session, canteen_id),
        prep_is_due(session, canteen_id, at.day, at.meal, now),
    )


def calls_for_help(session: Session, canteen_id: str) -> tuple[CallForHelp, ...]:
    """Who waits, longest first."""
    return tuple(
        CallForHelp(
            call.id,
            call.reason,
            call.device_name or "",
            mask_name(resident(session, call.resident_id).name) if call.resident_id else "",
            call.called_at,
        )
        for call in open_calls(session, canteen_id)
    )
