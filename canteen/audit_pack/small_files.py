"""The smaller tables of the pack: vouchers, wallets, the rule documents."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from canteen.audit_pack.accounts import AccountNames
from canteen.audit_pack.month_tally import Balances, MonthTally
from canteen.audit_pack.table_files import CsvFile, XlsxFile
from canteen.audit_pack.words import FUNDERS, funder_place, kind_place, kind_word
from subsidies.models import RuleSetVersion
from subsidies.money import Money

VOUCHER_HEADER = (
    "日期", "凭证字", "凭证号", "摘要", "科目编码", "科目名称", "辅助核算", "借方金额（元）", "贷方金额（元）", "系统科目",
)  # fmt: skip
WALLET_HEADER = ("储值账户", "期初余额（元）", "本期增加（元）", "本期减少（元）", "期末余额（元）")


@dataclass(frozen=True, slots=True)
class VoucherSums:
    """How many vouchers, and what their debits and credits come to, fen."""

    count: int
    debit_fen: int
    credit_fen: int


def write_vouchers(path: Path, xlsx: XlsxFile, tally: MonthTally, names: AccountNames) -> VoucherSums:
    """One 记账凭证 a day, numbered through the month: what happened that day by kind, account and funder."""
    count = debits = credits_ = 0
    xlsx.sheet("记账凭证", VOUCHER_HEADER, (12, 8, 8, 16, 12, 32, 12, 14, 14, 10))
    with CsvFile(path, VOUCHER_HEADER) as csv:
        for day, group in groupby(sorted(tally.vouchers, key=_place), key=lambda key: key[0]):
            count += 1
            for key in group:
                _, kind, account, funder = key
                sides = tally.vouchers[key]
                debits, credits_ = debits + sides.debit, credits_ + sides.credit
                own = names[account]
                for debit, credit in ((sides.debit, 0), (0, sides.credit)):
                    if debit or credit:
                        row = (
                            day, "记", count, kind_word(kind), own.number, own.name, FUNDERS.get(funder, funder),
                            Money(debit) if debit else None, Money(credit) if credit else None, account,
                        )  # fmt: skip
                        csv.write(row)
                        xlsx.write(row)
    return VoucherSums(count, debits, credits_)


def _place(key: tuple[date, str, str, str]) -> tuple[date, tuple[int, str], str, int, str]:
    day, kind, account, funder = key
    return (day, kind_place(kind), account, funder_place(funder), funder)


def write_wallets(path: Path, xlsx: XlsxFile, tally: MonthTally, found: Balances) -> int:
    """Every wallet that held or moved something, by its reference, which leads to nobody outside. Returns how many.

    Stored value is owed: it stands here as a positive amount, on account 2000 as a credit.
    """
    count = 0
    xlsx.sheet("储值", WALLET_HEADER, (30, 16, 16, 16, 16))
    with CsvFile(path, WALLET_HEADER) as csv:
        for owner, owed in sorted(found.wallets_closing(tally).items()):
            opening, closing = -found.wallets_opening.get(owner, 0), -owed
            moved = tally.wallets.get(owner)
            if not (opening or closing or moved):
                continue
            count += 1
            more, less = (moved.credit, moved.debit) if moved else (0, 0)
            row = (owner or "-", Money(opening), Money(more), Money(less), Money(closing))
            csv.write(row)
            xlsx.write(row)
    return count


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule document as it was published."""

    id: int
    code: str
    version: int
    title: str
    content_sha256: str
    """Of what it says, however it is spaced: what quotes and books name it by."""
    effective_from: str
    effective_until: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the text as it lies in the pack."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Where it lies in the pack."""
        return f"rules/{self.code}-v{self.version}.toml"


def rule_texts(session: Session, ids: set[int]) -> list[RuleText]:
    """The documents that decided meals of the month."""
    row = RuleSetVersion
    found = session.execute(
        select(
            col(row.id), col(row.code), col(row.version), col(row.title), col(row.sha256), col(row.effective_from),
            col(row.effective_until), col(row.text),
        )
        .where(col(row.id).in_(ids))
        .order_by(col(row.id))
    )  # fmt: skip
    return [
        RuleText(key, code, version, title, sha256, since.isoformat(), until.isoformat() if until else "", text)
        for key, code, version, title, sha256, since, until, text in found
    ]


def as_list(movement: Mapping[tuple[str, str, str, str], int]) -> list[list[str | int]]:
    """Accounts with what they come to, sorted, zeros left out: for canonical JSON."""
    return [[*key, fen] for key, fen in sorted(movement.items()) if fen]
