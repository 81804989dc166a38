"""The text files that travel in every pack: `verify.py` in one piece, and what the pack is."""

import re
from importlib import resources

from canteen.audit_pack.verify import USAGE

_PARTS = ("verify_parts.py", "verify_chain.py", "verify.py")
_DOCSTRING = re.compile(r'\A""".*?"""\n', re.DOTALL)
_OURS = re.compile(r"^from (__future__|canteen\.).*\n", re.MULTILINE)

README = """{canteen} {month} 审计包 / audit pack{draft}

statement.pdf    结算单，打印签字盖章 / the statement, to be printed, signed and sealed
statement.json   同一内容，规范 JSON，签名对象 / the same, canonical JSON, what is signed
lines.xlsx       明细、记账凭证、储值，一个工作簿 / lines, vouchers and wallets in one workbook
lines.csv        明细 / the lines
vouchers.csv     记账凭证，每日一张，科目为运营单位自己的编号 / vouchers by day, in the operator's account numbers
wallets.csv      储值余额，账户为随机编号 / stored value by wallet, opaque references
ledger.beancount 全部分录，用 bean-check 可独立复算 / every entry, for an independent program
entries.jsonl    全部分录原文，账目链和默克尔根由它算出 / every entry as it was hashed
rules/           本月执行的补贴规则原文 / the rule documents in force
differences.json 差异、处理和留言（有则附）/ where they are kept: differences, resolutions, threads
verify.py        核对程序 / the verifier: python3 verify.py PACK.zip
SHA256SUMS       全部文件的 SHA-256 / of every file
signature.json   签名 Ed25519 / signatures; public_key.pem: 公钥 / the public key

Windows 核对 / on Windows:  certutil -hashfile statement.json SHA256   与结算单上的一致 / as printed on the statement
"""


def verifier() -> str:
    """`verify.py` as it travels: its three parts in one file, with the usage on top."""
    folder = resources.files(__package__)
    bodies = [
        _OURS.sub("", _DOCSTRING.sub("", folder.joinpath(name).read_text("utf-8"), count=1)).strip() for name in _PARTS
    ]
    usage = f'#!/usr/bin/env python3\n"""{USAGE}"""\n\nfrom __future__ import annotations\n'
    return "\n\n\n".join((usage.rstrip(), *bodies)) + "\n"
