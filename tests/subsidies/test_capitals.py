"""大写: amounts as receipts spell them."""

import pytest

from subsidies.capitals import in_capitals


@pytest.mark.parametrize(
    "fen, words",
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (600, "人民币陆元整"),
        (605, "人民币陆元零伍分"),
        (1050, "人民币壹拾元伍角整"),
        (10_000, "人民币壹佰元整"),
        (10_100, "人民币壹佰零壹元整"),
        (100_010, "人民币壹仟元壹角整"),
        (123_456, "人民币壹仟贰佰叁拾肆元伍角陆分"),
        (1_000_000, "人民币壹万元整"),
        (1_000_500, "人民币壹万零伍元整"),
        (1_050_000, "人民币壹万零伍佰元整"),
        (10_000_000_000, "人民币壹亿元整"),
        (10_000_010_000, "人民币壹亿零壹佰元整"),
        (-600, "人民币负陆元整"),
    ],
)
def test_amounts_are_spelt_as_a_bank_does(fen: int, words: str) -> None:
    assert in_capitals(fen) == words


def test_only_whole_fen_are_money() -> None:
    with pytest.raises(TypeError):
        in_capitals(6.0)  # type: ignore[arg-type]
