"""What was learned about a file, latest first: from which day it is so, when and by whom it was told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlmodel import Session

from canteen.readmodels.audit_page import names_of
from menus.service_days import business_day
from subsidies import eligibility, file_history


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing. `effective_from` None: it always was so. `by` is a name, or the reference where none is known."""

    what: Literal["status", "born", "register_area", "living_area", "granted", "withdrawn"]
    value: str
    was: str
    effective_from: date | None
    known_at: datetime
    by: str

    @property
    def is_late(self) -> bool:
        """Nobody knew yet on the day from which it is so: meals since may have to be put right."""
        if (
            self.what == "granted"
        ):  # nearly always told with a first day in the past: a certificate is older than its file
            return False
        return self.effective_from is None or self.effective_from < business_day(self.known_at)


def file_story(session: Session, resident_id: str) -> tuple[StoryLine, ...]:
    """History of the file and of its categories. Who withdrew a category stands in the audit log."""
    facts = file_history.facts_of(session, resident_id)
    held = eligibility.grants(session, resident_id)
    names = names_of(session, {fact.known_by for fact in facts} | {grant.granted_by for grant in held})
    lines = [
        StoryLine(
            fact.field.value,
            fact.value,
            fact.was,
            fact.effective_from,
            fact.known_at,
            names.get(fact.known_by, fact.known_by),
        )
        for fact in facts
    ]
    for grant in held:
        by = names.get(grant.granted_by, grant.granted_by)
        lines.append(StoryLine("granted", grant.category, "", grant.valid_from, grant.granted_at, by))
        if grant.withdrawn_at is not None:
            lines.append(StoryLine("withdrawn", grant.category, "", grant.withdrawn_from, grant.withdrawn_at, ""))
    return tuple(sorted(lines, key=lambda line: line.known_at, reverse=True))
