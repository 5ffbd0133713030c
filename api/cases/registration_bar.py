"""Which events are registered without a person: by their type's bar."""

from api.cases.case_settings import CaseSettings
from api.contract.confirmations import ConfirmationStatus
from api.contract.events import StoredEventProperties
from models.catalogue.issue_type import AutoRegister, IssueType
from models.words import ConfirmedBy

_BY_PERSON = frozenset({ConfirmedBy.DISPATCHER, ConfirmedBy.PERMIT_REGISTER})


class RegistrationBar:
    """Says why an event waits for a person.

    Args:
        settings: The bar of types that say nothing else.
    """

    def __init__(self, settings: CaseSettings) -> None:
        self._usual = AutoRegister(
            minimum_score=settings.register_score,
            minimum_looks=settings.register_looks,
            minimum_dwell_seconds=settings.register_dwell_seconds,
        )

    def why_not(self, issue: IssueType | None, event: StoredEventProperties) -> str | None:
        """Say why an event is not registered by rule; None if it is."""
        if issue is None:
            return f"issue type {event.issue_code} is not in the catalogue"
        return _needs_person(issue, event) or _shows_too_little(
            issue.auto_register or self._usual, event
        )


def _needs_person(issue: IssueType, event: StoredEventProperties) -> str | None:
    asked = issue.rule.confirmation
    if asked is not None and asked.by in _BY_PERSON:
        return f"its type needs a person's word ({asked.by.value})"
    if issue.auto_register is not None and not issue.auto_register.allowed:
        return "its type is registered by persons only"
    said = event.confirmation
    if said is not None and said.status is not ConfirmationStatus.CONFIRMED:
        return f"its confirmation is {said.status.value}"
    return None


def _shows_too_little(bar: AutoRegister, event: StoredEventProperties) -> str | None:
    if event.score < bar.minimum_score:
        return f"its score {event.score:.2f} is below {bar.minimum_score:g}"
    if event.observed_count < bar.minimum_looks:
        return f"{event.observed_count} looks showed it, fewer than {bar.minimum_looks}"
    seen = (event.last_seen - event.first_seen).total_seconds()
    if seen < bar.minimum_dwell_seconds:
        return f"it was seen for {seen:.0f} s, less than {bar.minimum_dwell_seconds:g}"
    return None
