"""`canteen month reconcile`, `canteen month export`."""

import sys

import click

from canteen.cli.month_type import MonthType
from canteen.cli.pack_export import export
from canteen.cli.setting_up import business_now, opened, read_settings
from canteen.readmodels.month_page import CanteenMonth, month_page
from canteen.sites import places
from canteen.web.language import Language
from canteen.web.office.difference_words import difference_words
from subsidies.money import format_yuan_full
from subsidies.months import Month


@click.group()
def month() -> None:
    """A month of the books: 账表相符."""


month.add_command(export)


@month.command()
@click.argument("wanted", metavar="YYYY-MM", type=MonthType())
@click.option("--canteen", default="", metavar="ID", help="This canteen only.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def reconcile(wanted: Month, canteen: str, lang: Language) -> None:
    """Decide the month's meals again and compare them with the books and the money; exit code 1 when they differ.

    Orders and books were written by one transaction: that they agree proves the program, not the meals.
    """
    with opened(read_settings()) as database:
        known = {view.id: view.name for view in database.read_sync(places.all_canteens)}
        if canteen and canteen not in known:
            raise click.UsageError(f"no canteen {canteen}; there are {', '.join(sorted(known))}")
        found = database.read_sync(
            month_page, wanted.text, [canteen] if canteen else list(known), now=business_now(database)
        )
    for one in found.canteens:
        mine = [group for group in found.differences if group.canteen_id == one.canteen_id]
        click.echo(f"{'FAIL' if mine else 'ok  '}  {one.canteen_id} {wanted.text}: {_figures(one)}")
        for group in mine:
            click.echo(f"      {difference_words(group, known, lang)}")
    if not found.agrees:
        sys.exit(1)


def _figures(one: CanteenMonth) -> str:
    return (
        f"{one.collected} meals, decided again {format_yuan_full(one.redecided_fen)},"
        f" books {format_yuan_full(one.ledger_fen)}, due {format_yuan_full(one.due_fen)},"
        f" received or open {format_yuan_full(one.received_fen)}"
    )
