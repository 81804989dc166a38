"""From when to when, and where, a published rule set decides: two never do for one canteen and funder on one day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel, col

from subsidies.errors import SubsidyError
from subsidies.models import RuleSetVersion
from subsidies.rule_models import RuleSetInForce
from subsidies.rules.rule_set import RuleSet


class RuleSetOverlaps(SubsidyError):
    """Another set decides for one of its canteens on one of its days; `data["rule_set"]` names it."""

    code = "subsidies.rule-set-overlaps"


class RuleSetCanteenUnknown(SubsidyError):
    """The scope names a canteen there is none of; `data["canteen"]`."""

    code = "subsidies.rule-set-canteen"


@dataclass(frozen=True, slots=True)
class Standing:
    """A published set whose dates and places meet another's. `until` is half-open."""

    id: int
    code: str
    version: int
    title: str
    since: date
    until: date | None


class RuleSetLeavesNone(SubsidyError):
    """Canteens would have no rule set where one stood; `data["canteens"]` are their ids, parted by blanks."""

    code = "subsidies.rule-set-leaves-none"


@dataclass(frozen=True, slots=True)
class LeftWithout:
    """A canteen where a set decides that would end, and the new one does not reach. `until` is half-open."""

    canteen: str
    since: date
    until: date | None


def first_day(rule_set: RuleSet, today: date) -> date:
    """When it begins to decide if published today: on its own first day, or tomorrow where that has gone by."""
    return rule_set.effective_from if rule_set.effective_from >= today else today + timedelta(days=1)


def places_of(rule_set: RuleSet, canteens: Mapping[str, str]) -> tuple[str, ...]:
    """Its scope as paths, `('',)` for everywhere; `canteens` maps a canteen's id to its area.

    Raises:
        RuleSetCanteenUnknown: the scope names one that is not there.
    """
    scope = rule_set.document.scope
    for canteen in scope.canteens:
        if canteen not in canteens:
            raise RuleSetCanteenUnknown(canteen=canteen)
    named = tuple(f"{canteens[one]}/{one}" for one in scope.canteens if rule_set.covers(one, canteens[one]))
    return tuple(dict.fromkeys(named if scope.canteens else scope.areas)) or ("",)


def standing_beside(
    session: Session, rule_set: RuleSet, places: Collection[str], since: date, until: date | None
) -> tuple[Standing, ...]:
    """Published sets that decide at one of the places on one of the days, for whichever funder: one set decides a meal.

    Examples stand beside examples only, as they never decide where the others do. Older versions of the same code are
    among them.
    """
    rows = session.execute(
        select(
            _SET.c.id,
            _SET.c.code,
            _SET.c.version,
            _SET.c.title,
            _DATES.c.place,
            _DATES.c.valid_from,
            _DATES.c.valid_until,
        )
        .join(_DATES, _DATES.c.rule_set_id == _SET.c.id)
        .where(_DATES.c.is_example == rule_set.example)
        .order_by(_SET.c.id)
    )
    found: dict[int, Standing] = {}
    for row in rows:
        never = row.valid_until is not None and row.valid_until <= row.valid_from
        apart = (row.valid_until is not None and row.valid_until <= since) or (
            until is not None and until <= row.valid_from
        )
        if not never and not apart and any(_meet(row.place, place) for place in places):
            found[row.id] = Standing(row.id, row.code, row.version, row.title, row.valid_from, row.valid_until)
    return tuple(found.values())


def left_without(
    session: Session,
    rule_set: RuleSet,
    *,
    places: Collection[str],
    since: date,
    ending: Collection[Standing],
    canteens: Mapping[str, str],
) -> tuple[LeftWithout, ...]:
    """Where nothing would decide any more: a set ends as a whole, also at canteens the new one at `places` is not for.

    Each canteen once, with its first such day; `canteens` maps a canteen's id to its area. Where examples decide at all,
    the others do too; so they stand in for an example, never the other way round.
    """
    rows = session.execute(
        select(_DATES.c.rule_set_id, _DATES.c.place, _DATES.c.is_example, _DATES.c.valid_from, _DATES.c.valid_until)
        .distinct()
        .order_by(_DATES.c.valid_from)
    ).all()
    ends = {one.id: one for one in ending}
    found = []
    for canteen, area in canteens.items():
        path = f"{area}/{canteen}"
        if any(_covers(place, path) for place in places):
            continue
        here = [row for row in rows if _covers(row.place, path) and rule_set.example >= row.is_example]
        lost = [ends[row.rule_set_id] for row in here if row.rule_set_id in ends]
        for one in lost[:1]:
            first = max(since, one.since)
            for row in here:
                if row.rule_set_id not in ends and row.valid_from <= first:
                    first = max(first, row.valid_until or date.max)
            if first < (one.until or date.max):
                found.append(LeftWithout(canteen, first, one.until))
    return tuple(found)


def put_in_force(
    session: Session,
    rule_set_id: int,
    rule_set: RuleSet,
    *,
    places: Collection[str],
    since: date,
    ends: Collection[int],
) -> None:
    """Let it decide from `since`; older versions of its code, and the sets in `ends`, stop the day before.

    Raises:
        RuleSetOverlaps: a set that stands beside it was not named.
    """
    until = None if rule_set.effective_to is None else rule_set.effective_to + timedelta(days=1)
    for other in standing_beside(session, rule_set, places, since, until):
        older = other.code == rule_set.code and other.version < rule_set.version
        if not older and other.id not in ends:
            raise RuleSetOverlaps(rule_set=f"{other.code}@{other.version}", title=other.title)
        session.execute(
            update(_DATES).where(_DATES.c.rule_set_id == other.id).values(valid_until=max(since, other.since))
        )
    session.execute(
        insert(_DATES),
        [
            {
                "rule_set_id": rule_set_id,
                "place": place,
                "funder": funder,
                "is_example": rule_set.example,
                "valid_from": since,
                "valid_until": None if until is None else max(since, until),
            }
            for place in places
            for funder in sorted({funder for rule in rule_set.rules for funder in rule.split.funders})
        ],
    )


def dates_in_force(session: Session) -> dict[int, tuple[date, date | None]]:
    """Published set → its first day and the first day it no longer decides."""
    rows = session.execute(
        select(
            col(RuleSetInForce.rule_set_id),
            func.min(col(RuleSetInForce.valid_from)),
            func.max(col(RuleSetInForce.valid_until)),
        ).group_by(col(RuleSetInForce.rule_set_id))
    )
    return {int(row[0]): (row[1], row[2]) for row in rows}


def _covers(place: str, path: str) -> bool:
    return place in {"", path} or path.startswith(f"{place}/")


def _meet(one: str, other: str) -> bool:
    return "" in {one, other} or one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


_SET = SQLModel.metadata.tables[str(RuleSetVersion.__tablename__)]
_DATES = SQLModel.metadata.tables[str(RuleSetInForce.__tablename__)]
