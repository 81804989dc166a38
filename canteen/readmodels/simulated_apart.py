"""A simulation in a process of its own: a million meals take half a minute, and no kiosk waits for it."""

from collections.abc import Mapping

from anyio import to_process

from canteen.db.database import Database
from canteen.readmodels.simulated_spend import SimulatedSpend, simulated_spend
from subsidies.months import Month
from subsidies.rules.document import load_parsed
from subsidies.rules.rule_set import RuleSet


async def simulated_apart(
    database_url: str, rule_set: RuleSet, first: Month, last: Month, canteens: tuple[str, ...]
) -> SimulatedSpend:
    """As `simulated_spend`; whoever leaves the page ends it."""
    return await to_process.run_sync(_simulate, database_url, rule_set.raw, first, last, canteens, cancellable=True)


def _simulate(
    database_url: str, raw: Mapping[str, object], first: Month, last: Month, canteens: tuple[str, ...]
) -> SimulatedSpend:
    database = Database(database_url)
    try:
        return database.read_sync(simulated_spend, load_parsed(raw), first, last, canteens=canteens)
    finally:
        database.close()
