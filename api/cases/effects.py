"""What each action does to a case besides moving it on and its clocks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from api.cases.case import Case, Request
from api.cases.case_clocks import CaseClocks
from api.cases.step import Step
from api.clocks.time_limit import TimeUnit
from api.contract.case_words import END_STATES, Stage

Effect = Callable[[Case, Step], Case]


def _registered(case: Case, step: Step) -> Case:
    asked = step.request
    limit = asked.limit
    return replace(
        case,
        issue_code=asked.issue_code or case.issue_code,
        handle_amount=limit.amount if limit else case.handle_amount,
        handle_unit=TimeUnit(limit.unit) if limit else case.handle_unit,
        registered_at=case.registered_at or step.now,
        waits_because=None,
        unresolved=None,
    )


def _dispatched(case: Case, step: Step) -> Case:
    place = step.around.department
    assert place is not None  # noqa: S101 - a guard has seen to it
    is_another = place.unit_id != case.department_id
    return replace(
        case,
        department_id=place.unit_id,
        department_path=place.path,
        first_department_id=case.first_department_id or place.unit_id,
        departments_count=case.departments_count + is_another,
        handler=step.request.handler or (None if is_another else case.handler),
        dispatched_at=case.dispatched_at or step.now,
        unresolved=None,
    )


def _returned(case: Case, _: Step) -> Case:
    return replace(case, return_count=case.return_count + 1, request=None)


def _assigned(case: Case, step: Step) -> Case:
    return replace(case, handler=step.request.handler)


def _collector_sent(case: Case, step: Step) -> Case:
    return replace(case, collector=step.request.collector)


def _unseen(case: Case, _: Step) -> Case:
    """What cameras said of an earlier handling holds no more."""
    return replace(case, seen_gone_at=None, camera_check=None)


def _handled(case: Case, step: Step) -> Case:
    return replace(_unseen(case, step), handled_at=step.now, request=None)


def _confirmed(case: Case, step: Step) -> Case:
    return replace(case, confirmed_at=step.now)


def _to_be_done_again(case: Case, step: Step) -> Case:
    return replace(_unseen(case, step), rework_count=case.rework_count + 1)


def _asked_for(kind: str) -> Effect:
    def effect(case: Case, step: Step) -> Case:
        asked = Request(kind, step.actor.name, step.now, step.reason, step.request.until)
        return replace(case, request=asked)

    return effect


def _nothing_asked(case: Case, _: Step) -> Case:
    return replace(case, request=None)


def _delayed(case: Case, _: Step) -> Case:
    return replace(case, request=None, delay_count=case.delay_count + 1)


def _suspended(case: Case, step: Step) -> Case:
    assert case.request is not None  # noqa: S101 - a guard has seen to it
    return replace(
        case,
        request=None,
        hang_count=case.hang_count + 1,
        suspended_from=step.case.state,
        suspended_until=case.request.until,
    )


def _resumed(case: Case, _: Step) -> Case:
    return replace(case, suspended_from=None, suspended_until=None)


def _supervised(case: Case, step: Step) -> Case:
    return replace(case, supervised_by=step.actor.name)


def _answered(case: Case, _: Step) -> Case:
    return replace(case, supervised_by=None)


def _urged(case: Case, _: Step) -> Case:
    return replace(case, urged_count=case.urged_count + 1)


def _merged(case: Case, step: Step) -> Case:
    return replace(case, merged_into=step.request.target_case_id)


def _reopened(case: Case, step: Step) -> Case:
    again = _unseen(case, step)
    return replace(
        again,
        round=case.round + 1,
        ended_at=None,
        handled_in_time=None,
        request=None,
        appeal=None,
    )


def _appeal(stage: str) -> Effect:
    def effect(case: Case, _: Step) -> Case:
        return replace(case, appeal=stage, timeout_exempt=stage == "granted")

    return effect


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "request_pre_verify": _collector_sent,
        "register": _registered,
        "dispatch": _dispatched,
        "return_to_dispatcher": _returned,
        "return_to_acceptor": _returned,
        "assign": _assigned,
        "reassign": _assigned,
        "submit_result": _handled,
        "rework_internal": _unseen,
        "confirm": _confirmed,
        "request_post_check": _collector_sent,
        "check_failed": _to_be_done_again,
        "rework": _to_be_done_again,
        "request_delay": _asked_for("delay"),
        "approve_delay": _delayed,
        "refuse_delay": _nothing_asked,
        "request_suspension": _asked_for("suspension"),
        "approve_suspension": _suspended,
        "refuse_suspension": _nothing_asked,
        "resume": _resumed,
        "supervise": _supervised,
        "answer_supervision": _answered,
        "urge": _urged,
        "request_void": _asked_for("void"),
        "refuse_void": _nothing_asked,
        "merge": _merged,
        "reopen": _reopened,
        "appeal": _appeal("asked"),
        "endorse_appeal": _appeal("endorsed"),
        "grant_appeal": _appeal("granted"),
        "refuse_appeal": _appeal("refused"),
    }
)


def after_effects(step: Step) -> Case:
    """Return the case as an action leaves it, in its new state."""
    case = step.case
    state = step.transition.state_after(case.state, case.suspended_from)
    effect = EFFECTS.get(step.transition.action)
    changed = case if effect is None else effect(case, step)
    ended_at = changed.ended_at
    if state in END_STATES:
        ended_at = ended_at or step.now
        changed = replace(
            changed,
            request=None,
            suspended_from=None,
            suspended_until=None,
            handled_in_time=_handled_in_time(step.clocks),
        )
    return replace(
        changed, state=state, ended_at=ended_at, version=case.version + 1, updated_at=step.now
    )


def _handled_in_time(clocks: CaseClocks) -> bool:
    """Whether the last handling kept its limit; what nobody had to handle did."""
    last = clocks.last(Stage.HANDLE)
    if last is None or last.clock.finished_at is None:
        return last is None
    return last.clock.finished_at <= last.clock.due_at
