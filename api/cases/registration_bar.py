"""Which events are registered without a person: by their type's bar."""

from api.cases.case_settings import CaseSettings
from api.cases.why_not import WhyNot, why_not
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

    def why_not(self, issue: IssueType | None, event: StoredEventProperties) -> WhyNot | None:
        """Say why an event is not registered by rule; None if it is."""
        if issue is None:
            return why_not("unknown_type", code=event.issue_code)
        return _needs_person(issue, event) or _shows_too_little(
            issue.auto_register or self._usual, event
        )


def _needs_person(issue: IssueType, event: StoredEventProperties) -> WhyNot | None:
    asked = issue.rule.confirmation
    if asked is not None and asked.by in _BY_PERSON:
        return why_not("bar_person", by=asked.by.value)
    if issue.auto_register is not None and not issue.auto_register.allowed:
        return why_not("bar_persons_only")
    said = event.confirmation
    if said is not None and said.status is not ConfirmationStatus.CONFIRMED:
        return why_not("bar_confirmation", status=said.status.value)
    return None


def _shows_too_little(bar: AutoRegister, event: StoredEventProperties) -> WhyNot | None:
    if event.score < bar.minimum_score:
        return why_not("bar_score", score=f"{event.score:.2f}", least=bar.minimum_score)
    if event.observed_count < bar.minimum_looks:
        return why_not("bar_looks", looks=event.observed_count, least=bar.minimum_looks)
    seen = (event.last_seen - event.first_seen).total_seconds()
    if seen < bar.minimum_dwell_seconds:
        return why_not("bar_dwell", seconds=round(seen), least=bar.minimum_dwell_seconds)
    return None
