"""Sentences for reasons and findings in Chinese and English: `{name}` is filled from a step's or finding's data."""

from collections.abc import Mapping
from typing import Literal

from subsidies.rules.decision import StepFact

Language = Literal["zh", "en"]

REASONS: Mapping[str, tuple[str, str]] = {
    "granted": ("适用", "applies"),
    "gives-way": ("补贴合计超过餐价，按规定让出", "the parts exceed the price; gives way as stated"),
    "guest": ("没有刷卡，按散客计", "no diner is known"),
    "status": ("档案状态为「{status}」，不享受", "the file's status is {status}"),
    "age-unknown": ("没有出生日期，无法判断年龄", "no date of birth, so no age"),
    "age": ("用餐当日{age}岁，规则的年龄段为{band}", "aged {age} on the meal date, the band is {band}"),
    "category": ("用餐当日不具备所列类别，或具备除外类别", "the categories asked for are not held on the meal date"),
    "meal": ("餐次为{meal}，不适用", "not for {meal}"),
    "day": ("日期类型为{day}，不适用", "not on a {day}"),
    "weekday": ("星期{weekday}不适用", "not on weekday {weekday}"),
    "dates": ("用餐日不在{from}至{to}之间", "the meal date is not within {from} to {to}"),
    "clock": ("下单时间不在{from}至{to}之间", "ordered outside {from} to {to}"),
    "canteen": ("不适用于本食堂", "not at this canteen"),
    "dine-in": ("只限堂食", "only for eating in"),
    "away": ("只限送餐或外带", "only for delivery or taking away"),
    "delivery": ("只限送餐", "only for delivery"),
    "way": ("{way}不适用", "not for {way}"),
    "residence": ("户籍或居住地不符合", "register or residence does not fit"),
    "residence-unconfirmed": ("居住地尚未由社区确认", "the community has not confirmed the residence"),
    "spend": (
        "消费{spend_fen}，不在门槛{at_least_fen}之上",
        "spend {spend_fen} does not meet the threshold {at_least_fen}",
    ),
    "counter-used": ("次数已用完：{period} 已用{used}，限{cap}", "counter used up: {used} of {cap} in {period}"),
    "budget-used": ("额度已用完：{period} 已用{used}分，限{cap}分", "budget used up: {used} of {cap} fen in {period}"),
    "nothing-to-give": ("按{on_fen}计没有可减的金额", "nothing to take off {on_fen}"),
    "lower": (
        "可减{amount_fen}，低于「{chosen}」，不重复享受",
        "{amount_fen} is not more than {chosen}, which is taken",
    ),
    "earlier-rule": ("已适用「{chosen}」，不再考虑", "{chosen} came first"),
    "not-in-force": ("用餐日{date}不在本方案有效期内", "not in force on {date}"),
    "out-of-scope": ("食堂不在本方案范围内", "the canteen is out of scope"),
    "no-subsidised-meal": ("本餐没有补贴", "no subsidised meal"),
}
"""Why a rule applied or not: Chinese, English."""

FINDINGS: Mapping[str, tuple[str, str]] = {
    "age-gap": ("{at}岁没有规则", "no rule for the ages {at}"),
    "age-overlap": ("{at}岁有两条规则", "two rules for the ages {at}"),
    "unreachable": ("{at} 永远不会适用（{because}）", "{at} can never apply ({because})"),
    "threshold-undecidable": ("{at} 没有说清按原价还是按减后价", "{at} does not say what it is measured on"),
    "give-way-unstated": (
        "合计可能超过餐价，没有说明谁先让出",
        "the parts can exceed the price; who gives way is not said",
    ),
    "give-way-incomplete": ("让出次序里漏了出资方", "a funder is missing from the order of giving way"),
    "odd-fen-unstated": ("{at} 没有说明零头由谁承担", "{at}: who takes the odd fen is not said"),
    "no-sets-unstated": ("{at} 没有说明当天没有套餐时怎么办", "{at}: what holds on a day without sets is not said"),
    "dishes-unlimited": ("单点菜品没有上限", "dishes have no limit"),
    "budget-contradicts": ("{at} 与同名额度的周期不同", "{at}: the same purse has another period"),
    "deceased-not-excluded": ("没有排除已故人员", "the deceased are not excluded"),
    "no-examples": ("没有算例", "there is no worked example"),
    "example-fails": (
        "{at}：{what} 应为「{expected}」，算出「{actual}」",
        "{at}: {what} should be {expected}, is {actual}",
    ),
    "rule-untried": ("{at} 没有算例用到", "no worked example uses {at}"),
    "overlapping-dates": ("{at} 在同一天、同一食堂、同一出资方重叠", "{at} are in force together for one funder"),
}
"""What lint found: Chinese, English."""

