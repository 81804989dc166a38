"""How far does somebody in an office see? Canteens for the books, communities for the roll."""

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from canteen.people.accounts import Actor
from canteen.people.models import Resident, Role
from canteen.readmodels.residents_list import RollScope
from canteen.sites import places
from canteen.sites.models import Community
from canteen.sites.places import CanteenView

NOWHERE = "-"
"""A key nothing has."""


def canteens_seen(session: Session, actor: Actor) -> tuple[CanteenView, ...]:
    """Whose books the actor may read."""
    views = places.all_canteens(session)
    match actor.role:
        case Role.OFFICER | Role.AUDITOR:
            return views
        case Role.SUBDISTRICT:
            return tuple(view for view in views if view.subdistrict_id == actor.subdistrict_id)
        case Role.MANAGER:
            return tuple(view for view in views if view.id == actor.canteen_id)
        case _:
            return ()


def roll_scope(actor: Actor) -> RollScope:
    """Whose files the actor may read: one community, one subdistrict, the district, or none."""
    match actor.role:
        case Role.OFFICER | Role.AUDITOR:
            return RollScope()
        case Role.SUBDISTRICT:
            return RollScope(subdistrict_id=actor.subdistrict_id or NOWHERE)
        case Role.COMMUNITY:
            return RollScope(community_id=actor.community_id or NOWHERE)
        case _:
            return RollScope(community_id=NOWHERE)


def in_scope(scope: RollScope) -> ColumnElement[bool]:
    """The residents whose files lie within the scope."""
    if scope.community_id is not None:
        return col(Resident.community_id) == scope.community_id
    if scope.subdistrict_id is not None:
        of_it = select(col(Community.id)).where(col(Community.subdistrict_id) == scope.subdistrict_id)
        return col(Resident.community_id).in_(of_it)
    return true()


def sees_resident(session: Session, actor: Actor, resident_id: str) -> bool:
    """Whether that file lies within the actor's scope."""
    scope = roll_scope(actor)
    statement = select(col(Resident.id)).where(col(Resident.id) == resident_id)
    if scope.community_id is not None:
        statement = statement.where(col(Resident.community_id) == scope.community_id)
    if scope.subdistrict_id is not None:
        statement = statement.join(Community, col(Community.id) == col(Resident.community_id)).where(
            col(Community.subdistrict_id) == scope.subdistrict_id
        )
    return session.execute(statement).first() is not None
