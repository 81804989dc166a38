"""Every table in one place: what migrations and guards are made from."""

from sqlmodel import SQLModel

import canteen.audit.models
import canteen.clock
import canteen.orders.models
import canteen.payments.models
import canteen.people.models
import canteen.pickup.models
import canteen.sites.models
import menus.models
import subsidies.models

metadata = SQLModel.metadata

__all__ = ["metadata"]
