"""The pack of one canteen and month, built on disk from one reading of the books; the same books give the same bytes."""

import hashlib
import shutil
import subprocess
import sys
import weakref
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from sqlmodel import Session

from canteen.audit_pack import shipped
from canteen.audit_pack.accounts import AccountNames, account_names
from canteen.audit_pack.beancount_file import BeancountFile
from canteen.audit_pack.errors import PackDoubted
from canteen.audit_pack.keys import Signer
from canteen.audit_pack.line_files import HEADER, LineFiles
from canteen.audit_pack.month_entries import Progress, month_entries
from canteen.audit_pack.month_papers import MonthPapers, month_papers
from canteen.audit_pack.month_tally import Balances, MonthTally, balances
from canteen.audit_pack.public_notice import notice_pdf, public_notice, write_notice
from canteen.audit_pack.small_files import RuleText, VoucherSums, rule_texts, write_vouchers, write_wallets
from canteen.audit_pack.statement import GENESIS_ROOT, ChainPart, Place, place_of, statement
from canteen.audit_pack.statement_pdf import statement_pdf
from canteen.audit_pack.table_files import CsvFile, XlsxFile, sha256_of, zip_member
from canteen.audit_pack.verify_parts import canonical
from subsidies.merkle import Growing
from subsidies.months import Month

STATEMENT, STATEMENT_PDF, SUMS, SIGNATURE = "statement.json", "statement.pdf", "SHA256SUMS", "signature.json"

NOTICE, NOTICE_PDF = "public_notice.csv", "public_notice.pdf"
"""Beside the pack, not in it: they are for the wall."""


