"""What must hold of a case for something to be done with it; each says why it does not.

A guard that looks at the request passes while there is none yet.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from api.cases.step import Step
from api.contract.case_words import CaseState, PictureKind, Stage

MOST_DELAYS = 2
"""Approved; a refusal does not count."""
LONGEST_SUSPENSION = timedelta(days=366)

Guard = Callable[[Step], str | None]


def nothing_is_asked(step: Step) -> str | None:
    """Whether nobody waits for a decision."""
    request = step.case.request
    if request is None:
        return None
    return f"{request.asked_by} asked for a {request.kind} already, which is not decided yet"


def few_delays(step: Step) -> str | None:
    """Whether more time was not granted too often."""
    if step.case.delay_count < MOST_DELAYS:
        return None
    return f"more time was granted {step.case.delay_count} times, and may be {MOST_DELAYS} times"


def not_overdue(step: Step) -> str | None:
    """Whether the handling is not late already."""
    clock = step.clocks.open_clock(Stage.HANDLE)
    if clock is None or step.now <= clock.clock.due_at:
        return None
    return f"it is overdue since {clock.clock.due_at.isoformat(timespec='minutes')}"


def never_suspended(step: Step) -> str | None:
    """Whether it was never put off."""
    return None if step.case.hang_count == 0 else "it was put off before, which is allowed once"


def until_within_a_year(step: Step) -> str | None:
    """Whether the date asked for comes, and not too late."""
    until = step.asked and step.asked.until
    if not until:
        return None
    if until <= step.now:
        return f"until {until.isoformat()} is over; name a time to come"
    if until - step.now > LONGEST_SUSPENSION:
        return f"until {until.isoformat()} is more than a year off, which is the longest"
    return None


def _asked_for(kind: str) -> Guard:
    def guard(step: Step) -> str | None:
        request = step.case.request
        return (
            None if request is not None and request.kind == kind else f"nobody asked for a {kind}"
        )

    return guard


def brings_after_picture(step: Step) -> str | None:
    """Whether a picture after handling comes along."""
    if step.asked is None:
        return None
    kinds = {picture.kind for picture in step.asked.pictures or ()}
    return None if PictureKind.AFTER in kinds else "no picture of the kind `after` comes along"


def cameras_saw_it_gone(step: Step) -> str | None:
    """Whether every camera that had seen it saw it gone after it was handled."""
    if step.case.seen_gone_at is not None:
        return None
    return "no camera has seen since it was handled that it is gone"


def was_self_handled(step: Step) -> str | None:
    """Whether it was fixed on the spot, with pictures before and after."""
    if not step.case.self_handled:
        return "it was not fixed on the spot"
    if not step.around.has_both_pictures:
        return "it lacks a picture before or one after"
    return None


def is_supervised(step: Step) -> str | None:
    """Whether a supervisor waits for an answer."""
    return None if step.case.supervised_by is not None else "nobody supervises it"


def target_fits(step: Step) -> str | None:
    """Whether the case to merge into is another one, open and of the same type."""
    if step.asked is None:
        return None
    target = step.around.target
    if target is None:
        return f"there is no case {step.asked.target_case_id!r}"
    if target.case_id == step.case.case_id:
        return "it is the case itself"
    if not target.is_open:
        return f"case {target.number} has ended ({target.state.value})"
    if target.state is CaseState.REPORTED and target.reported_at > step.case.reported_at:
        return f"case {target.number} came later; merge that one into this"
    return None


def type_is_known(step: Step) -> str | None:
    """Whether the catalogue has the type that the request names."""
    if step.asked is None or step.around.known_type:
        return None
    return f"issue type {step.asked.issue_code!r} is not in the catalogue"


def department_is_known(step: Step) -> str | None:
    """Whether the organisation has the unit that the request names."""
    if step.asked is None or step.around.department is not None:
        return None
    return f"the organisation has no unit {step.asked.department_id!r}"


def was_handled_late(step: Step) -> str | None:
    """Whether its handling missed its deadline."""
    clock = step.clocks.last(Stage.HANDLE)
    late = (
        clock is not None
        and clock.clock.finished_at is not None
        and clock.clock.finished_at > clock.clock.due_at
    )
    return None if late else "it was handled in time"


def never_appealed(step: Step) -> str | None:
    """Whether nobody appealed before."""
    return None if step.case.appeal is None else "there was an appeal before, and there may be one"


def appeal_is_new(step: Step) -> str | None:
    """Whether an appeal waits for the dispatcher."""
    return None if step.case.appeal == "asked" else "no new appeal waits"


def appeal_is_endorsed(step: Step) -> str | None:
    """Whether an appeal waits for the acceptor."""
    return None if step.case.appeal == "endorsed" else "no appeal waits that a dispatcher endorsed"


def appeal_is_open(step: Step) -> str | None:
    """Whether an appeal waits for anybody."""
    return None if step.case.appeal in {"asked", "endorsed"} else "no appeal waits"


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "nothing_is_asked": nothing_is_asked,
        "few_delays": few_delays,
        "not_overdue": not_overdue,
        "never_suspended": never_suspended,
        "until_within_a_year": until_within_a_year,
        "delay_is_asked": _asked_for("delay"),
        "suspension_is_asked": _asked_for("suspension"),
        "void_is_asked": _asked_for("void"),
        "brings_after_picture": brings_after_picture,
        "cameras_saw_it_gone": cameras_saw_it_gone,
        "was_self_handled": was_self_handled,
        "is_supervised": is_supervised,
        "target_fits": target_fits,
        "type_is_known": type_is_known,
        "department_is_known": department_is_known,
        "was_handled_late": was_handled_late,
        "never_appealed": never_appealed,
        "appeal_is_new": appeal_is_new,
        "appeal_is_endorsed": appeal_is_endorsed,
        "appeal_is_open": appeal_is_open,
    }
)
