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
_Asked = tuple[str, _StepOf, Callable[[Check], bool]]
"""A fact of the case, what it does to a rule, and whether a rule asks for it."""
# In the order in which reasons are named: the first fact that stops a rule is the one shown. Facts with few values are
# looked up together.
_KINDS: tuple[tuple[_Asked, ...], ...] = (
    (
        ("status", Check.status_step, lambda check: True),
        ("age", Check.age_step, lambda check: check.band.matters),
    ),
    (("held", Check.category_step, lambda check: check.text.categories is not None),),
    (("where", Check.residence_step, lambda check: check.text.residence is not None),),
    (
        ("meal.meal", Check.meal_step, lambda check: bool(check.text.meals)),
        ("meal.day_kind", Check.day_step, lambda check: bool(check.text.days)),
        ("meal.canteen", Check.canteen_step, lambda check: bool(check.text.canteens)),
    ),
)


_UNASKED = Step("", "not_applicable", "", {})
"""Keeps a rule's place among the steps until the rule itself is asked."""


class _Kind:
    """Facts looked up together, and what each of their values did to the rules that ask for them."""

    __slots__ = ("_asking", "fact_of", "known")

    def __init__(self, asking: Sequence[tuple[int, Check, _StepOf]], fact_of: Callable[[Case], Hashable]) -> None:
        self._asking = asking
        self.fact_of = fact_of
        self.known: dict[Hashable, _Sifted] = {}

    def sift(self, fact: Hashable, case: Case) -> _Sifted:
        """A fact met for the first time."""
        mask = EVERY
        steps: dict[str, Step] = {}
        for bit, check, step_of in self._asking:
            step = step_of(check, case) if mask & bit else None
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
        for together in _KINDS:
            asking = {
                fact: [(bit, check, step_of) for bit, check in numbered if is_said(check)]
                for fact, step_of, is_said in together
            }
            facts = [fact for fact in asking if asking[fact]]
            if facts:
                fact_of = _where(checks) if facts == ["where"] else attrgetter(*facts)
                kinds.append(_Kind([one for fact in facts for one in asking[fact]], fact_of))
        self._kinds = tuple(kinds)
        self._rest = tuple((bit, check) for bit, check in numbered if check.has_rest)

    @property
    def remembered(self) -> tuple[int, ...]:
        """How many values of each kind of fact are known."""
        return tuple(len(kind.known) for kind in self._kinds)

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
