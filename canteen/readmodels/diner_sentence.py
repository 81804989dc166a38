"""Why does somebody pay what they pay? In one plain sentence, for their own phone only."""

from sqlmodel import Session

from subsidies import published
from subsidies.rules.decide import replay
from subsidies.rules.explain import explain
from subsidies.rules.facts import FrozenInputs


def diner_sentence(session: Session, rule_set_id: int | None, inputs: bytes) -> tuple[str, str]:
    """Chinese and English, decided again from what the order froze; empty where no set decided."""
    if rule_set_id is None:
        return "", ""
    rules = published.by_id(session, rule_set_id).rule_set
    decision = replay(rules, FrozenInputs.from_json(inputs))
    return explain(decision, rules, "diner", "zh"), explain(decision, rules, "diner", "en")
