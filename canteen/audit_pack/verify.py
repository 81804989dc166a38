"""The verifier of a pack: `python3 verify.py PACK.zip`. What travels is this file with its two other halves before it."""

from __future__ import annotations

import hashlib
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from canteen.audit_pack.verify_chain import Books
from canteen.audit_pack.verify_parts import Pack, fen_of, yuan

USAGE = """核对一个月的审计包：只需要 Python 3.9 以上，不需要安装任何东西，不联网。
Checks an audit pack with nothing but Python 3.9 or later: nothing to install, nothing is fetched.

    python3 verify.py PACK.zip                 或文件夹 or its folder; without an argument: the folder of this file
    python3 verify.py PACK.zip --key 0123abcd  also that this key signed it: ask the district for its number

退出码 exit code: 0 全部相符 all agrees, 1 有不符，逐项列出 something does not, each named.
请用另一途径得到的 verify.py 核对，不要用包里的那一份。Use a verify.py that came another way than the pack.
"""


class Check(Books):
    """Every check of a pack, one after the other."""

    def run(self) -> bool:
        """Every check; whether all agreed."""
        steps: list[tuple[str, Callable[[], str]]] = [
            ("文件 files (SHA256SUMS)", self.files),
            ("结算单 statement (statement.json)", self.canonical),
            ("签名 signature (signature.json)", self.signed),
            ("账目链 chain (entries.jsonl)", self.entries),
            ("余额 balances (statement.json)", self.balances),
            ("申报 claim (statement.json)", self.claims),
            ("明细 lines (lines.csv)", self.lines),
            ("凭证 vouchers (vouchers.csv)", self.vouchers),
            ("储值 wallets (wallets.csv)", self.wallets),
            ("规则 rules (rules/)", self.rule_texts),
            ("签核 sign-offs (statement.json)", self.sign_offs),
        ]
        for title, step in steps:
            before = len(self.problems)
            try:
                told = step()
            except Exception as error:  # noqa: BLE001 - whatever a damaged file does to its reader is a finding
                self.problems.append(f"{title}: 读不出 cannot be read: {type(error).__name__}: {error}")
                told = ""
            if len(self.problems) == before:
                self.told.append(f"通过 ok    {title}: {told}")
            else:
                self.told += [f"不符 FAIL  {problem}" for problem in self.problems[before:]]
        return not self.problems

    def lines(self) -> str:
        """The lines add up to the income of the books."""
        told = self.statement["lines"]
        width = len(told["funders"])
        sums, count, meals = [0] * (width + 2), 0, 0
        for row in self.pack.rows("lines.csv"):
            count, meals = count + 1, meals + int(row[6])
            for place in range(width + 2):
                sums[place] += fen_of(row[7 + place])
        funders = [fen for _, fen in told["funders"]]
        self.same("lines.csv", "行数 rows", told["count"], count)
        self.same("lines.csv", "份数 meals", self.statement["meals"], meals)
        self.same("lines.csv", "合计 sums", [told["list_fen"], *funders, told["diner_fen"]], sums)
        self.same("lines.csv", "标价 list", sums[0], sum(sums[1:]))
        income: dict[str, int] = defaultdict(int)
        for (book, account, funder, _), fen in self.moved.items():
            if book == "F" and account in ("4010", "4020", "4090"):
                income[funder] += fen if account == "4090" else -fen
        for name, fen in told["funders"]:
            self.same("lines.csv", f"{name} = 总账 books", fen, income[name])
        return f"{count} 行 rows, {yuan(sums[0])} 元"

    def vouchers(self) -> str:
        """Each voucher balances; together they are what book F moved, account by account."""
        found: dict[tuple[str, bool], int] = defaultdict(int)
        each: dict[str, int] = defaultdict(int)
        for row in self.pack.rows("vouchers.csv"):
            debit, credit = fen_of(row[7] or "0"), fen_of(row[8] or "0")
            each[row[2]] += debit - credit
            found[row[9], True] += debit
            found[row[9], False] += credit
        for number, fen in each.items():
            self.same("vouchers.csv", f"记 {number} 借-贷 debit-credit", fen, 0)
        told = {key: fen for key, fen in found.items() if fen}
        self.same("vouchers.csv", "发生额 movements", told, {key: fen for key, fen in self.sides.items() if fen})
        self.same("vouchers.csv", "张数 vouchers", self.statement["vouchers"]["count"], len(each))
        return f"{len(each)} 张 vouchers"

    def wallets(self) -> str:
        """Each wallet moved as the books say; together they are account 2000."""
        sums = [0, 0]
        rows = 0
        for owner, opening, more, less, closing in self.pack.rows("wallets.csv"):
            rows += 1
            moved = self.owners.pop("" if owner == "-" else owner, [0, 0])
            self.same("wallets.csv", owner, [fen_of(more), fen_of(less)], moved)
            self.same("wallets.csv", owner, fen_of(closing), fen_of(opening) + moved[0] - moved[1])
            sums = [sums[0] + fen_of(opening), sums[1] + fen_of(closing)]
        self.same("wallets.csv", "没有列出的账户 wallets left out", sorted(self.owners), [])
        for at, name in enumerate(("opening", "closing")):
            owed = sum(row[4] for row in self.statement["balances"][name] if row[1] == "2000")
            self.same("wallets.csv", f"合计 total {name} = 2000", sums[at], -owed)
        return f"{rows} 个 wallets, {yuan(sums[1])} 元"

    def rule_texts(self) -> str:
        """Every rule document that decided a meal is there as it was published."""
        told = self.statement["rules"]
        for rule in told:
            self.same(rule["file"], "SHA-256", rule["sha256"], hashlib.sha256(self.pack.read(rule["file"])).hexdigest())
        missing = sorted(self.rules - {rule["id"] for rule in told})
        self.same("statement.json rules", "缺少 missing", [], missing)
        return f"{len(told)} 份 documents"

    def sign_offs(self) -> str:
        """Who declared, reviewed and approved are different people."""
        last = {step["step"]: step["by"] for step in self.statement["sign_offs"]}
        people = [last[step] for step in ("declared", "reviewed", "approved") if step in last]
        if len(set(people)) != len(people):
            self.wrong("statement.json sign_offs", "同一个人经手两步", "one person took two of the steps")
        if not self.statement["draft"] and len(people) != 3:
            self.wrong("statement.json sign_offs", "缺少签核", "a sign-off is missing")
        return f"{len(self.statement['sign_offs'])} 步 steps"


def main(arguments: list[str]) -> int:
    """Prints what was checked and what does not agree."""
    key_id = ""
    if {"-h", "--help"} & set(arguments):
        sys.stdout.write(USAGE)
        return 0
    if "--key" in arguments:
        at = arguments.index("--key")
        key_id, arguments = "".join(arguments[at + 1 : at + 2]), arguments[:at] + arguments[at + 2 :]
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        check = Check(Pack(path), key_id)
    except (OSError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"不符 FAIL  {path}: 打不开 cannot be opened: {error}\n")
        return 1
    agrees = check.run()
    sys.stdout.write("\n".join(check.told) + "\n")
    if agrees:
        sys.stdout.write(
            "结论：全部相符。All agrees.\n请与主管部门留存的根和密钥号核对。Compare root and key with the district's.\n"
        )
    else:
        sys.stdout.write(f"结论：{len(check.problems)} 处不符。{len(check.problems)} do not agree.\n")
    return 0 if agrees else 1


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    raise SystemExit(main(sys.argv[1:]))
