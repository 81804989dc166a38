"""The command group."""

import click

from canteen.cli.accounts import staff, token
from canteen.cli.books import check, jobs, migrate
from canteen.cli.serving import demo, serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nuancan", prog_name="canteen")
def main() -> None:
    """暖餐 Nuancan: community canteens, their menus, orders, hand-over and meal subsidies."""


for command in (serve, demo, migrate, token, staff, check, jobs):
    main.add_command(command)
