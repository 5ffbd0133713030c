"""Every action that a case's record names has a word of its own."""

import re
from pathlib import Path

import api.cases
from api.cases.case_watch import TURNED
from api.cases.repair_checks import SEEN_AGAIN, SEEN_GONE
from api.cases.transition_table import REPORT, load_transitions
from api.webhooks.event_kinds import kind_of, load_event_kinds, type_of


def test_every_action_is_listed_and_nothing_else():
    recorded = {REPORT, TURNED, SEEN_GONE, SEEN_AGAIN, "reported_again", *load_transitions()}
    assert load_event_kinds().keys() == recorded


def test_no_action_is_recorded_besides():
    """A record that no transition makes names its action in the code."""
    code = "".join(path.read_text() for path in Path(api.cases.__file__).parent.glob("*.py"))
    named = set(re.findall(r'FlowEntry\(\s*"(\w+)"', code))
    assert named <= load_event_kinds().keys()


def test_kinds_differ():
    kinds = list(load_event_kinds().values())
    assert sorted(set(kinds)) == sorted(kinds)
    assert type_of(kind_of("dispatch")) == "org.citypatrol.case.dispatched.v1"
