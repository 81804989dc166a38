"""Chinese words of the pack's tables. Papers for a Chinese district: they have no second language."""

FUNDERS = {
    "operator": "企业让利",
    "city": "市级补贴",
    "district": "区级补贴",
    "subdistrict": "街道补贴",
    "collective": "村集体补贴",
    "charity": "慈善助餐",
}
"""In the order every page shows them."""
PROGRAMMES = {"elder-meals": "长者助餐", "warm-meal-fund": "暖餐基金", "operator-discount": "企业让利"}
"""Programmes of the rule documents; others stand under their own key."""
KINDS = {
    "load": "预算、捐款到账",
    "top_up": "储值充值",
    "reserve": "预订占用",
    "pay": "收取餐费",
    "earn": "交付餐食",
    "unearn": "撤销交付",
    "settle_due": "补收餐费",
    "release": "未交付释放",
    "refund": "退还餐费",
    "forfeit": "未取餐扣款",
    "adjust": "事后调整",
    "undo_payment": "撤销误收",
    "pay_out": "支付退款",
    "wallet_refund": "储值退款",
    "carry": "换单结转",
    "merge": "档案合并转储值",
    "shift_float": "备用金",
    "over_short": "现金长短款",
    "bank": "现金解款",
    "approve": "补贴核定",
    "set_off": "抵扣应退补贴",
    "funder_paid": "补贴到账",
}
"""摘要 by the kind of an entry, in the order of a voucher's lines; others follow under their own key."""
MEALS = {"breakfast": "早餐", "lunch": "午餐", "dinner": "晚餐"}


def funder_place(funder: str) -> int:
    """Where it stands among the funders; unknown ones last."""
    return list(FUNDERS).index(funder) if funder in FUNDERS else len(FUNDERS)


def kind_word(kind: str) -> str:
    """摘要 of a kind."""
    return KINDS.get(kind, f"其他业务（{kind}）")


def kind_place(kind: str) -> tuple[int, str]:
    """Where it stands in a voucher."""
    return (list(KINDS).index(kind) if kind in KINDS else len(KINDS), kind)
