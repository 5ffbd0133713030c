"""One event of the list."""

from collections.abc import Callable

from nicegui.element import Element

from api.console.board.event_facts import EventFacts, evidence_url
from api.contract.events import EvidenceKind, StoredEventFeature


class EventCard(Element, component="event_card.js"):
    """One event of the list; ``show`` brings it up to date.

    A single element of NiceGUI, where one per line of text made sixty cards cost a third of a
    second of each page.

    Args:
        event: What it shows first.
        facts: Words for it.
        on_click: Called with the event's id.
    """

    def __init__(
        self, event: StoredEventFeature, facts: EventFacts, on_click: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._facts = facts
        self._change = -1
        self.on("open", lambda: on_click(event.id))
        self.show(event)

    def show(self, event: StoredEventFeature) -> None:
        """Show the event's present state."""
        if event.properties.change == self._change:
            return
        self._change = event.properties.change
        properties, facts = event.properties, self._facts
        cleared_at = properties.cleared_at
        self.props["card"] = {
            "id": event.id,
            "severity": properties.severity,
            "status": properties.status.value,
            "kind": properties.kind.value,
            "confirmation": facts.confirmation_status(event),
            "picture": evidence_url(
                event, EvidenceKind.CROP, EvidenceKind.ANNOTATED, EvidenceKind.FRAME
            ),
            "no_picture": facts.texts.text("event.no_picture"),
            "name": facts.issue_name(event),
            "severity_text": facts.severity(event),
            "kind_text": facts.kind(event),
            "verdict": facts.verdict(event),
            "status_text": facts.status(event),
            "since": properties.first_seen.isoformat(),
            "until": cleared_at.isoformat() if cleared_at else "",
            "camera": properties.camera_name,
            "cell": facts.cell(event),
            "score": facts.score(event),
        }
