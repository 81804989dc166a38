"""结算单 on A4, black on white, made to be printed, signed and sealed: nothing in it is to be typed again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from canteen.audit_pack.pdf_fonts import SANS, SERIF
from canteen.audit_pack.pdf_page import LEFT, RIGHT, Page, Paper
from canteen.audit_pack.words import FUNDERS, PROGRAMMES
from canteen.pickup.qr import modules
from menus.service_days import LOCAL
from subsidies.capitals import in_capitals
from subsidies.money import format_yuan_full

_SIGNING = (("制表", "declared"), ("审核", "reviewed"), ("负责人", "approved"))
"""Who made it, who checked it, who answers for it: the canteen, the subdistrict, the district."""
_SEALS = ("运营单位（盖章）", "街道（盖章）", "民政部门（盖章）")


def statement_pdf(told: Mapping[str, Any], sha256: str, *, attachments: int, now: datetime) -> bytes:
    """The statement of `statement.json`. `attachments` counts the other files of the pack."""
    paper = Paper(title=f"{told['canteen']['name']}{_month(told)}结算单", now=now, is_draft=told["draft"])
    page = paper.page()
    page.centred("长者助餐补贴结算单", SANS, 20, after=9)
    page.centred(_month(told) + ("（草稿，未签名，不作结算依据）" if told["draft"] else ""), SERIF, 12, after=8)
    _header(page, told, now)
    _claims(page, told)
    _agreement(page, told)
    _signatures(page, told, attachments)
    _proof(page, told, sha256)
    return paper.done()


def _month(told: Mapping[str, Any]) -> str:
    year, month = told["period"].split("-")
    return f"{year}年{int(month)}月"


def _header(page: Page, told: Mapping[str, Any], now: datetime) -> None:
    made = now.astimezone(LOCAL)
    number = f"JS-{told['canteen']['id']}-{told['period'].replace('-', '')}"
    page.grid(
        (26, 74, 22, 58),
        [
            ("助餐点", told["canteen"]["name"], "结算单号", number),
            ("运营单位", told["operator"]["name"], "编制日期", _day(made.date())),
            ("协议编号", told["operator"]["agreement"] or "—", "金额单位", "人民币元"),
        ],
        heads=(0, 2),
    )
    page.gap(4)


def _claims(page: Page, told: Mapping[str, Any]) -> None:
    claims: Sequence[Mapping[str, Any]] = told["claims"]
    rows = [
        (
            FUNDERS.get(row["funder"], row["funder"]), PROGRAMMES.get(row["programme"], row["programme"]),
            str(row["meals"]), _yuan(row["claimed_fen"]), _yuan(row["disallowed_fen"]), _yuan(row["approved_fen"]),
        )
        for row in claims
    ]  # fmt: skip
    disallowed = [row["disallowed_fen"] for row in claims if row["disallowed_fen"] is not None]
    approved = told["approved_fen"]
    total = (
        "合计", "", "", _yuan(told["claimed_fen"]), _yuan(sum(disallowed) if approved is not None else None), _yuan(approved),
    )  # fmt: skip
    page.table(
        (38, 36, 20, 30, 26, 30), ("资金来源", "项目", "补贴份数", "申报金额", "核减金额", "核定金额"), [*rows, total],
        right=(2, 3, 4, 5), bold_last=True,
    )  # fmt: skip
    due = told["claimed_fen"] if approved is None else approved
    page.grid(
        (42, 138), [(f"{'申报' if approved is None else '核定'}金额（大写）", in_capitals(due))], heads=(0,), size=11
    )
    if told["set_off_fen"] and approved is not None:
        payable = approved - told["set_off_fen"]
        page.grid((42, 138), [("抵扣以前月份应退", _yuan(told["set_off_fen"]))], heads=(0,), size=11)
        page.grid(
            (42, 138), [("实付金额（大写）", f"{in_capitals(payable)}　（{_yuan(payable)}）")], heads=(0,), size=11
        )
    for row in claims:
        if row["reason"]:
            page.line(f"核减说明：{FUNDERS.get(row['funder'], row['funder'])}——{row['reason']}")
    page.gap(4)


def _agreement(page: Page, told: Mapping[str, Any]) -> None:
    """账表核对: the same figures from different places."""
    lines, wallets, vouchers = told["lines"], told["wallets"], told["vouchers"]
    funders = {name: fen for name, fen in lines["funders"] if fen}
    page.table(
        (46, 28, 106), ("账表核对", "金额", "说明"),
        [
            ("餐费标价合计", _yuan(lines["list_fen"]), f"交付 {told['meals']} 份；个人支付与下列各项之和"),
            ("个人支付", _yuan(lines["diner_fen"]), "用餐人支付的餐费收入"),
            *((FUNDERS.get(name, name), _yuan(fen), "明细表、记账凭证、总账一致") for name, fen in funders.items()),
            ("记账凭证", _yuan(vouchers["debit_fen"]), f"{vouchers['count']} 张，借贷相等"),
            ("期末储值余额", _yuan(wallets["closing_fen"]), f"{wallets['count']} 个账户，等于预收储值科目余额"),
        ],
        right=(1,), size=9,
    )  # fmt: skip
    if found := told["differences"]:
        page.line(f"对账差异 {found['count']} 项，未解决的阻断性差异 {found['blocking_open']} 项。")
    rules = "、".join(f"{rule['title']}（第{rule['version']}版）" for rule in told["rules"])
    page.line(f"执行规则：{rules or '无'}")
    page.gap(3)


def _signatures(page: Page, told: Mapping[str, Any], attachments: int) -> None:
    last = {step["step"]: step for step in told["sign_offs"]}
    page.need(50)
    page.line(f"附件：{attachments} 份电子文件（见审计包内 SHA256SUMS）", size=10)
    page.gap(2)
    cells = []
    for word, step in _SIGNING:
        taken = last.get(step)
        when = _day(datetime.fromisoformat(taken["at"]).astimezone(LOCAL).date()) if taken else "　　年　　月　　日"
        cells.append((word, taken["name"] if taken else "", when))
    _cells(page, cells)
    page.gap(4)


def _proof(page: Page, told: Mapping[str, Any], sha256: str) -> None:
    page.need(46)
    chain, merkle = told["chain"], told["merkle"]
    _qr_and_facts(
        page,
        modules(f"NUANCAN {told['canteen']['id']} {told['period']} {merkle['root']}"),
        [
            ("默克尔根（二维码同）", merkle["root"]),
            ("上月根", merkle["previous_root"] if merkle["previous_root"].strip("0") else "无：本助餐点第一个锁账月"),
            (f"末条分录（第 {chain['last']} 条，本月 {chain['entries']} 条）", chain["last_hash"] or "—"),
            ("statement.json 的 SHA-256", sha256),
            ("签名密钥", f"{told['key']['id']}（Ed25519）" if told["key"] else "未签名"),
            ("核对", "Windows 命令行：certutil -hashfile statement.json SHA256；或 python3 verify.py 审计包.zip"),
        ],
    )


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan_full(fen)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _cells(page: Page, signing: Sequence[tuple[str, str, str]]) -> None:
    """Three columns: who signs, room for the hand and the seal, the date."""
    width, high = (RIGHT - LEFT) / 3, 34.0
    top = page.y
    for at, ((word, name, when), seal) in enumerate(zip(signing, _SEALS, strict=True)):
        x = LEFT + at * width
        page.text(x + 2, top + 6, f"{word}：{name}", SANS, 10.5)
        page.text(x + 2, top + 12.5, "签字：", SERIF, 10.5)
        page.rule(x + 14, top + 13.5, x + width - 4, top + 13.5)
        page.text(x + width / 2, top + 23, seal, SERIF, 9, align="centre")
        page.text(x + width - 3, top + high - 2.5, when, SERIF, 9.5, align="right")
        page.rule(x, top, x, top + high)
    page.rule(RIGHT, top, RIGHT, top + high)
    page.rule(LEFT, top, RIGHT, top)
    page.rule(LEFT, top + high, RIGHT, top + high)
    page.y += high


def _qr_and_facts(page: Page, dark: list[list[bool]], facts: Sequence[tuple[str, str]]) -> None:
    side = 36.0 / len(dark)
    for row, cells in enumerate(dark):
        start = 0
        while start < len(cells):
            end = start
            while end < len(cells) and cells[end]:
                end += 1
            if end > start:
                page.bar(LEFT + start * side, page.y + row * side, (end - start) * side, side)
            start = end + 1
    y = page.y + 3
    for name, value in facts:
        page.text(LEFT + 38, y, name, SANS, 7.5)
        page.text(LEFT + 38, y + 3.3, value, SERIF, 8)
        y += 7.2
    page.y = max(page.y + 36, y)
