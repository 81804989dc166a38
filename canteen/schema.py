"""Every table in one place: what migrations and guards are made from."""

from sqlmodel import SQLModel

import canteen.applications.models
import canteen.audit.job_runs
import canteen.audit.models
import canteen.clock
import canteen.confirmations.models
import canteen.orders.models
import canteen.payments.models
import canteen.payments.shift_models
import canteen.people.erasure_models
import canteen.people.models
import canteen.pickup.models
import canteen.sites.models
import canteen.tables.models
import menus.food_samples
import menus.kitchen_counts
import menus.models
import menus.prices
import subsidies.models
import subsidies.rule_models
import subsidies.statement_models

metadata = SQLModel.metadata

__all__ = ["metadata"]
