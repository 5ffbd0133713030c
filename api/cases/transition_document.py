"""``docs/case_transitions.md``: what can be done with a case, as a table.

``python -m api.cases.transition_document`` prints it.
"""

from api.cases.transition_table import Transition, load_transitions

_HEAD = """\
# What can be done with a case

Made of `api/cases/transitions.yaml` by `python -m api.cases.transition_document`. In brackets:
what may be said besides.

| action | | from | to | who | must be said | clocks |
|---|---|---|---|---|---|---|
"""


def transition_document() -> str:
    """Return the table as Markdown."""
    return _HEAD + "".join(_row(one) for one in load_transitions().values())


def _row(one: Transition) -> str:
    states = "open" if one.from_states == "open" else ", ".join(sorted(one.from_states))
    who = ", ".join([*sorted(one.roles), *(["by rule"] if one.system else [])])
    said = ", ".join(one.needs) + (f" ({', '.join(one.takes)})" if one.takes else "")
    clocks = ", ".join(f"{effect.operation} {effect.stage}" for effect in one.clock_effects)
    cells = (f"`{one.action}`", one.name.zh, states, one.to, who, said.strip(), clocks)
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    print(transition_document(), end="")  # noqa: T201 - what it is for
