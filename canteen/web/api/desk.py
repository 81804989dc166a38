"""What every operation of the interface works with, as one dependency: the framework makes a task for each of several."""

from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import State

from canteen.clock import Clock
from canteen.db.database import Database
from canteen.events import Events
from canteen.people.accounts import Actor
from canteen.people.sealed import Sealer
from canteen.settings import Settings

ApiRequest = Request[Actor, object, State]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, and the app's own parts."""

    actor: Actor
    database: Database
    clock: Clock
    settings: Settings
    sealer: Sealer
    events: Events


async def desk_of(request: ApiRequest) -> Desk:
    """Of this app, for whoever sent the token."""
    state = request.app.state
    return Desk(request.user, state.database, state.clock, state.settings, state.sealer, state.events)
