"""Placing an order where nobody stands beside: from the stored value if it suffices, else in cash at the window."""

from dataclasses import dataclass, replace
from datetime import datetime

from canteen.db.database import Database
from canteen.orders.errors import KeyReused
from canteen.payments.errors import WalletShort
from canteen.people.sealed import Sealer
from canteen.usecases.place_order import OrderAnswer, PlaceOrder, place_order


@dataclass(frozen=True, slots=True)
class Orderer:
    """Who orders: `actor` keeps the keys of two phones apart. `now` is the canteen's clock."""

    database: Database
    sealer: Sealer
    now: datetime
    actor: str
    examples_decide: bool
    device_id: str | None = None

    async def order(self, request: PlaceOrder) -> OrderAnswer:
        """Once per key; a wallet that was emptied meanwhile pays in cash at the window.

        Raises:
            The refusals of `place_order`: nothing was kept.
        """
        try:
            return await self._write(request)
        except (WalletShort, KeyReused):  # spent elsewhere, or this is the second press after that: cash is as good
            if request.method != "wallet":
                raise
            return await self._write(replace(request, method="cash"))

    async def _write(self, request: PlaceOrder) -> OrderAnswer:
        return await self.database.write(
            place_order,
            request,
            now=self.now,
            actor=self.actor,
            sealer=self.sealer,
            examples_decide=self.examples_decide,
            device_id=self.device_id,
        )
