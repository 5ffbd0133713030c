"""Why something is not done with a case."""

from collections.abc import Sequence

from streams.kit.errors import CityPatrolError


class UnknownCaseError(CityPatrolError):
    """There is no such case, or it is not for whoever asks."""


class UnknownActionError(CityPatrolError):
    """There is no such action."""


class StaleCaseError(CityPatrolError):
    """The case changed since it was read; says who changed it and when."""


class WrongStateError(CityPatrolError):
    """The case is where this cannot be done; says who brought it there and when."""


class NotTheirsError(CityPatrolError):
    """It is not for whoever asks."""


class ActionFieldsError(CityPatrolError):
    """The request says too little or too much.

    Attributes:
        field: The first field that is wrong.
        problem: What is wrong with it.
    """

    def __init__(self, action: str, fields: Sequence[str], problem: str) -> None:
        self.field = fields[0]
        self.problem = problem
        super().__init__(f"{action}: {', '.join(fields)} {problem}")


class GuardError(CityPatrolError):
    """Something that must hold of the case does not."""
