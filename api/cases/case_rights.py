"""Whether somebody may do something with a case: by role, unit and what they did before."""

from api.accounts.actor import ActorKind
from api.accounts.role import Role
from api.cases.reach import Reach
from api.cases.step import Step

_HANDLING = frozenset({Role.DEPARTMENT, Role.HANDLER})
_HANDLING_ACTIONS = frozenset({"submit_result", "confirm", "assign", "reassign", "rework_internal"})


def why_not_theirs(step: Step, reach: Reach) -> str | None:
    """Say why it is not for whoever asks, or None if it is."""
    actor, transition = step.actor, step.transition
    if actor.kind is ActorKind.SYSTEM:
        return None if transition.system else "no rule may do this: a person decides"
    having = transition.roles & actor.roles
    if not having:
        return f"it is for the role {' or '.join(sorted(transition.roles))}"
    reasons = [reason for role in sorted(having) if (reason := _why_not_as(role, step, reach))]
    return None if len(reasons) < len(having) else reasons[0]


def _why_not_as(role: Role, step: Step, reach: Reach) -> str | None:
    case, name = step.case, step.actor.name
    if role is Role.SUPERVISOR and (
        case.handler == name or step.around.own_actions & _HANDLING_ACTIONS
    ):
        return "whoever handled a case does not supervise it"
    if role in _HANDLING and "supervise" in step.around.own_actions:
        return "whoever supervised a case does not handle it"
    if role is Role.DEPARTMENT and not reach.is_above(case.department_path):
        return f"it is for the department that has it ({case.department_id})"
    if role is Role.HANDLER and case.handler != name:
        return f"it is for the one who handles it ({case.handler or 'nobody yet'})"
    if role is Role.COLLECTOR and case.collector not in {None, name}:
        return f"it was given to {case.collector}"
    return None
