"""The first half of the verifier: files, signatures, entries, balances. Travels in `verify.py` of every pack (Python 3.9)."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import defaultdict
from typing import Any

from canteen.audit_pack.verify_parts import Pack, Tree, canonical, ed25519, yuan

UNSIGNED = ("SHA256SUMS", "signature.json")
"""What the sums do not list: themselves, and what signs them."""
APART = ("statement.json", "statement.pdf", *UNSIGNED)
"""What statement.json itself does not list."""
EARNING = ("earn", "unearn", "adjust")


class Books:
    """What was looked at and what does not agree; `problems` name file and place."""

    def __init__(self, pack: Pack, key_id: str = "") -> None:
        self.pack, self.key_id = pack, key_id
        self.told: list[str] = []
        self.problems: list[str] = []
        self.statement: dict[str, Any] = {}
        self.sums: dict[str, str] = {}
        self.moved: dict[tuple[str, str, str, str], int] = defaultdict(int)
        self.by_kind: dict[tuple[str, str, str], int] = defaultdict(int)
        self.sides: dict[tuple[str, bool], int] = defaultdict(int)
        self.owners: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.rules: set[int] = set()
        self.meals = 0

    def wrong(self, where: str, zh: str, en: str) -> None:
        """One thing that does not agree."""
        self.problems.append(f"{where}: {zh} / {en}")

    def same(self, where: str, what: str, told: object, found: object) -> None:
        """`told` by the pack, `found` by counting."""
        if told != found:
            self.wrong(where, f"{what} 写的是 {told}，算出来是 {found}", f"{what} says {told}, comes to {found}")

    def files(self) -> str:
        """Every file has the hash that the list has; none is missing, none is too many."""
        text = self.pack.read("SHA256SUMS").decode()
        for line in text.splitlines():
            digest, _, name = line.partition("  ")
            self.sums[name] = digest
        self.same("SHA256SUMS", "文件名 names", sorted(self.sums), [n for n in self.pack.names() if n not in UNSIGNED])
        size = 0
        for name, digest in self.sums.items():
            found = hashlib.sha256()
            try:
                with self.pack.open(name) as file:
                    while piece := file.read(1 << 20):
                        found.update(piece)
                        size += len(piece)
            except (OSError, KeyError, zipfile.BadZipFile, EOFError) as error:
                self.wrong(name, f"读不出（{error}）", f"cannot be read ({error})")
                continue
            if found.hexdigest() != digest:
                self.wrong(name, "内容与清单不符，被改动过", "was changed: its SHA-256 is not the one listed")
        return f"{len(self.sums)} 个 files, {size:,} bytes"

    def canonical(self) -> str:
        """Sorted keys, no spaces, UTF-8: one way to write it; and it lists the files as the sums do."""
        raw = self.pack.read("statement.json")
        self.statement = json.loads(raw)
        if canonical(self.statement) != raw:
            self.wrong("statement.json", "不是规范的写法", "is not canonical JSON")
        listed = {name: digest for name, digest in self.sums.items() if name not in APART}
        self.same("statement.json", "files", self.statement["files"], listed)
        about = self.statement
        return (
            f"{about['canteen']['name']} {about['period']}, {about['meals']} 份 meals, {yuan(about['claimed_fen'])} 元"
        )

    def signed(self) -> str:
        """Ed25519 over statement.json and over the list of sums."""
        if "signature.json" not in self.pack.names():
            self.wrong("signature.json", "没有签名：草稿，不能作为结算依据", "not signed: a draft, no statement")
            return ""
        raw = self.pack.read("signature.json")
        told = json.loads(raw)
        if canonical(told) != raw:
            self.wrong("signature.json", "不是规范的写法", "is not canonical JSON")
        public = bytes.fromhex(told["public_key"])
        self.same("signature.json", "key_id", told["key_id"], hashlib.sha256(public).hexdigest()[:16])
        self.same(
            "signature.json", "key", self.statement.get("key"), {"id": told["key_id"], "public": told["public_key"]}
        )
        self.same("signature.json", "algorithm", told["algorithm"], "Ed25519")
        if self.key_id and told["key_id"] != self.key_id:
            self.wrong("signature.json", f"签名密钥不是 {self.key_id}", f"another key than {self.key_id} signed")
        for field in ("public_key", "statement", "sums"):
            self.same("signature.json", field, told[field], told[field].lower())
        for name, field in (("statement.json", "statement"), ("SHA256SUMS", "sums")):
            if not ed25519(public, self.pack.read(name), bytes.fromhex(told[field])):
                self.wrong("signature.json", f"{name} 的签名不符", f"the signature of {name} does not hold")
        return f"密钥 key {told['key_id']}"

    def entries(self) -> str:
        """Every entry has its hash, follows the one before, sums to zero in each book; all of them give the root."""
        about, period = self.statement, self.statement["period"]
        tree = Tree()
        tree.add(bytes.fromhex(about["merkle"]["previous_root"]))
        last, count, head, first = 0, 0, "", 0
        with self.pack.open("entries.jsonl") as file:
            for number, line in enumerate(file, 1):
                told = json.loads(line)
                digest, body = told[0], told[-1]
                linked = len(told) == 3
                prev = told[1] if linked else head
                raw = line[(135 if linked else 68) : -2]
                where = f"entries.jsonl {number}"
                if hashlib.sha256(prev.encode() + b"\n" + raw).hexdigest() != digest or line[-2:] != b"]\n":
                    self.wrong(where, f"第 {body[2]} 条被改动过", f"entry {body[2]} is not what its hash says")
                if body[2] <= last or (body[2] == last + 1 and prev != head and number > 1):
                    self.wrong(where, f"第 {body[2]} 条次序不对", f"entry {body[2]} does not follow the one before")
                if body[1] != about["canteen"]["id"] or body[7] != period:
                    self.wrong(where, "不属于本食堂本月", "is of another canteen or month")
                self._legs(where, body)
                tree.add(bytes.fromhex(digest))
                last, head, count, first = body[2], digest, count + 1, first or body[2]
        chain = {"entries": count, "first": first, "last": last, "last_hash": head}
        self.same("entries.jsonl", "chain", about["chain"], chain)
        self.same("entries.jsonl", "Merkle 根 root", about["merkle"]["root"], tree.root().hex())
        return f"{count} 条 entries, 根 root {about['merkle']['root']}"

    def _legs(self, where: str, body: list[Any]) -> None:
        kind, sums = body[3], {"B": 0, "F": 0}
        if body[9] is not None:
            self.rules.add(body[9])
        self.meals += (kind == "earn") - (kind == "unearn")
        for book, account, funder, programme, _rule, _category, owner, fen in body[13]:
            sums[book] += fen
            self.moved[book, account, funder, programme] += fen
            if book == "F":
                self.sides[account, fen > 0] += abs(fen)
                if account == "2000":
                    self.owners[owner][fen > 0] += abs(fen)
            elif account == "earned" and kind in EARNING:
                self.by_kind["claim", funder, programme] += fen
        if sums["B"] or sums["F"]:
            self.wrong(where, f"第 {body[2]} 条借贷不平", f"entry {body[2]} does not sum to zero")

    def balances(self) -> str:
        """Opening and what moved give closing, account by account; all accounts of a book cancel."""
        told = self.statement["balances"]
        found = defaultdict(int, {tuple(row[:4]): row[4] for row in told["opening"]})
        for key, fen in self.moved.items():
            found[key] += fen
        closing = {tuple(row[:4]): row[4] for row in told["closing"]}
        for key in sorted(found.keys() | closing.keys()):
            self.same("statement.json balances", " ".join(key), closing.get(key, 0), found[key])
        for book in ("B", "F"):
            self.same("statement.json balances", book, sum(fen for key, fen in closing.items() if key[0] == book), 0)
        return f"{len(closing)} 个账户 accounts"

    def claims(self) -> str:
        """What each funder is asked for is what was earned of its money."""
        about, claims = self.statement, self.statement["claims"]
        told = {("claim", row["funder"], row["programme"]): row["claimed_fen"] for row in claims}
        found = {key: fen for key, fen in self.by_kind.items() if fen or key in told}
        self.same("statement.json claims", "申报 claimed", {k: v for k, v in told.items() if v or k in found}, found)
        self.same("statement.json claims", "合计 total", about["claimed_fen"], sum(told.values()))
        self.same("statement.json", "份数 meals", about["meals"], self.meals)
        for row in claims:
            if row["approved_fen"] is not None:
                self.same(
                    "statement.json claims",
                    row["funder"],
                    row["approved_fen"] + row["disallowed_fen"],
                    row["claimed_fen"],
                )
        return f"{len(claims)} 项 rows, {yuan(about['claimed_fen'])} 元"
