"""What the office's pages make of figures and log lines: percentages that add up, keys told in words."""

from datetime import UTC, datetime

import pytest

from canteen.audit.log import Detail
from canteen.readmodels.audit_page import AuditLine
from canteen.web.language import translator
from canteen.web.office.audit_words import details_in_words, subject_in_words
from canteen.web.office.spend import percents

ORDER = "01M7V8BXRKB0T36X433XC4F3W4"


def line(subject: str, **details: Detail) -> AuditLine:
    """One line of the log about `subject`."""
    return AuditLine("1", datetime(2026, 11, 23, tzinfo=UTC), "account:1", "李师傅", "x", subject, None, details)


@pytest.mark.parametrize(
    "parts, told",
    [
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),
        ([221_440, 168_380, 129_980, 111_506, 48_211, 18_000, 7_600, 3_200], None),
        ([0, 0], ["0.0", "0.0"]),
        ([2_000, -1_000], ["200.0", "−100.0"]),
        ([], []),
    ],
)
def test_percentages_of_a_table_add_up_to_a_hundred(parts: list[int], told: list[str] | None) -> None:
    """Rounded each by itself the second case would give 100.1."""
    found = percents(parts)

    assert told is None or found == told
    if sum(parts):
        assert sum(round(float(one.replace("−", "-")) * 10) for one in found) == 1_000


def test_details_are_told_in_words_and_yuan() -> None:
    """No key, no fen, no English on a Chinese page; what is empty stays out."""
    t = translator("zh")
    placed = line(f"order:{ORDER}", list_fen=1_500, self_pay_fen=1_350, reason=None)
    taken = line(f"order:{ORDER}", how="number", cash_fen=0, ordered_before=False)
    made = line("menu-item:5093", kitchen="shuiyun", made=36)

    assert details_in_words(placed, t, {}) == "原价 15.00 元 · 自付 13.50 元"
    assert details_in_words(taken, t, {}) == "方式 报取餐号 · 收现金 0.00 元 · 事先点过 否"
    assert details_in_words(made, t, {"shuiyun": "水韵食堂"}) == "厨房 水韵食堂 · 做好份数 36"


def test_a_detail_without_a_word_shows_itself() -> None:
    """Nothing is hidden from an auditor because nobody has written its word yet."""
    assert details_in_words(line("order:1", something="new"), translator("zh"), {}) == "something new"


def test_a_subject_leads_to_its_page_where_the_reader_may_see_it() -> None:
    """Else to its own lines in the log."""
    t, about = translator("zh"), line(f"order:{ORDER}")

    read = subject_in_words(about, t, reads_books=True)
    assert (read.word, read.tail, read.href) == ("订单", "…C4F3W4", f"/office/orders/{ORDER}")
    assert subject_in_words(about, t, reads_books=False).href == f"/office/audit?subject=order:{ORDER}"
    assert subject_in_words(line("menu:1"), t, reads_books=True).tail == "1"
