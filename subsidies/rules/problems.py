"""What can be wrong with a rule document, in Chinese: the reader's English is the key, `{…}` stands for what the author wrote."""

import re
from collections.abc import Mapping

from subsidies.errors import RuleDocumentError
from subsidies.rules.words import Language

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "not-toml": ("{said} (at line {line}, column {column})", "不是 TOML：第{line}行第{column}列写法不对（{said}）"),
    "not-toml-end": ("{said} (at end of document)", "不是 TOML：文件没有写完（{said}）"),
    "missing": ("Object missing required field `{name}`", "缺少「{name}」"),
    "unknown": ("Object contains unknown field `{name}`", "没有「{name}」这个词，请检查拼写"),
    "wrong-kind": ("Expected `{wanted}`, got `{found}`", "这里应当是{wanted}，写的是{found}"),
    "wrong-choice": ("Invalid enum value '{value}'", "「{value}」不是可以选的词"),
    "wrong-value": ("Invalid value '{value}'", "「{value}」不是可以选的词"),
    "too-many": ("Expected `array` of {wanted}", "数目不对：{wanted}"),
    "money": ('write yuan as "6" or "6.50", not "{text}"', '金额要写成 "6" 或 "6.50"，不能是「{text}」'),
    "undeclared": ("`{name}` is not declared", "「{name}」没有定义过"),
    "twice": ("`{name}` is there twice", "「{name}」出现了两次"),
    "key": ("a key is small letters, digits, - and _", "代号只能用小写字母、数字、- 和 _"),
    "version": ("a version is 1 or more", "版本号从 1 开始"),
    "dates": ("is before effective_from", "截止日早于开始日"),
    "no-rules": ("a rule set has at least one rule", "至少要有一条规则"),
    "limit": ("a limit is 1 or more", "次数至少为 1"),
    "give-way": ('is a list of funders, or "pro_rata"', '要写出资方的次序，或写 "pro_rata"（按比例）'),
    "split-sum": (
        'amounts must add up to a fixed_off, or someone pays the "rest"',
        '各方金额之和要等于 fixed_off 的金额，或由一方出 "rest"（其余）',
    ),
    "allowance": ("an allowance needs a budget", "allowance（限额内全免）要写 budget（额度）"),
    "budget-name": ("a counter has this name", "已有同名的计数"),
    "weekday": ("1 is Monday, 7 is Sunday", "星期用 1（星期一）到 7（星期日）"),
    "weight": ("a weight is 1 or more", "比例至少为 1"),
    "percent": ("a percent is at most 100", "百分数最多 100"),
    "clock": ("a clock window is from HH:MM to a later HH:MM", "时段要写成从 HH:MM 到更晚的 HH:MM"),
    "time": ("a time is HH:MM", "时间要写成 HH:MM"),
    "no-group": ("no group `{name}`", "没有「{name}」这个组"),
    "group-loop": ("`{name}` is inside itself", "「{name}」组套在自己里面"),
    "empty-group": ("no rule is in this group", "这个组里没有规则"),
    "only-examples": ("every rule is an example", "所有规则都是示例"),
    "place": ("says no place", "没有说明是哪里"),
    "level": ("a level is of the household register: write it in `registered`", "level 只能写在 registered（户籍）里"),
    "example-age": ("an age is 0 to 130", "年龄为 0 到 130"),
    "example-quantity": ("a quantity is 1 or more", "份数至少为 1"),
    "example-used-meals": ("a counter is a number of meals, without quotes", "计数写次数，不加引号"),
    "example-used-yuan": ("a budget is yuan in quotes", "额度写金额，加引号"),
    "encoding": ("not UTF-8", "不是 UTF-8 编码的文本"),
    "size": ("empty, or too large", "是空的，或者太大"),
    "whole-number": ("write a whole number", "要写整数"),
}
"""Code → English as the reader says it, Chinese."""

ADVICE: Mapping[str, tuple[str, str]] = {
    "not-toml": (
        "look for a quote, a bracket or an equals sign that is missing there",
        "看看那里是不是少了引号、括号或等号",
    ),
    "missing": ("write it there", "在那里补上它"),
    "unknown": ("take it out, or mend its spelling after the manual", "删掉它，或照说明改正拼写"),
    "wrong-choice": ("take one of the words in the manual", "换成说明里列出的词"),
    "undeclared": ("define it in the document, or name one that is", "在文件里先定义它，或改成已有的名字"),
    "twice": ("rename one of them, or take it out", "改掉其中一个的名字，或删掉一个"),
    "dates": ("mend one of the two dates", "改其中一个日期"),
    "no-group": ("add the group under [[groups]], or take the name out", "在 [[groups]] 里加上这个组，或删掉组名"),
    "group-loop": ("let its `group` name another one, or none", "改它的 group，或删掉"),
    "empty-group": ("take the group out, or let a rule name it", "删掉这个组，或让一条规则写上它"),
    "only-examples": ("take `example` off a rule that is published", "去掉已公布的规则上的 example"),
    "budget-name": ("give the budget another name", "给额度换一个名字"),
    "encoding": ("save the file as UTF-8 and send it again", "另存为 UTF-8 编码，再传一次"),
    "size": ("choose the file with the rules", "选写有方案的那个文件"),
    "place": ("write an area, or take it out", "写上地区，或整项删掉"),
}
"""Code → what to do, English and Chinese, where the sentence itself does not say it."""
_ADVISED_AS = {"not-toml-end": "not-toml", "wrong-value": "wrong-choice"}

_KINDS = {
    "str": "引号里的文字", "int": "整数", "float": "小数", "bool": "true 或 false", "array": "[ ] 列表", "object": "{ } 表",
    "date": "日期（如 2026-01-31）", "null": "空", "datetime": "日期时间", "time": "时刻",
}  # fmt: skip


def code_of(error: RuleDocumentError) -> str:
    """The stable code of the problem; "other" for one without words in Chinese."""
    return _found(error)[0]


def problem_words(error: RuleDocumentError, language: Language) -> str:
    """What is wrong, without the place."""
    code, said = _found(error)
    if language == "en" or code == "other":
        return error.problem
    if code == "wrong-kind":
        said = {
            name: " 或 ".join(_KINDS.get(kind, kind) for kind in kinds.split(" | ")) for name, kinds in said.items()
        }
    return PROBLEMS[code][1].format_map(said)


def fault_words(error: RuleDocumentError, language: Language) -> str:
    """The place, as the document writes it, and what is wrong there."""
    words = problem_words(error, language)
    if error.path in {"", "document"}:
        return words
    return f"{error.path}：{words}" if language == "zh" else f"{error.path}: {words}"


def fault_advice(error: RuleDocumentError, language: Language) -> str:
    """What its author does about it; empty where the words say so themselves."""
    code = code_of(error)
    english, chinese = ADVICE.get(_ADVISED_AS.get(code, code), ("", ""))
    return chinese if language == "zh" else english


def _found(error: RuleDocumentError) -> tuple[str, dict[str, str]]:
    for code, pattern in _PATTERNS:
        if match := pattern.fullmatch(error.problem):
            return code, match.groupdict()
    return "other", {}


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.DOTALL
    )


_PATTERNS = tuple((code, _pattern(english)) for code, (english, _) in PROBLEMS.items())
