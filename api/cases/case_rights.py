"""Whether somebody may do something with a case: by role, unit and what they did before."""

from api.accounts.actor import ActorKind
from api.accounts.role import Role
from api.cases.reach import Reach
from api.cases.step import Step
from api.cases.why_not import WhyNot, why_not

_HANDLING = frozenset({Role.DEPARTMENT, Role.HANDLER})
_HANDLING_ACTIONS = frozenset({"submit_result", "confirm", "assign", "reassign", "rework_internal"})


def why_not_theirs(step: Step, reach: Reach) -> WhyNot | None:
    """Say why it is not for whoever asks, or None if it is."""
    actor, transition = step.actor, step.transition
    if actor.kind is ActorKind.SYSTEM:
        return None if transition.system else why_not("person_decides")
    having = transition.roles & actor.roles
    if not having:
        return why_not("other_role", roles=" or ".join(sorted(transition.roles)))
    reasons = [reason for role in sorted(having) if (reason := _why_not_as(role, step, reach))]
    return None if len(reasons) < len(having) else reasons[0]


def _why_not_as(role: Role, step: Step, reach: Reach) -> WhyNot | None:
    case, name = step.case, step.actor.name
    if role is Role.SUPERVISOR and (
        case.handler == name or step.around.own_actions & _HANDLING_ACTIONS
    ):
        return why_not("handled_it")
    if role in _HANDLING and "supervise" in step.around.own_actions:
        return why_not("supervised_it")
    if role is Role.DEPARTMENT and not reach.is_above(case.department_path):
        return why_not("other_department", department=case.department_id)
    if role is Role.HANDLER and case.handler != name:
        return why_not("other_handler", handler=case.handler or "–")
    if role is Role.COLLECTOR and case.collector not in {None, name}:
        return why_not("other_collector", collector=case.collector)
    return None
