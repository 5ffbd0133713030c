"""The table of transitions, as data."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.cases.effects import EFFECTS
from api.cases.guards import GUARDS
from api.cases.transition_document import transition_document
from api.cases.transition_table import Transition, load_transitions
from api.contract.case_words import END_STATES, OPEN_STATES, CaseState

TABLE = load_transitions()
DOCUMENT = Path(__file__).parents[3] / "docs" / "case_transitions.md"


def test_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == transition_document(), (
        "run: python -m api.cases.transition_document > docs/case_transitions.md"
    )


def test_every_guard_and_effect_is_of_the_table():
    named = {guard for one in TABLE.values() for guard in one.guards}
    assert named == GUARDS.keys()
    assert EFFECTS.keys() <= TABLE.keys()


def test_every_state_is_reached_and_every_open_one_left():
    reached = {CaseState.REPORTED}
    while True:
        further = {
            one.state_after(state, None) for one in TABLE.values() for state in one.states & reached
        }
        if further <= reached:
            break
        reached |= further
    assert reached == set(CaseState)
    left = {
        state for one in TABLE.values() for state in one.states if one.to not in {"same", state}
    }
    assert left >= OPEN_STATES


def test_nothing_but_opening_again_leaves_an_end():
    leaving = {
        one.action
        for one in TABLE.values()
        for state in one.states & END_STATES
        if one.state_after(state, None) is not state
    }
    assert leaving == {"reopen"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "closed"}, "a note stays where it is"),
        ({"clocks": [{"finish": "accept", "start": "close"}]}, "names one operation"),
        ({"needs": ["colour"]}, "needs"),
        ({"roles": []}, "roles"),
    ],
)
def test_wrong_entry_is_refused(change: dict, words: str):
    entry = {
        "action": "wave",
        "name": {"zh": "招手", "en": "Wave"},
        "from": ["reported"],
        "to": "same",
        "roles": ["acceptor"],
        "kind": "note",
    }
    Transition.model_validate(entry)
    with pytest.raises(ValidationError, match=words):
        Transition.model_validate({**entry, **change})
