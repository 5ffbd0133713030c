"""All that is done with cases, for whoever serves them: one object for routes and screens."""

from dataclasses import dataclass

from api.cases.case_ground import CaseGround
from api.cases.case_reader import CaseReader
from api.cases.case_transitions import CaseTransitions
from api.cases.report_intake import ReportIntake
from api.cases.verdict_store import VerdictStore


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """The cases of a district.

    Attributes:
        ground: What they stand on.
        reader: Reads them.
        transitions: Does things with them.
        reports: Takes reports in.
        verdicts: What people said of events.
    """

    ground: CaseGround
    reader: CaseReader
    transitions: CaseTransitions
    reports: ReportIntake
    verdicts: VerdictStore


def open_desk(ground: CaseGround) -> CaseDesk:
    """Return the desk over some ground."""
    transitions = CaseTransitions(ground)
    return CaseDesk(
        ground=ground,
        reader=CaseReader(ground),
        transitions=transitions,
        reports=ReportIntake(ground, transitions),
        verdicts=VerdictStore(ground),
    )
