"""Which funder pays which fen of a benefit, and who gives way when benefits add up to more than the price."""

from collections.abc import Mapping, Sequence

from subsidies.money import parse_yuan, split_fen


class Split:
    """First the stated amounts in the order written, then the rest by weight; parts add up exactly."""

    __slots__ = (
        "_alone", "_fixed", "_funders", "_odd", "_weights", "fixed_fen", "funders", "odd_fen_to", "states_odd_fen",
    )  # fmt: skip

    def __init__(self, text: Mapping[str, int | str] | str, odd_fen_to: str | None) -> None:
        parts = {text: 1} if isinstance(text, str) else text
        self.funders = tuple(parts)
        self._alone = text if isinstance(text, str) else None
        self._fixed: list[tuple[str, int]] = []
        self._funders: list[str] = []
        self._weights: list[int] = []
        for funder, part in parts.items():
            if isinstance(part, str) and part != "rest":
                self._fixed.append((funder, parse_yuan(part).fen))
                continue
            weight = 1 if isinstance(part, str) else part
            if weight < 1:
                raise ValueError("a weight is 1 or more")
            self._funders.append(funder)
            self._weights.append(weight)
        self.fixed_fen = sum(fen for _, fen in self._fixed)
        self._odd = self._funders.index(odd_fen_to) if odd_fen_to in self._funders else None
        self.odd_fen_to = None if self._odd is None or len(self._weights) < 2 else odd_fen_to
        self.states_odd_fen = len(self._weights) < 2 or self._odd is not None

    @property
    def has_rest(self) -> bool:
        """Whether someone pays what goes beyond the stated amounts."""
        return bool(self._weights)

    def parts(self, amount_fen: int) -> list[tuple[str, int]]:
        """Funder and fen above zero; Σ = `amount_fen` when `has_rest`, or up to the stated amounts."""
        if self._alone is not None:
            return [(self._alone, amount_fen)]
        parts = []
        for funder, limit in self._fixed:
            part = min(amount_fen, limit)
            amount_fen -= part
            parts.append((funder, part))
        if self._weights and amount_fen:
            parts.extend(zip(self._funders, split_fen(amount_fen, self._weights, self._odd), strict=True))
        return [(funder, part) for funder, part in parts if part]


def give_way(fen: Sequence[int], funders: Sequence[str], excess_fen: int, order: Sequence[str] | None) -> list[int]:
    """Parts lowered by `excess_fen` in all, which is at most Σ `fen`.

    `order` names who gives way first; within a funder the later part first; a funder not named
    gives way after all named ones. None is pro rata, by largest remainder.
    """
    if order is None:
        return split_fen(sum(fen) - excess_fen, fen)
    rank = {funder: position for position, funder in enumerate(order)}
    lowered = list(fen)
    for index in sorted(range(len(fen)), key=lambda i: (rank.get(funders[i], len(rank)), -i)):
        cut = min(excess_fen, lowered[index])
        lowered[index] -= cut
        excess_fen -= cut
    return lowered
