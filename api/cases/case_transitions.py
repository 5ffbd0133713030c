"""Doing something with a case: checked, carried out and recorded in one transaction."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import SYSTEM, Actor
from api.accounts.user import LOGIN_PATTERN
from api.cases.case import Case
from api.cases.case_clocks import CaseClocks, read_clocks
from api.cases.case_errors import (
    ActionFieldsError,
    GuardError,
    NotTheirsError,
    StaleCaseError,
    UnknownActionError,
    UnknownCaseError,
    WrongStateError,
)
from api.cases.case_events import move_events
from api.cases.case_ground import CaseGround
from api.cases.case_rights import why_not_theirs
from api.cases.case_rows import (
    add_pictures,
    locked_case,
    missing_pictures,
    picture_kinds,
    read_case,
    write_case,
    write_step,
)
from api.cases.effects import after_effects
from api.cases.flow import FlowEntry, last_step, own_actions
from api.cases.guards import GUARDS
from api.cases.reach import Reach, reach_of, unit_path
from api.cases.repair_checks import RepairChecks
from api.cases.running_clock import with_running_clock
from api.cases.stage_limits import StageLimits
from api.cases.step import Around, DepartmentPlace, Step
from api.cases.transition_table import ClockOperation, Transition, load_transitions
from api.cases.why_not import WhyNot, why_not
from api.contract.case_words import END_STATES, CaseState, PictureKind
from api.contract.cases import CaseAction, PossibleAction, PossibleActions
from api.dispatch.resolution import Matter, Unresolved

REGISTER = "register"


class CaseTransitions:
    """Does things with cases; of two who do at once, one comes first and the other is told."""

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground
        self._table = load_transitions()
        self.repairs = RepairChecks(ground)

    async def possible(self, case_id: str, actor: Actor) -> PossibleActions:
        """Say what can be done with a case in its state, and what of it an actor may.

        Raises:
            UnknownCaseError: There is no such case for this actor.
        """
        async with self._ground.database.reading() as connection:
            reach = await reach_of(connection, actor)
            case = await read_case(connection, case_id)
            if case is None or not reach.covers(case):
                raise UnknownCaseError(why_not("no_case", case=case_id))
            here = [one for one in self._table.values() if case.state in one.states]
            step = await self._step(connection, case, here[0], actor, None) if here else None
        actions = []
        for transition in here:
            assert step is not None  # noqa: S101 - there is something to do
            this = replace(step, transition=transition)
            reason = why_not_theirs(this, reach) or _why_not_guarded(this)
            actions.append(_possible(transition, reason))
        return PossibleActions(state=case.state, version=case.version, actions=actions)

    async def perform(
        self,
        case_id: str,
        action: str,
        asked: CaseAction,
        actor: Actor,
        expected_version: int | None = None,
    ) -> Case:
        """Do something with a case and return it as it is then.

        Args:
            case_id: Which case.
            action: What.
            asked: What is said to it.
            actor: Who does it.
            expected_version: The version that they saw; None takes any.

        Raises:
            UnknownActionError: There is no such action.
            UnknownCaseError: There is no such case for this actor.
            StaleCaseError: It is another version by now.
            WrongStateError: It is where this cannot be done.
            NotTheirsError: It is not for this actor.
            ActionFieldsError: The request says too little or too much.
            GuardError: Something that must hold does not.
        """
        async with self._ground.database.writing() as connection:
            reach = await reach_of(connection, actor)
            case = await locked_case(connection, case_id)
            if case is None or not reach.covers(case):
                raise UnknownCaseError(why_not("no_case", case=case_id))
            if expected_version not in {None, case.version}:
                last = await last_step(connection, case_id)
                versions = {"version": case.version, "expected": expected_version}
                raise StaleCaseError(why_not("stale", number=case.number, **versions, **last.words))
            done = await self._perform(connection, case, action, asked, (actor, reach))
            if action == REGISTER:
                return await self.dispatch_by_rule(connection, done)
            return await self.close_by_rule(connection, done)

    async def perform_by_rule(
        self, connection: AsyncConnection, case: Case, action: str, asked: CaseAction
    ) -> Case:
        """Do something with a case by rule, in the caller's transaction, which has locked it.

        Raises:
            CityPatrolError: As ``perform`` does.
        """
        return await self._perform(connection, case, action, asked, (SYSTEM, Reach()))

    async def dispatch_by_rule(self, connection: AsyncConnection, case: Case) -> Case:
        """Send a registered case to whom the tables say, or note why a person must.

        In the caller's transaction, which has locked the case.
        """
        dispatcher = await self._ground.dispatch.dispatcher(connection)
        moment = self._ground.time.now()
        matter = Matter(case.issue_code, case.lon, case.lat, moment, case.unit_grid)
        found = await dispatcher.resolve(matter)
        if isinstance(found, Unresolved):
            waits = replace(case, unresolved=found.reason.value)
            await write_case(connection, case, waits)
            return waits
        near = found.component
        placed = replace(
            case,
            unit_grid=found.unit_grid,
            component_id=None if near is None else near.component.component_id,
            auto_dispatched=True,
        )
        await write_case(connection, case, placed)
        # A roster may name people who have no account here.
        person = found.person or ""
        handler = person if LOGIN_PATTERN.fullmatch(person) else None
        asked = CaseAction(department_id=found.department.unit_id, handler=handler)
        return await self.perform_by_rule(connection, placed, "dispatch", asked)

    async def close_by_rule(self, connection: AsyncConnection, case: Case) -> Case:
        """Close a case that its cameras saw gone, if its type needs no person for that.

        In the caller's transaction, which has locked the case.
        """
        is_seen_gone = case.state is CaseState.PENDING_CHECK and case.seen_gone_at is not None
        if not is_seen_gone or not self.repairs.rule_of(case).closes or case.camera_check is None:
            return case
        asked = CaseAction(reason=case.camera_check.english)
        accepted = await self.perform_by_rule(connection, case, "accept_camera_check", asked)
        return await self.perform_by_rule(connection, accepted, "close", asked)

    async def _perform(
        self,
        connection: AsyncConnection,
        case: Case,
        action: str,
        asked: CaseAction,
        who: tuple[Actor, Reach],
    ) -> Case:
        transition = self._table.get(action)
        if transition is None:
            raise UnknownActionError(
                why_not("no_action", action=action, actions=", ".join(self._table))
            )
        actor, reach = who
        step = await self._step(connection, case, transition, actor, asked)
        await self._check(connection, step, reach)
        _move_clocks(step, self._ground.limits)
        after = with_running_clock(after_effects(step), step.clocks)
        await write_step(connection, case, after, step.clocks, _entry(step))
        await add_pictures(connection, after, asked.pictures or (), actor.name)
        if after.state is CaseState.MERGED and after.merged_into is not None:
            await move_events(connection, after.case_id, after.merged_into)
        return await self.repairs.follow(connection, case, after)

    async def _check(self, connection: AsyncConnection, step: Step, reach: Reach) -> None:
        case, transition = step.case, step.transition
        if case.state not in transition.states:
            last = await last_step(connection, case.case_id)
            here = {"number": case.number, "state": case.state.value}
            raise WrongStateError(
                why_not("wrong_state", wanted=transition.action, **here, **last.words)
            )
        if reason := why_not_theirs(step, reach):
            raise NotTheirsError(_refused("not_theirs", step, reason))
        _check_fields(step)
        missing = await missing_pictures(connection, step.request.pictures or ())
        if missing:
            unknown = why_not("not_uploaded", action=transition.action, sha256=missing[0])
            raise ActionFieldsError("pictures", unknown, missing[0])
        if reason := _why_not_guarded(step):
            raise GuardError(_refused("not_possible", step, reason))

    async def _step(
        self,
        connection: AsyncConnection,
        case: Case,
        transition: Transition,
        actor: Actor,
        asked: CaseAction | None,
    ) -> Step:
        now = max(self._ground.time.now(), case.updated_at)
        calendar = await self._ground.calendars.calendar_seen_by(connection)
        clocks = CaseClocks(await read_clocks(connection, case.case_id), calendar, now)
        around = await self._around(connection, case, actor, asked)
        return Step(transition, self._typed(case, asked), clocks, actor, now, around, asked)

    def _typed(self, case: Case, asked: CaseAction | None) -> Case:
        """The case with the limit of the type that it is said to be."""
        code = asked.issue_code if asked else None
        if code is None or code == case.issue_code or code not in self._ground.catalogue.types:
            return case
        limit = self._ground.limits.of_type(self._ground.catalogue.types[code])
        return replace(case, handle_amount=limit.amount, handle_unit=limit.unit)

    async def _around(
        self, connection: AsyncConnection, case: Case, actor: Actor, asked: CaseAction | None
    ) -> Around:
        kinds = await picture_kinds(connection, case.case_id) if case.self_handled else frozenset()
        around = Around(
            own_actions=await own_actions(connection, case.case_id, actor.name),
            has_both_pictures={PictureKind.BEFORE.value, PictureKind.AFTER.value} <= kinds,
        )
        if asked is None:
            return around
        target = None
        if asked.target_case_id is not None:
            target = await read_case(connection, asked.target_case_id)
        code = asked.issue_code
        return replace(
            around,
            department=await _department(connection, asked.department_id),
            target=target,
            known_type=code is None or code in self._ground.catalogue.types,
        )


async def _department(connection: AsyncConnection, unit_id: str | None) -> DepartmentPlace | None:
    if unit_id is None:
        return None
    path = await unit_path(connection, unit_id)
    return None if path is None else DepartmentPlace(unit_id, path)


def _move_clocks(step: Step, limits: StageLimits) -> None:
    clocks, case = step.clocks, step.case
    place = step.around.department
    department_id = place.unit_id if place else case.department_id
    for effect in step.transition.clock_effects:
        stage = effect.stage
        match effect.operation:
            case ClockOperation.FINISH:
                clocks.finish(stage)
            case ClockOperation.START:
                clocks.start(stage, limits.of_stage(stage, case), department_id)
            case ClockOperation.PAUSE:
                clocks.pause(stage)
            case ClockOperation.RESUME:
                clocks.resume(stage)
            case ClockOperation.EXTEND:
                clocks.extend(stage)
            case ClockOperation.HAND_OVER:
                clocks.hand_over(stage, limits.of_stage(stage, case), department_id or "")
    if step.transition.state_after(case.state, case.suspended_from) in END_STATES:
        clocks.finish_all()


def _why_not_guarded(step: Step) -> WhyNot | None:
    reasons = (GUARDS[name](step) for name in step.transition.guards)
    return next((reason for reason in reasons if reason is not None), None)


def _check_fields(step: Step) -> None:
    transition = step.transition
    given = {
        name for name, value in step.request.model_dump().items() if value not in (None, "", ())
    }
    missing = [name for name in transition.needs if name not in given]
    if missing:
        raise ActionFieldsError(missing[0], _fields("must_be_given", transition, missing))
    surplus = sorted(given - {*transition.needs, *transition.takes})
    if surplus:
        raise ActionFieldsError(surplus[0], _fields("takes_no", transition, surplus))


def _refused(key: str, step: Step, reason: WhyNot) -> WhyNot:
    """A reason around a reason, each in its language."""
    return why_not(key, who=step.actor.name, action=step.transition.action, reason=reason)


def _fields(key: str, transition: Transition, names: Sequence[str]) -> WhyNot:
    return why_not(key, action=transition.action, fields=", ".join(names))


def _entry(step: Step) -> FlowEntry:
    said = step.request.model_dump(mode="json", exclude_none=True, exclude={"reason"})
    return FlowEntry(
        action=step.transition.action,
        kind=step.transition.kind,
        from_state=step.case.state,
        actor=step.actor.name,
        unit_id=step.actor.unit_id,
        reason=step.reason,
        details=said,
    )


def _possible(transition: Transition, reason: WhyNot | None) -> PossibleAction:
    return PossibleAction(
        action=transition.action,
        name_zh=transition.name.zh,
        name_en=transition.name.en,
        allowed=reason is None,
        why_not=None if reason is None else reason.english,
        why_not_zh=None if reason is None else reason.chinese,
        needs=list(transition.needs),
        takes=list(transition.takes),
    )
