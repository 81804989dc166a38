"""The command group. A command's module is imported when it is used: `token create` need not wait for the demo."""

import importlib

import click

_COMMANDS = {
    "serve": "serving",
    "demo": "serving",
    "migrate": "books",
    "check": "books",
    "jobs": "books",
    "token": "accounts",
    "staff": "accounts",
    "import": "importing",
    "policy": "policy",
    "ledger": "ledger",
    "month": "month",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"canteen.cli.{_COMMANDS[cmd_name]}")
        command = getattr(module, "import_file" if cmd_name == "import" else cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nuancan", prog_name="canteen")
def main() -> None:
    """暖餐 Nuancan: community canteens, their menus, orders, hand-over and meal subsidies."""
