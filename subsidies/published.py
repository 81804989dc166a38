"""Which published rule set decides for a canteen on a date. Documents never change, so compiled ones are kept."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, SQLModel, col

from subsidies.models import RuleSetVersion
from subsidies.rule_models import RuleSetInForce
from subsidies.rules.document import load
from subsidies.rules.rule_set import RuleSet


@dataclass(frozen=True)
class InForce:
    """A published rule set, compiled."""

    id: int
    rule_set: RuleSet
    is_example: bool

    @property
    def label(self) -> str:
        """`fengman-example@1`: what quotes and books name."""
        return f"{self.rule_set.code}@{self.rule_set.version}"


def in_force(session: Session, canteen: str, canteen_area: str, day: date, *, examples_decide: bool) -> InForce | None:
    """The set that decides at `canteen` on `day`: the latest to take effect, then the highest version.

    `examples_decide` is true in demo mode only: elsewhere a set marked as an example never decides.
    """
    for rule_set_id, sha256 in session.execute(_IN_FORCE, {"day": day}).all():
        found = _compiled(session, rule_set_id, sha256)
        if (examples_decide or not found.is_example) and found.rule_set.covers(canteen, canteen_area):
            return found
    return None


def by_id(session: Session, rule_set_id: int) -> InForce:
    """A published set by its key, for replaying a decision years later."""
    row = session.execute(_TEXT_HASH, {"id": rule_set_id}).one()
    return _compiled(session, rule_set_id, row.sha256)


def _compiled(session: Session, rule_set_id: int, sha256: str) -> InForce:
    found = _KEPT.get((rule_set_id, sha256))
    if found is None:
        row = session.execute(
            select(col(RuleSetVersion.text), col(RuleSetVersion.is_example)).where(
                col(RuleSetVersion.id) == rule_set_id
            )
        ).one()
        found = InForce(rule_set_id, _load(row.text), row.is_example)
        _KEPT[(rule_set_id, sha256)] = found
    return found


@lru_cache(maxsize=64)
def _load(text: str) -> RuleSet:
    return load(text)


_KEPT: dict[tuple[int, str], InForce] = {}
"""Key and hash of the text → compiled set; another database under the same process has other hashes or equal texts."""
# Tables, not classes, and built once: on the path of every order. Asked anew each time, so that what another process published
# decides the next order; only keys and hashes, which need no conversion.
_TABLE = SQLModel.metadata.tables[str(RuleSetVersion.__tablename__)]
_DATES = SQLModel.metadata.tables[str(RuleSetInForce.__tablename__)]
_IN_FORCE = (
    select(_TABLE.c.id, _TABLE.c.sha256)
    .join(_DATES, _DATES.c.rule_set_id == _TABLE.c.id)
    .where(
        _DATES.c.valid_from <= bindparam("day"),
        or_(_DATES.c.valid_until.is_(None), _DATES.c.valid_until > bindparam("day")),
    )
    .group_by(_TABLE.c.id)  # one row for each place and funder of a set, all with the same dates
    .order_by(func.max(_DATES.c.valid_from).desc(), _TABLE.c.version.desc(), _TABLE.c.id.desc())
)
_TEXT_HASH = select(col(RuleSetVersion.sha256)).where(col(RuleSetVersion.id) == bindparam("id"))
