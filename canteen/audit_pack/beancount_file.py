"""The month in the language of beancount, a program that is not ours: it adds everything up again and says where we are wrong.

Book F is in CNY, book B in CNYB, so that no fen can slip from one book into the other. Amounts are exact: `~ 0.001`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Self

from canteen.audit_pack.month_entries import MonthEntry
from canteen.audit_pack.month_tally import AccountKey, Balances, voucher_day
from canteen.audit_pack.table_files import yuan
from subsidies.months import Month

_ROOTS = {"1": "Assets", "2": "Liabilities", "4": "Income", "5": "Expenses"}
_UNIT = {"F": "CNY", "B": "CNYB"}


class BeancountFile:
    """Opening balances, every entry with its key and hash, and a balance for each account and wallet at both ends.

    An account is told by its number, funder and programme, a wallet by its reference: `Liabilities:F2000:01KAR…`.
    """

    def __init__(self, path: Path, title: str, month: Month, found: Balances) -> None:
        self._month, self._balances = month, found
        self._file: TextIOWrapper = path.open("w", encoding="utf-8", newline="\n")
        self._name = _Names()
        self._amount: Callable[[int], str] = cache(yuan)
        self._file.write(
            f'option "title" "{_quoted(title)}"\noption "operating_currency" "CNY"\n'
            "; book F: money of the operator, CNY; book B: budgets of the funders, CNYB\n\n"
        )
        self._begin()

    def add(self, entry: MonthEntry) -> None:
        """One transaction."""
        day = voucher_day(entry, self._month)
        lines = [
            f'\n{day} * "{_quoted(entry.kind)}" "{_quoted(entry.subject)}"\n'
            f'  key: "{_quoted(entry.key)}"\n  seq: {entry.seq}\n  hash: "{entry.hash}"\n'
        ]
        if entry.effective_date != day:
            lines.append(f"  effective: {entry.effective_date}\n")
        if entry.corrects:
            lines.append(f'  corrects: "{_quoted(entry.corrects)}"\n')
        name, amount = self._name, self._amount
        for book, account, funder, programme, _rule, _category, owner, fen in entry.legs:
            whose = owner if account == "2000" else ""
            lines.append(f"  {name(book, account, funder, programme, whose)}  {amount(fen)} {_UNIT[book]}\n")
        self._file.write("".join(lines))

    def end(self, closing: Mapping[AccountKey, int], wallets: Mapping[str, int]) -> None:
        """What every account and wallet must come to, and the accounts opened."""
        self._file.write("\n")
        self._assert(self._month.after, closing, wallets)
        first = self._month.first - timedelta(days=1)
        opened = sorted(self._name.names.values())
        self._file.write("\n" + "".join(f"{first} open {name}\n" for name in opened))

    def _begin(self) -> None:
        found, month = self._balances, self._month
        legs = [
            f"  {self._name(*key, '')}  {yuan(fen)} {_UNIT[key[0]]}\n"
            for key, fen in sorted(found.opening.items())
            if fen and key[1] != "2000"
        ] + [
            f"  {self._name('F', '2000', '', '', owner)}  {yuan(fen)} CNY\n"
            for owner, fen in sorted(found.wallets_opening.items())
            if fen
        ]
        if legs:
            self._file.write(f'{month.first - timedelta(days=1)} * "opening" "{month.text}"\n{"".join(legs)}\n')
        self._assert(month.first, found.opening, found.wallets_opening)

    def _assert(self, day: date, accounts: Mapping[AccountKey, int], wallets: Mapping[str, int]) -> None:
        for key, fen in sorted(accounts.items()):
            if key[1] != "2000":
                self._file.write(f"{day} balance {self._name(*key, '')}  {yuan(fen)} ~ 0.001 {_UNIT[key[0]]}\n")
        for owner, fen in sorted(wallets.items()):
            self._file.write(f"{day} balance {self._name('F', '2000', '', '', owner)}  {yuan(fen)} ~ 0.001 CNY\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


class _Names:
    """Names of accounts as beancount allows them; two of ours never share one."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str, str, str, str], str] = {}
        self._taken: set[str] = set()

    def __call__(self, book: str, account: str, funder: str, programme: str, owner: str) -> str:
        key = (book, account, funder, programme, owner)
        name = self.names.get(key)
        if name is None:
            name = self.names[key] = self._new(key)
        return name

    def _new(self, key: tuple[str, str, str, str, str]) -> str:
        book, account, funder, programme, owner = key
        root = _ROOTS[account[0]] if book == "F" else "Equity" if account == "appropriated" else "Assets"
        # one part for what the sums go by: the balance of an account takes in that of every account below it
        plain = f"{root}:{book}{_part(account)}" + "".join(f"-{_part(part)}" for part in (funder, programme) if part)
        if account == "2000":
            plain += f":{_part(owner or 'None')}"
        name, more = plain, 1
        while name in self._taken:
            more += 1
            name = f"{plain}-{more}"
        self._taken.add(name)
        return name


def _part(text: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z-]", "-", text)
    return plain[0].upper() + plain[1:] if plain[0].isalnum() else f"X{plain}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
