"""Why something is not done with a case, in the words of its page."""

from api.cases.why_not import WhyNot
from api.console.cases.case_facts import CaseFacts
from api.contract.case_words import CaseState
from api.contract.cases import FlowRecord

_ACTIONS = frozenset({"action", "wanted"})


def case_refusal(reason: WhyNot, facts: CaseFacts) -> str:
    """Say a reason with the names that the page has for actions, states, fields and roles."""
    words = {name: _word(name, value, facts) for name, value in reason.values.items()}
    named = WhyNot(reason.key, words)
    return facts.said(named.chinese, named.english)


def step_reason(record: FlowRecord, facts: CaseFacts) -> str:
    """Say why a step was done: in its author's words, or in the page's if it was no person."""
    said = record.details.get("said")
    return case_refusal(WhyNot.of(said), facts) if isinstance(said, dict) else record.reason


def _word(name: str, value: object, facts: CaseFacts) -> object:
    if isinstance(value, WhyNot):
        return case_refusal(value, facts)
    if not isinstance(value, str):
        return value
    if name in _ACTIONS:
        return facts.action(value)
    if name == "state":
        return facts.state(CaseState(value))
    if name == "fields":
        between = facts.texts.choose("、", ", ")
        return between.join(facts.field(field) for field in value.split(", "))
    return value
