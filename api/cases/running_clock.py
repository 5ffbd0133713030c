"""What a case tells of the clock that runs, so that lists need not read its clocks."""

from dataclasses import replace

from api.cases.case import Case
from api.cases.case_clocks import CaseClocks


def with_running_clock(case: Case, clocks: CaseClocks) -> Case:
    """Return a case that tells of the clock that runs now."""
    found = clocks.running()
    if found is None:
        return replace(case, clock_stage=None, yellow_at=None, due_at=None, lights_told=0)
    is_same = case.clock_stage is found.stage and case.due_at == found.clock.due_at
    return replace(
        case,
        clock_stage=found.stage,
        yellow_at=found.clock.yellow_at,
        due_at=found.clock.due_at,
        lights_told=case.lights_told if is_same else 0,
    )
