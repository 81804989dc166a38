"""The roll as a list that can be brought in again: private fields masked, which means `as on file`."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from canteen.people import residents
from canteen.people.models import Card, CardState, Resident
from canteen.people.sealed import Sealer, mask_id, mask_phone
from canteen.readmodels.residents_list import RollScope
from canteen.sites.models import Community
from canteen.tables.kinds import COLUMNS, ImportKind
from canteen.tables.words import CARD_KINDS, CATEGORIES, SEXES, YES_NO, shown
from subsidies.models import CategoryGrant, EligibilityFile, FileStatus

MOST = 50_000
_COLUMNS: tuple[Any, ...] = (
    col(Resident.id), col(Resident.name), col(Resident.title), col(Resident.sex),
    col(Resident.national_id_sealed), col(Resident.phone_sealed), col(Resident.address_sealed),
    col(Community.name).label("community"), col(Community.area), col(EligibilityFile.born),
    col(EligibilityFile.register_area),
)  # fmt: skip


def roll_rows(
    session: Session, scope: RollScope, *, today: date, sealer: Sealer, language: str
) -> list[tuple[str, ...]]:
    """Everybody with an active file in reach, by name; one line each in the order of the import's columns.

    Of several cards and of categories with different dates the list shows the first; the others stay as they are.
    """
    statement = (
        select(*_COLUMNS)
        .join(EligibilityFile, col(EligibilityFile.resident_id) == col(Resident.id))
        .outerjoin(Community, col(Community.id) == col(Resident.community_id))
        .where(
            residents.on_roll(), col(Resident.merged_into).is_(None),
            col(EligibilityFile.status) == FileStatus.ACTIVE.value,
        )
        .order_by(col(Resident.name), col(Resident.id))
        .limit(MOST)
    )  # fmt: skip
    if scope.community_id is not None:
        statement = statement.where(col(Resident.community_id) == scope.community_id)
    if scope.subdistrict_id is not None:
        statement = statement.where(col(Community.subdistrict_id) == scope.subdistrict_id)
    people = session.execute(statement).all()
    cards, grants = _cards(session), _grants(session, today)
    found = []
    for row in people:
        number, kind = cards.get(row.id, ("", ""))
        held = grants.get(row.id, [])
        same = [grant for grant in held if held and grant[1:] == held[0][1:]]
        values = {
            "name": row.name,
            "title": row.title,
            "national_id": mask_id(residents.opened(sealer, row.id, "national_id_sealed", row.national_id_sealed)),
            "born": row.born.isoformat() if row.born else "",
            "sex": shown(SEXES, row.sex, language) if row.sex else "",
            "phone": mask_phone(residents.opened(sealer, row.id, "phone_sealed", row.phone_sealed)),
            "address": "***" if row.address_sealed else "",
            "community": row.community or "",
            "register_here": shown(YES_NO, "yes" if row.area and row.register_area == row.area else "no", language),
            "card": number,
            "card_kind": shown(CARD_KINDS, kind, language) if kind else "",
            "categories": "、".join(shown(CATEGORIES, grant[0], language) for grant in same),
            "valid_from": same[0][1].isoformat() if same else "",
            "valid_until": (same[0][2] - timedelta(days=1)).isoformat() if same and same[0][2] else "",
            "evidence": same[0][3] if same else "",
            "resident": row.id,
        }
        found.append(tuple(values.get(column.key, "") for column in COLUMNS[ImportKind.RESIDENTS]))
    return found


def _cards(session: Session) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for owner, number, kind in session.execute(
        select(col(Card.resident_id), col(Card.number), col(Card.kind))
        .where(col(Card.state) == CardState.ACTIVE.value)
        .order_by(col(Card.bound_at), col(Card.number))
    ):
        found.setdefault(owner, (number, kind))
    return found


def _grants(session: Session, today: date) -> dict[str, list[tuple[str, date, date | None, str]]]:
    found: dict[str, list[tuple[str, date, date | None, str]]] = defaultdict(list)
    for owner, category, start, until, evidence in session.execute(
        select(
            col(CategoryGrant.resident_id), col(CategoryGrant.category), col(CategoryGrant.valid_from),
            col(CategoryGrant.valid_until), col(CategoryGrant.evidence),
        )
        .where(
            col(CategoryGrant.withdrawn_at).is_(None),
            or_(col(CategoryGrant.valid_until).is_(None), col(CategoryGrant.valid_until) > today),
        )
        .order_by(col(CategoryGrant.valid_from), col(CategoryGrant.category))
    ):  # fmt: skip
        found[owner].append((category, start, until, evidence))
    return found
