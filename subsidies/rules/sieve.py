"""Which rules fit a diner and an occasion, all at once: what one kind of fact does to every rule is worked out once and kept."""

from collections.abc import Callable, Hashable, Sequence
from operator import attrgetter, itemgetter

from subsidies.rules.case import Case
from subsidies.rules.conditions import Check
from subsidies.rules.decision import Step

MOST_KEPT = 2_048
"""Facts of one kind remembered before they are all forgotten."""

EVERY = -1
"""A mask with every bit set."""
_Sifted = tuple[int, dict[str, Step]]
"""The rules a fact lets through, a bit each, and the step of every other one."""
_StepOf = Callable[[Check, Case], Step | None]
# In the order in which reasons are named: the first kind of fact that stops a rule is the one shown.
_KINDS: tuple[tuple[str, _StepOf, Callable[[Check], bool]], ...] = (
    ("status", Check.status_step, lambda check: True),
    ("age", Check.age_step, lambda check: check.band.matters),
    ("held", Check.category_step, lambda check: check.text.categories is not None),
    ("where", Check.residence_step, lambda check: check.text.residence is not None),
    ("meal.meal", Check.meal_step, lambda check: bool(check.text.meals)),
    ("meal.day_kind", Check.day_step, lambda check: bool(check.text.days)),
    ("meal.canteen", Check.canteen_step, lambda check: bool(check.text.canteens)),
)


_UNASKED = Step("", "not_applicable", "", {})
"""Keeps a rule's place among the steps until the rule itself is asked."""


class _Kind:
    """One kind of fact, and what each of its values did to the rules that ask for it."""

    __slots__ = ("_asking", "_step_of", "fact_of", "known")

    def __init__(
        self, asking: Sequence[tuple[int, Check]], fact_of: Callable[[Case], Hashable], step_of: _StepOf
    ) -> None:
        self._asking = asking
        self._step_of = step_of
        self.fact_of = fact_of
        self.known: dict[Hashable, _Sifted] = {}

    def sift(self, fact: Hashable, case: Case) -> _Sifted:
        """A fact met for the first time."""
        mask, steps = EVERY, {}
        for bit, check in self._asking:
            step = self._step_of(check, case)
            if step is not None:
                mask ^= bit
                steps[check.key] = step
        if len(self.known) >= MOST_KEPT:
            self.known.clear()
        self.known[fact] = mask, steps
        return mask, steps


def _where(checks: Sequence[Check]) -> Callable[[Case], Hashable]:
    """Of a diner's whereabouts only what some rule looks at: the rest would tell apart what is decided alike."""
    asked = sorted({place for check in checks for place in check.looks_at()})
    picked = itemgetter(*asked)
    return lambda case: picked(case.where)


class Sieve:
    """Rules and grants by their bit: bit 0 is the first written."""

    __slots__ = ("_kinds", "_rest", "_unsaid")

    def __init__(self, checks: Sequence[Check]) -> None:
        self._unsaid: dict[str, Step] = dict.fromkeys((check.key for check in checks), _UNASKED)
        numbered = [(1 << place, check) for place, check in enumerate(checks)]
        kinds = []
        for fact, step_of, is_said in _KINDS:
            asking = [(bit, check) for bit, check in numbered if is_said(check)]
            if asking:
                fact_of = _where(checks) if fact == "where" else attrgetter(fact)
                kinds.append(_Kind(asking, fact_of, step_of))
        self._kinds = tuple(kinds)
        self._rest = tuple((bit, check) for bit, check in numbered if check.has_rest)

    def mask(self, case: Case) -> int:
        """The bits of all that fit, before any money."""
        mask = EVERY
        for kind in self._kinds:
            fact = kind.fact_of(case)
            mask &= (kind.known.get(fact) or kind.sift(fact, case))[0]
        for bit, check in self._rest:
            if mask & bit and check.rest_step(case) is not None:
                mask ^= bit
        return mask

    def sift(self, case: Case) -> None:
        """Note what fits in `case.fitting`, and the step of all that does not in `case.steps`."""
        mask, stopped = EVERY, []
        for kind in self._kinds:
            fact = kind.fact_of(case)
            passed, steps = kind.known.get(fact) or kind.sift(fact, case)
            if steps:
                mask &= passed
                stopped.append(steps)
        case.steps = said = self._unsaid.copy()
        for steps in reversed(stopped):
            said.update(steps)
        for bit, check in self._rest:
            if mask & bit:
                step = check.rest_step(case)
                if step is not None:
                    mask ^= bit
                    said[check.key] = step
        case.fitting = mask
