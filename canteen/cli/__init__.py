"""The `canteen` command."""

from canteen.cli.entry import main

__all__ = ["main"]
