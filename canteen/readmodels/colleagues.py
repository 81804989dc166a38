"""Who else in this community can verify what one of its workers files?"""

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.people.accounts import Actor
from canteen.people.models import Account, Role


def colleagues(session: Session, actor: Actor) -> tuple[str, ...]:
    """Names of the other open accounts of the worker's community; empty when there is none."""
    found = session.execute(
        select(col(Account.name))
        .where(
            col(Account.role) == Role.COMMUNITY.value,
            col(Account.community_id) == actor.community_id,
            col(Account.left_at).is_(None),
            col(Account.id) != actor.ref.removeprefix("account:"),
        )
        .order_by(col(Account.name))
    )
    return tuple(found.scalars())
