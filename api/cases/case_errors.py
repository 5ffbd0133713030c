"""Why something is not done with a case."""

from api.cases.why_not import WhyNot
from streams.kit.errors import CityPatrolError


class CaseRefusedError(CityPatrolError):
    """Something that is not done with a case.

    Attributes:
        why: Why not, in both languages.
    """

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why.english)


class UnknownCaseError(CaseRefusedError):
    """There is no such case, or it is not for whoever asks."""


class UnknownActionError(CaseRefusedError):
    """There is no such action."""


class StaleCaseError(CaseRefusedError):
    """The case changed since it was read; says who changed it and when."""


class WrongStateError(CaseRefusedError):
    """The case is where this cannot be done; says who brought it there and when."""


class NotTheirsError(CaseRefusedError):
    """It is not for whoever asks."""


class GuardError(CaseRefusedError):
    """Something that must hold of the case does not."""


class ActionFieldsError(CaseRefusedError):
    """The request says too little or too much.

    Attributes:
        field: The field that is wrong.
        value: What it says.
    """

    def __init__(self, field: str, why: WhyNot, value: str | None = None) -> None:
        self.field = field
        self.value = value
        super().__init__(why)
