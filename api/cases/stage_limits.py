"""How long each stage of a case may take."""

from dataclasses import dataclass

from api.cases.case import Case
from api.clocks.clock_settings import ClockSettings
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.contract.case_words import Stage
from models.catalogue.issue_type import IssueType


@dataclass(frozen=True, slots=True)
class StageLimits:
    """The limits of a city.

    Attributes:
        settings: What was set.
    """

    settings: ClockSettings

    @property
    def handle_default(self) -> TimeLimit:
        """How long the handling may take of a type that says nothing else."""
        return self.settings.handle_limit

    def of_type(self, issue: IssueType) -> TimeLimit:
        """How long the handling of a type may take."""
        unit = TimeUnit.URGENT_HOUR if issue.time_limit_clock == "urgent" else TimeUnit.WORK_HOUR
        return TimeLimit(issue.time_limit_hours, unit)

    def of_stage(self, stage: Stage, case: Case) -> TimeLimit:
        """How long a stage of a case may take."""
        match stage:
            case Stage.ACCEPT:
                return self.settings.accept_limit
            case Stage.PRE_VERIFY:
                return self.settings.pre_verify_limit
            case Stage.DISPATCH:
                return self.settings.dispatch_limit
            case Stage.HANDLE:
                return case.handle_limit or self.handle_default
            case Stage.POST_CHECK:
                return self.settings.post_check_limit
            case Stage.CLOSE:
                return self.settings.close_limit
