"""The words a file may use for keys, in both languages: files travel further than the language of a page."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from unicodedata import normalize

Words = Mapping[str, tuple[str, ...]]
"""Key → the words for it; the first is Chinese, the second English."""

MEALS: Words = {
    "breakfast": ("早餐", "breakfast", "早饭", "早"),
    "lunch": ("午餐", "lunch", "午饭", "中餐", "午", "中午"),
    "dinner": ("晚餐", "dinner", "晚饭", "晚"),
}
COURSES: Words = {
    "meat": ("荤", "meat", "荤菜", "大荤"),
    "half_meat": ("半荤", "half meat", "半荤菜", "小荤"),
    "veg": ("素", "vegetable", "素菜", "veg"),
    "staple": ("主食", "staple"),
    "soup": ("汤粥", "soup", "汤", "粥", "汤羹"),
    "cold": ("凉菜", "cold dish", "冷菜", "cold"),
    "drink": ("饮品", "drink", "饮料"),
}
DIET: Words = {
    "soft": ("软烂", "soft"),
    "low_salt": ("少盐", "low salt", "低盐"),
    "low_sugar": ("控糖", "low sugar", "低糖"),
    "low_oil": ("少油", "low oil", "低油"),
    "halal": ("清真", "halal"),
    "vegetarian": ("素食", "vegetarian", "素"),
    "boneless": ("少刺", "boneless", "去骨少刺", "去骨", "无刺"),
    "high_protein": ("高蛋白", "high protein"),
    "warm": ("温补", "warming", "warm"),
}
ALLERGENS: Words = {
    "peanut": ("花生", "peanut"),
    "egg": ("鸡蛋", "egg", "蛋"),
    "milk": ("牛奶", "milk", "奶"),
    "soy": ("大豆", "soy", "黄豆"),
    "wheat": ("小麦", "wheat", "麸质"),
    "fish": ("鱼", "fish"),
    "shellfish": ("虾蟹贝", "shellfish", "虾", "蟹", "贝"),
    "nuts": ("坚果", "nuts"),
    "sesame": ("芝麻", "sesame"),
}
CATEGORIES: Words = {
    "living_alone": ("独居", "living alone", "独居老人"),
    "empty_nest": ("空巢", "empty nest", "空巢老人"),
    "left_behind": ("留守", "left behind", "留守老人"),
    "destitute": ("特困", "destitute", "特困人员"),
    "very_old": ("高龄", "very old", "高龄老人"),
    "disabled_frail": ("失能", "disabled by frailty", "失能老人"),
    "severe_disability": ("重残", "severe disability", "重度残疾"),
    "special_family": ("计划生育特殊家庭", "special family", "计生特殊家庭", "失独"),
    "low_income": ("低保", "low income", "最低生活保障"),
}
SEXES: Words = {"f": ("女", "female", "f", "女性"), "m": ("男", "male", "m", "男性")}
CARD_KINDS: Words = {
    "canteen": ("餐卡", "canteen card", "饭卡"),
    "social_security": ("社保卡", "social security card", "社会保障卡"),
    "transit": ("公交卡", "transit card", "老年公交卡", "敬老卡"),
}
CONSENT_HOW: Words = {
    "signed": ("签字", "signed", "签名", "书面"),
    "spoken": ("口头", "spoken", "口述"),
    "guardian": ("监护人", "guardian", "监护人签字"),
}
ITEM_KINDS: Words = {"dish": ("菜品", "dish", "单菜"), "set": ("套餐", "set meal", "set", "套饭")}
YES_NO: Words = {
    "yes": ("是", "yes", "y", "1", "√", "✓", "true", "有", "对"),
    "no": ("否", "no", "n", "0", "×", "false", "无", "不是"),
}


def plain(text: str) -> str:
    """For comparing: full width made half, capitals small, blanks and joins gone."""
    return "".join(c for c in normalize("NFKC", text).lower() if c not in " _-*\t\n　\u200b\ufeff")


def key_of(text: str, words: Words) -> str | None:
    """The key a word stands for; the key itself is understood too."""
    wanted = plain(text)
    for key, names in words.items():
        if wanted == plain(key) or any(wanted == plain(name) for name in names):
            return key
    return None


def shown(words: Words, key: str, language: str) -> str:
    """The first word for a key in this language."""
    names = words.get(key)
    return key if names is None else names[1] if language == "en" else names[0]


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name that may have been meant."""
    by_plain = {plain(name): name for name in names}
    wanted = plain(text)
    found = get_close_matches(wanted, by_plain, n=1, cutoff=0.6)
    if found:
        return by_plain[found[0]]
    inside = [
        name for bare, name in by_plain.items() if len(bare) > 1 and (bare in wanted or wanted in bare) and wanted
    ]
    return inside[0] if inside else None
