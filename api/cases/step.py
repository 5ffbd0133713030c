"""Something that somebody is about to do with a case, and all it depends on."""

from dataclasses import dataclass
from datetime import datetime

from api.accounts.actor import Actor
from api.cases.case import Case
from api.cases.case_clocks import CaseClocks
from api.cases.transition_table import Transition
from api.contract.cases import CaseAction


@dataclass(frozen=True, slots=True)
class DepartmentPlace:
    """The unit that a request names.

    Attributes:
        unit_id: Its id.
        path: Where it is in the organisation.
    """

    unit_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a case and is looked up for a request.

    Attributes:
        department: The unit that the request names, if the organisation has it.
        target: The case that the request names, if there is one.
        known_type: Whether the catalogue has the type that the request names.
        has_both_pictures: Whether a picture before and one after belong to the case.
        own_actions: What whoever asks has done with the case before.
    """

    department: DepartmentPlace | None = None
    target: Case | None = None
    known_type: bool = True
    has_both_pictures: bool = False
    own_actions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is about to be done.

    Attributes:
        transition: Which.
        case: With which case.
        clocks: Of the case.
        actor: By whom.
        now: When.
        around: What the request names.
        asked: The request; None while it is only asked what could be done.
    """

    transition: Transition
    case: Case
    clocks: CaseClocks
    actor: Actor
    now: datetime
    around: Around = Around()
    asked: CaseAction | None = None

    @property
    def request(self) -> CaseAction:
        """The request; one that says nothing while there is none."""
        return self.asked or CaseAction()

    @property
    def reason(self) -> str:
        """What the request gives as the reason."""
        return self.request.reason or ""
