"""What a simulation may start from: published versions, and drafts for those who may read them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from canteen.readmodels.rule_drafts import rule_drafts
from canteen.readmodels.rule_sets import rule_sets
from subsidies.drafts import OPEN, RuleDraftUnknown
from subsidies.models import RuleSetVersion
from subsidies.rule_models import DraftState, RuleDraft


@dataclass(frozen=True, slots=True)
class Simulable:
    """One version or draft. `key`: the number of a version, the id of a draft."""

    key: str
    title: str
    label: str
    """`fengman-example@2`."""
    is_draft: bool = False
    is_own: bool = False
    """A draft the reader may still write in."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One of them with its text. `revision`: of a draft, to be named when it is saved."""

    of: Simulable
    text: str
    revision: int


def simulable(session: Session, actor: str, *, today: date, drafts: bool) -> tuple[Simulable, ...]:
    """Published versions, those in force first; then, with `drafts`, what waits to be published."""
    versions = [
        Simulable(str(line.id), line.title, f"{line.code}@{line.version}") for line in rule_sets(session, today=today)
    ]
    waiting = [
        Simulable(line.id, line.title, f"{line.code}@{line.version}", True, line.is_own and line.state in OPEN)
        for line in (rule_drafts(session, actor) if drafts else ())
        if line.state in {*OPEN, DraftState.SUBMITTED}
    ]
    return (*versions, *waiting)


def basis(session: Session, of: Simulable) -> Basis:
    """Its text as it stands.

    Raises:
        subsidies.drafts.RuleDraftUnknown: it went meanwhile.
    """
    if of.is_draft:
        draft = session.get(RuleDraft, of.key)
        if draft is not None:
            return Basis(of, draft.text, draft.revision)
    else:
        version = session.get(RuleSetVersion, int(of.key))
        if version is not None:
            return Basis(of, version.text, 0)
    raise RuleDraftUnknown
