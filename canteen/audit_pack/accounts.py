"""Book F's accounts under the numbers of an operator's own books, for its bookkeeper."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from subsidies.ledger import ACCOUNTS


class AccountsUnreadable(ValueError):
    """The operator's file names an account we do not have, or is no pair of number and name; the message says which."""


@dataclass(frozen=True, slots=True)
class AccountName:
    """`100101`, `库存现金—收银台`."""

    number: str
    name: str


AccountNames = Mapping[str, AccountName]
"""Account of book F → the operator's own."""


def account_names(data_dir: Path | None = None, operator_id: str = "") -> AccountNames:
    """The default, with what `accounts/<operator>.toml` of the data directory says instead.

    Raises: AccountsUnreadable.
    """
    names = _read(resources.files(__package__).joinpath("accounts.toml").read_text("utf-8"), "accounts.toml")
    if data_dir is not None and operator_id:
        own = data_dir / "accounts" / f"{operator_id}.toml"
        if own.is_file():
            names |= _read(own.read_text("utf-8"), str(own))
    return names


def _read(text: str, where: str) -> dict[str, AccountName]:
    found: dict[str, AccountName] = {}
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AccountsUnreadable(f"{where}: {error}") from error
    for account, pair in told.items():
        match pair:
            case [str(number), str(name)] if account in ACCOUNTS and number and name:
                found[account] = AccountName(number, name)
            case _:
                raise AccountsUnreadable(f'{where}: {account} must be one of our accounts = ["number", "name"]')
    return found
