"""What was learned about a file, when, and from which day it is so: written once, read as known today or at any instant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from subsidies.eligibility import RECENT_DAYS, GrantView, grants, register_level
from subsidies.models import EligibilityFile, FactField, FileFact, FileStatus
from subsidies.rules.case import SHANGHAI
from subsidies.rules.facts import Diner, HeldCategory

Steps = Sequence[tuple[date, str]]
"""(first day, value), by day."""

_TABLE = SQLModel.metadata.tables[str(FileFact.__tablename__)]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One thing learned. `effective_from` None: it always was so."""

    field: FactField
    value: str
    was: str
    effective_from: date | None
    known_at: datetime
    known_by: str


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file with all that was known of it at one instant; `first` is what each field said before anything was learned."""

    first: Mapping[FactField, str]
    steps: Mapping[FactField, Steps]
    grants: tuple[GrantView, ...]

    def value(self, field: FactField, day: date) -> str:
        """What is so on that day; a birthday is the same on every day."""
        found = self.first[field]
        for start, value in self.steps.get(field, ()):
            if start <= day:
                found = value
        return found

    def diner(self, day: date, *, residence_confirmed: bool) -> Diner:
        """Who the person is to the rules for a meal on `day`. Whether anybody had confirmed the residence is no fact of a day."""
        born = self.value(FactField.BORN, day)
        register = self.value(FactField.REGISTER, day)
        return Diner(
            born=date.fromisoformat(born) if born else None,
            register=register_level(register),
            register_area=register,
            living_area=self.value(FactField.LIVING, day),
            residence_confirmed=residence_confirmed,
            status=FileStatus(self.value(FactField.STATUS, day)).value,
            categories=tuple(
                HeldCategory(
                    grant.category,
                    grant.valid_from,
                    None if grant.valid_until is None else grant.valid_until - timedelta(days=1),
                )
                for grant in sorted(self.grants, key=lambda grant: (grant.category, grant.valid_from))
                if _seen(grant, day)
            ),
        )


def learn(
    session: Session,
    resident_id: str,
    field: FactField,
    value: str,
    *,
    was: str,
    effective_from: date | None,
    now: datetime,
    by: str,
) -> None:
    """Write down what was learned; nothing is overwritten. The caller holds the file and keeps its row in step."""
    session.execute(
        insert(_TABLE).values(
            resident_id=resident_id,
            field=field.value,
            value=value,
            was=was,
            effective_from=effective_from,
            known_at=now,
            known_by=by,
        )
    )


def facts_of(session: Session, resident_id: str) -> tuple[FactLine, ...]:
    """Everything learned, in the order it was learned."""
    rows = session.execute(select(_TABLE).where(_TABLE.c.resident_id == resident_id).order_by(_TABLE.c.id))
    return tuple(
        FactLine(FactField(row.field), row.value, row.was, row.effective_from, row.known_at, row.known_by)
        for row in rows
    )


def as_known(session: Session, resident_id: str, at: datetime | None = None) -> KnownFile | None:
    """The file as it is known today, or as it was known at an instant; None where there is none."""
    row = session.execute(
        select(
            col(EligibilityFile.born),
            col(EligibilityFile.register_area),
            col(EligibilityFile.living_area),
            col(EligibilityFile.status),
        ).where(col(EligibilityFile.resident_id) == resident_id)
    ).first()
    if row is None:
        return None
    first = {
        FactField.BORN: row.born.isoformat() if row.born else "",
        FactField.REGISTER: row.register_area,
        FactField.LIVING: row.living_area,
        FactField.STATUS: row.status,
    }
    by_field: dict[FactField, list[FactLine]] = defaultdict(list)
    for fact in facts_of(session, resident_id):
        by_field[fact.field].append(fact)
    first |= {field: facts[0].was for field, facts in by_field.items()}
    held = grants(session, resident_id)
    if at is not None:
        by_field = defaultdict(list, {f: [one for one in facts if one.known_at <= at] for f, facts in by_field.items()})
        held = tuple(_grant_as_known(grant, at) for grant in held if grant.granted_at <= at)
    return KnownFile(first, {field: steps(facts) for field, facts in by_field.items()}, held)


def steps(facts: Sequence[FactLine]) -> Steps:
    """What is so from which day on, after all of `facts` (of one field, as they were learned).

    What is learned later holds from its day on, whatever was thought before; what had only been announced, for a day that
    had not come, is dropped.
    """
    found: list[tuple[date, str]] = []
    for fact in facts:
        start = fact.effective_from or date.min
        found = [step for step in found if step[0] < start and step[0] <= _learned_on(fact)]
        found.append((start, fact.value))
    return found


def _learned_on(fact: FactLine) -> date:
    return fact.known_at.astimezone(SHANGHAI).date()


def _grant_as_known(grant: GrantView, at: datetime) -> GrantView:
    if grant.withdrawn_at is None or grant.withdrawn_at <= at:
        return grant
    return GrantView(
        grant.id, grant.category, grant.valid_from, grant.valid_until, grant.evidence, grant.granted_at,
        grant.granted_by, None, None,
    )  # fmt: skip


def _seen(grant: GrantView, day: date) -> bool:
    """As a decision on that day sees it: one that has run out for a while still, one taken off not any more."""
    if grant.valid_from > day or (grant.withdrawn_from is not None and grant.withdrawn_from <= day):
        return False
    return grant.valid_until is None or grant.valid_until > day - timedelta(days=RECENT_DAYS)
