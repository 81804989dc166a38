"""A resident says who may bring them meals, or that somebody no longer may."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from canteen.audit import log
from canteen.people import fetchers, residents
from canteen.people.errors import FetcherRefused


@dataclass(frozen=True, slots=True)
class FetcherNamed:
    """`fetcher_id` brings meals to `resident_id`; `may_fetch` False ends it."""

    resident_id: str
    fetcher_id: str
    may_fetch: bool = True


def name_fetcher(session: Session, request: FetcherNamed, *, now: datetime, actor: str) -> None:
    """Store it; saying it twice is harmless.

    Raises:
        people.errors.FetcherRefused: nobody fetches for themselves.
        people.errors.ResidentUnknown: one of them is not on the roll.
    """
    if request.resident_id == request.fetcher_id:
        raise FetcherRefused
    residents.require_own_file(session, request.resident_id)
    residents.require_own_file(session, request.fetcher_id)
    if request.may_fetch:
        fetchers.name(session, request.resident_id, request.fetcher_id, now=now)
    else:
        fetchers.withdraw(session, request.resident_id, request.fetcher_id, now=now)
    log.record(
        session,
        at=now,
        actor=actor,
        action="fetcher.named" if request.may_fetch else "fetcher.withdrawn",
        subject=f"resident:{request.resident_id}",
        details={"fetcher": f"resident:{request.fetcher_id}"},
    )
