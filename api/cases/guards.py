"""What must hold of a case for something to be done with it; each says why it does not.

A guard that looks at the request passes while there is none yet.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

from api.cases.step import Step
from api.cases.why_not import WhyNot, why_not
from api.contract.case_words import CaseState, PictureKind, Stage

MOST_DELAYS = 2
"""Approved; a refusal does not count."""
LONGEST_SUSPENSION = timedelta(days=366)

Guard = Callable[[Step], WhyNot | None]


def nothing_is_asked(step: Step) -> WhyNot | None:
    """Whether nobody waits for a decision."""
    request = step.case.request
    if request is None:
        return None
    return why_not("asked_already", who=request.asked_by, what=request.kind)


def few_delays(step: Step) -> WhyNot | None:
    """Whether more time was not granted too often."""
    if step.case.delay_count < MOST_DELAYS:
        return None
    return why_not("many_delays", times=step.case.delay_count, most=MOST_DELAYS)


def not_overdue(step: Step) -> WhyNot | None:
    """Whether the handling is not late already."""
    clock = step.clocks.open_clock(Stage.HANDLE)
    if clock is None or step.now <= clock.clock.due_at:
        return None
    return why_not("overdue", since=clock.clock.due_at.isoformat(timespec="minutes"))


def never_suspended(step: Step) -> WhyNot | None:
    """Whether it was never put off."""
    return None if step.case.hang_count == 0 else why_not("suspended_before")


def until_within_a_year(step: Step) -> WhyNot | None:
    """Whether the date asked for comes, and not too late."""
    until = step.asked and step.asked.until
    if not until:
        return None
    if until <= step.now:
        return why_not("until_is_over", until=until.isoformat())
    if until - step.now > LONGEST_SUSPENSION:
        return why_not("until_is_far", until=until.isoformat())
    return None


def _asked_for(kind: str) -> Guard:
    def guard(step: Step) -> WhyNot | None:
        request = step.case.request
        is_asked = request is not None and request.kind == kind
        return None if is_asked else why_not("nobody_asked", what=kind)

    return guard


def brings_after_picture(step: Step) -> WhyNot | None:
    """Whether a picture after handling comes along."""
    if step.asked is None:
        return None
    kinds = {picture.kind for picture in step.asked.pictures or ()}
    return None if PictureKind.AFTER in kinds else why_not("no_after_picture")


def cameras_saw_it_gone(step: Step) -> WhyNot | None:
    """Whether every camera that had seen it saw it gone after it was handled, often enough."""
    if step.case.seen_gone_at is not None:
        return None
    return step.case.camera_check or why_not("not_seen_gone")


def was_self_handled(step: Step) -> WhyNot | None:
    """Whether it was fixed on the spot, with pictures before and after."""
    if not step.case.self_handled:
        return why_not("not_self_handled")
    if not step.around.has_both_pictures:
        return why_not("lacks_pictures")
    return None


def is_supervised(step: Step) -> WhyNot | None:
    """Whether a supervisor waits for an answer."""
    return None if step.case.supervised_by is not None else why_not("not_supervised")


def target_fits(step: Step) -> WhyNot | None:
    """Whether the case to merge into is another one, open and older."""
    if step.asked is None:
        return None
    target = step.around.target
    if target is None:
        return why_not("no_target", target=step.asked.target_case_id)
    if target.case_id == step.case.case_id:
        return why_not("target_is_itself")
    if not target.is_open:
        return why_not("target_has_ended", target=target.number, state=target.state.value)
    if target.state is CaseState.REPORTED and target.reported_at > step.case.reported_at:
        return why_not("target_is_younger", target=target.number)
    return None


def type_is_known(step: Step) -> WhyNot | None:
    """Whether the catalogue has the type that the request names."""
    if step.asked is None or step.around.known_type:
        return None
    return why_not("unknown_type", code=step.asked.issue_code)


def department_is_known(step: Step) -> WhyNot | None:
    """Whether the organisation has the unit that the request names."""
    if step.asked is None or step.around.department is not None:
        return None
    return why_not("unknown_department", department=step.asked.department_id)


def was_handled_late(step: Step) -> WhyNot | None:
    """Whether its handling missed its deadline."""
    clock = step.clocks.last(Stage.HANDLE)
    late = (
        clock is not None
        and clock.clock.finished_at is not None
        and clock.clock.finished_at > clock.clock.due_at
    )
    return None if late else why_not("in_time")


def never_appealed(step: Step) -> WhyNot | None:
    """Whether nobody appealed before."""
    return None if step.case.appeal is None else why_not("appealed_before")


def appeal_is_new(step: Step) -> WhyNot | None:
    """Whether an appeal waits for the dispatcher."""
    return None if step.case.appeal == "asked" else why_not("no_new_appeal")


def appeal_is_endorsed(step: Step) -> WhyNot | None:
    """Whether an appeal waits for the acceptor."""
    return None if step.case.appeal == "endorsed" else why_not("no_endorsed_appeal")


def appeal_is_open(step: Step) -> WhyNot | None:
    """Whether an appeal waits for anybody."""
    return None if step.case.appeal in {"asked", "endorsed"} else why_not("no_appeal")


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
