"""A case at the end of a simulated day, as the public API shows it."""

from dataclasses import dataclass

from api.contract.cases import CaseDocument, CaseHistory


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """A case at the end of the day.

    Attributes:
        document: The case.
        history: What was done with it.
    """

    document: CaseDocument
    history: CaseHistory