ADVICE: Mapping[str, tuple[str, str]] = {
    "age-gap": (
        "补一条这个年龄段的规则，或在 accepted 里写明就是不补",
        "add a rule for these ages, or accept it with its reason",
    ),
    "age-overlap": ('改年龄段，或用 combine = "highest" 说明就高', 'part the bands, or say combine = "highest"'),
    "unreachable": ("改条件，或删掉这条规则", "change its conditions, or take the rule out"),
    "threshold-undecidable": (
        '写 measured_on = "list"（按原价）或 "net"（按减后价），并写上金额',
        'say measured_on = "list" or "net", and an amount',
    ),
    "give-way-unstated": (
        '在 cap.gives_way 里列出让出的次序，或写 "pro_rata"',
        'list who gives way first in cap.gives_way, or say "pro_rata"',
    ),
    "give-way-incomplete": ("把漏掉的出资方加进 cap.gives_way", "name every funder in cap.gives_way"),
    "odd-fen-unstated": ('写 odd_fen_to = "…"', 'say odd_fen_to = "…"'),
    "no-sets-unstated": ('写 without_sets = "…"', 'say without_sets = "…"'),
    "budget-contradicts": ("同名额度用同一个 per 和 shared", "give one purse one `per` and one `shared`"),
    "deceased-not-excluded": ('excluded_statuses 里加上 "deceased"', 'add "deceased" to excluded_statuses'),
    "no-examples": ("至少写一个 [[examples]] 算例", "add at least one [[examples]]"),
    "example-fails": ("核对公告：改规则，或改算例", "check the notice: mend the rule, or the example"),
    "overlapping-dates": (
        "把前一版的 effective_to 改到新版之前，或分清食堂、出资方",
        "end the earlier one before the later begins, or part canteens or funders",
    ),
}
"""What to do about a finding that refuses: Chinese, English."""

_VALUES: Mapping[str, str] = {
    "breakfast": "早餐",
    "lunch": "午餐",
    "dinner": "晚餐",
    "workday": "工作日",
    "rest_day": "休息日",
    "holiday": "法定节假日",
    "makeup_workday": "调休工作日",
    "active": "正常",
    "suspended": "暂停",
    "moved": "迁出",
    "deceased": "已故",
    "institution": "入住机构",
    "dine_in": "堂食",
    "delivery": "送餐",
    "take_away": "外带",
}


def sentence(table: Mapping[str, tuple[str, str]], code: str, data: Mapping[str, StepFact], language: Language) -> str:
    """The sentence of a code with its figures; `*_fen` values are shown in yuan. A code without a sentence is a KeyError."""
    values = {}
    for name, value in data.items():
        if name.endswith("_fen") and isinstance(value, int):
            values[name] = f"{value // 100}.{value % 100:02d}"
        elif isinstance(value, tuple):
            values[name] = "、".join(value) if language == "zh" else ", ".join(value)
        else:
            text = "" if value is None else str(value)
            values[name] = _VALUES.get(text, text) if language == "zh" else text.replace("_", " ")
    return table[code][0 if language == "zh" else 1].format_map(values)
