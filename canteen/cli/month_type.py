"""A month on the command line."""

import click

from subsidies.errors import SubsidyError
from subsidies.months import Month, read_month


class MonthType(click.ParamType[Month]):
    """`2026-11`."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """Refuses anything else, and says how a month is written."""
        if isinstance(value, Month):
            return value
        try:
            return read_month(str(value))
        except SubsidyError:
            self.fail(f"{value!r} is no month: write 2026-11", param, ctx)