class _OnDisk(Mapping[str, bytes]):
    """Files of a folder by name, read when they are asked for; the folder goes with the last who holds this."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self._folder, self._names = folder, names
        weakref.finalize(self, shutil.rmtree, folder)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return (self._folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True)
class Pack:
    """What is stored at the lock: `files` are the zip, and the papers people ask for by themselves."""

    canteen_id: str
    month: Month
    files: Mapping[str, bytes]
    merkle_root: str
    previous_root: str
    statement_sha256: str
    signature: str
    """Of statement.json; empty in a draft."""
    key_id: str
    entries: int
    last_seq: int
    last_hash: str

    @property
    def zip_name(self) -> str:
        """`nuancan-longcheng-2026-10.zip`; with `-draft` while it is one."""
        return zip_name(self.canteen_id, self.month, is_draft=not self.signature)


def zip_name(canteen_id: str, month: Month, *, is_draft: bool) -> str:
    """What the pack of a month is called."""
    return f"nuancan-{canteen_id}-{month.text}{'-draft' if is_draft else ''}.zip"


def build_pack(
    session: Session,
    canteen_id: str,
    month: Month,
    *,
    signer: Signer | None,
    now: datetime,
    papers: MonthPapers | None = None,
    accounts: AccountNames | None = None,
    progress: Progress | None = None,
) -> Pack:
    """Reads only. Without a signer a draft: unsigned, and every paper of it says so.

    Raises:
        CanteenUnknown: no such canteen.
        EntryWithoutLegs: rows were removed.
        PackDoubted: the verifier disagrees, so an entry was changed.
    """
    outside = Path(mkdtemp(prefix="nuancan-pack-"))
    try:
        return _build(
            session,
            canteen_id,
            month,
            outside,
            signer=signer,
            now=now,
            papers=papers,
            accounts=accounts,
            progress=progress,
        )
    except BaseException:
        shutil.rmtree(outside, ignore_errors=True)
        raise


def _build(
    session: Session,
    canteen_id: str,
    month: Month,
    outside: Path,
    *,
    signer: Signer | None,
    now: datetime,
    papers: MonthPapers | None,
    accounts: AccountNames | None,
    progress: Progress | None,
) -> Pack:
    folder = outside / "pack"
    (folder / "rules").mkdir(parents=True)
    place, names = place_of(session, canteen_id), accounts or account_names()
    papers = month_papers(session, canteen_id, month) if papers is None else papers
    books = _write_books(
        session,
        place,
        month,
        folder,
        names=names,
        previous_root=papers.previous_root or GENESIS_ROOT,
        progress=progress,
    )
    rules = rule_texts(session, books.tally.rule_sets)
    _write_texts(folder, place, month, papers=papers, rules=rules, signer=signer)
    sums = {name: sha256_of(folder / name) for name in _names(folder)}
    told = statement(
        place, month, papers=papers, tally=books.tally, found=books.balances, lines=books.lines,
        vouchers=books.vouchers, wallets=books.wallets, rules=rules, names=names, chain=books.chain, files=sums,
        key={"id": signer.key_id, "public": signer.public.hex()} if signer else {}, now=now,
    )  # fmt: skip
    raw = canonical(told)
    digest = sums[STATEMENT] = hashlib.sha256(raw).hexdigest()
    (folder / STATEMENT).write_bytes(raw)
    (folder / STATEMENT_PDF).write_bytes(statement_pdf(told, digest, attachments=len(sums), now=now))
    sums[STATEMENT_PDF] = sha256_of(folder / STATEMENT_PDF)
    signature = _sign(folder, sums, raw, signer)
    name, chain = zip_name(canteen_id, month, is_draft=signer is None), books.chain
    with _verified(folder, signer):
        _zip(folder, outside / name)
    for paper in (STATEMENT, STATEMENT_PDF):
        shutil.copyfile(folder / paper, outside / paper)
    papers_out = [name, STATEMENT, STATEMENT_PDF]
    if signer is not None:  # once, when nothing changes any more: two notices of one month tell what came between them
        notice = public_notice(session, canteen_id, place.canteen, month)
        write_notice(outside / NOTICE, notice)
        (outside / NOTICE_PDF).write_bytes(notice_pdf(notice, now=now))
        papers_out += [NOTICE, NOTICE_PDF]
    shutil.rmtree(folder)
    files = _OnDisk(outside, tuple(papers_out))
    return Pack(
        canteen_id, month, files, chain.root, chain.previous_root, digest, signature, signer.key_id if signer else "",
        chain.entries, chain.last, chain.last_hash,
    )  # fmt: skip


def _write_texts(
    folder: Path, place: Place, month: Month, *, papers: MonthPapers, rules: list[RuleText], signer: Signer | None
) -> None:
    for rule in rules:
        (folder / rule.name).write_bytes(rule.text.encode())
    if papers.differences is not None:
        (folder / "differences.json").write_bytes(canonical(list(papers.differences)))
    (folder / "verify.py").write_text(shipped.verifier(), "utf-8")
    draft = "" if signer else "　——　草稿 未签名 DRAFT, not signed"
    readme = shipped.README.format(canteen=place.canteen, month=month.text, draft=draft)
    (folder / "README.txt").write_bytes(("\ufeff" + readme.replace("\n", "\r\n")).encode())
    if signer is not None:
        (folder / "public_key.pem").write_text(signer.pem, "ascii")


def _sign(folder: Path, sums: Mapping[str, str], raw: bytes, signer: Signer | None) -> str:
    """Write the sums and the signatures over them; the signature of the statement, empty in a draft."""
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
    (folder / SUMS).write_bytes(listed)
    if signer is None:
        return ""
    signature = signer.sign(raw)
    signed = {"algorithm": "Ed25519", "key_id": signer.key_id, "public_key": signer.public.hex()}
    (folder / SIGNATURE).write_bytes(canonical(signed | {"statement": signature, "sums": signer.sign(listed)}))
    return signature


@contextmanager
def _verified(folder: Path, signer: Signer | None) -> Iterator[None]:
    """The verifier of the pack, as it travels, looks at the files in a process of its own meanwhile.

    Raises: PackDoubted.
    """
    if signer is None:
        yield
        return
    # isolated: nothing of ours can be imported, as on an auditor's machine
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), "--key", signer.key_id]
    with subprocess.Popen(  # noqa: S603 - our own program on our own files
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        yield
        told, _ = process.communicate()
    if process.returncode:
        raise PackDoubted([line for line in told.splitlines() if line.startswith("不符")] or [told[-500:]])


@dataclass(slots=True)
class _Written:
    """What one reading of the books came to."""

    tally: MonthTally
    balances: Balances
    lines: LineFiles
    vouchers: VoucherSums
    wallets: int
    chain: ChainPart


def _write_books(
    session: Session,
    place: Place,
    month: Month,
    folder: Path,
    *,
    names: AccountNames,
    previous_root: str,
    progress: Progress | None,
) -> _Written:
    """Everything that is written entry by entry, and the tables that follow from it."""
    found, tally, tree = balances(session, place.canteen_id, month), MonthTally(month), Growing()
    tree.add(bytes.fromhex(previous_root))
    first = last = 0
    head = ""
    with XlsxFile(folder / "lines.xlsx") as xlsx:
        with (
            CsvFile(folder / "lines.csv", HEADER) as csv,
            BeancountFile(folder / "ledger.beancount", f"{place.canteen} {month.text}", month, found) as beancount,
            (folder / "entries.jsonl").open("wb") as entries,
        ):
            lines = LineFiles(session, csv, xlsx)
            for entry in month_entries(session, place.canteen_id, month, progress):
                linked = b"" if entry.prev_hash == head else f'"{entry.prev_hash}",'.encode()
                entries.write(b'["%s",%s%s]\n' % (entry.hash.encode(), linked, entry.body))
                tree.add(bytes.fromhex(entry.hash))
                tally.add(entry)
                beancount.add(entry)
                lines.add(entry)
                first, last, head = first or entry.seq, entry.seq, entry.hash
            lines.flush()
            beancount.end(found.closing(tally), found.wallets_closing(tally))
        vouchers = write_vouchers(folder / "vouchers.csv", xlsx, tally, names)
        wallets = write_wallets(folder / "wallets.csv", xlsx, tally, found)
    chain = ChainPart(tally.entries, first, last, head, previous_root, tree.root().hex())
    return _Written(tally, found, lines, vouchers, wallets, chain)


def _names(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _zip(folder: Path, to: Path) -> None:
    with zipfile.ZipFile(to, "w") as archive:
        for name in _names(folder):
            member = zip_member(name, level=0 if name.endswith(".xlsx") else 4)
            with (folder / name).open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
