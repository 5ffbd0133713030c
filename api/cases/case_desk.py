"""All that is done with cases, for whoever serves them: one object for routes and screens."""

from dataclasses import dataclass

from api.accounts.actor import Actor
from api.accounts.audit_log import AuditLog
from api.cases.case import Case
from api.cases.case_ground import CaseGround
from api.cases.case_queue import CaseQueue
from api.cases.case_reader import CaseReader
from api.cases.case_transitions import CaseTransitions
from api.cases.repair_looks import RepairLooks
from api.cases.report_intake import ReportIntake
from api.cases.verdict_store import VerdictStore, verdict_of
from api.contract.cases import CaseAction


@dataclass(frozen=True, slots=True)
class AskedAction:
    """What a person asks to be done with a case.

    Attributes:
        case_id: With which case.
        action: What.
        said: What they say to it.
        version: The version that they saw; None takes any.
        address: The network address that they ask from.
    """

    case_id: str
    action: str
    said: CaseAction
    version: int | None
    address: str


class CaseDesk:
    """The cases of a district.

    Args:
        ground: What they stand on.
        audit: Keeps who did what.
    """

    def __init__(self, ground: CaseGround, audit: AuditLog) -> None:
        self.ground = ground
        self.reader = CaseReader(ground)
        self.queue = CaseQueue(ground)
        self.transitions = CaseTransitions(ground)
        self.repair_looks = RepairLooks(ground, self.transitions)
        self.reports = ReportIntake(ground, self.transitions)
        self.verdicts = VerdictStore(ground)
        self._audit = audit

    async def act(self, asked: AskedAction, actor: Actor) -> Case:
        """Do what a person asks, keep what it says of the case's events, and who did it.

        Raises:
            CityPatrolError: As ``CaseTransitions.perform`` does.
        """
        case = await self.transitions.perform(
            asked.case_id, asked.action, asked.said, actor, asked.version
        )
        verdict = verdict_of(asked.action, asked.said)
        if verdict is not None:
            await self.verdicts.give_for_case(asked.case_id, verdict, actor)
        await self._audit.record(
            actor, asked.address, f"case_{asked.action}", asked.case_id, {"version": case.version}
        )
        return case
