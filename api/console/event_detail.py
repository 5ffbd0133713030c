"""All there is to say of one event, with its pictures large."""

from collections.abc import Callable

from nicegui import ui

from api.console.elements import block, words
from api.console.event_facts import EventFacts, evidence_url
from api.console.translations import Texts
from api.contract import EvidenceKind, StoredEventFeature


class EventDetail:
    """A dialog that opens over the page; one per page.

    Args:
        texts: The page's language.
        facts: Words for events.
        on_show_on_map: Called with the event's id when its place is asked for.
    """

    def __init__(
        self, texts: Texts, facts: EventFacts, on_show_on_map: Callable[[str], None]
    ) -> None:
        self._texts = texts
        self._facts = facts
        self._on_show_on_map = on_show_on_map
        self._shown: StoredEventFeature | None = None
        with ui.dialog() as self._dialog:
            self._body = block("div", "detail", role="dialog")

    def open(self, event: StoredEventFeature) -> None:
        """Open with an event."""
        self._draw(event)
        self._dialog.open()

    def refresh(self, find: Callable[[str], StoredEventFeature | None]) -> None:
        """Show the present state of the open event, if it changed; ``find`` gives it."""
        if not self._dialog.value or self._shown is None:
            return
        event = find(self._shown.id)
        if event is not None and event != self._shown:
            self._draw(event)

    def _draw(self, event: StoredEventFeature) -> None:
        self._shown = event
        self._body.clear()
        with self._body:
            self._draw_head(event)
            with block("div", "detail-body"):
                self._draw_picture(
                    event, "event.annotated", EvidenceKind.ANNOTATED, EvidenceKind.FRAME
                )
                with block("div", "detail-side"):
                    self._draw_facts(event)
                    self._draw_picture(event, "event.crop", EvidenceKind.CROP)

    def _draw_head(self, event: StoredEventFeature) -> None:
        properties, facts, text = event.properties, self._facts, self._texts.text
        with block("header", "detail-head", data_severity=properties.severity):
            words(facts.issue_name(event), "detail-name", "h2")
            words(facts.severity(event), "chip severity-chip")
            with block("span", "detail-status", data_status=properties.status):
                words(facts.status(event), "chip status-chip")
            with block("span", "", data_confirmation=facts.confirmation_status(event)):
                words(facts.verdict(event), "chip verdict-chip").set_visibility(
                    bool(facts.verdict(event))
                )
            block(
                "span",
                "elapsed",
                data_since=properties.first_seen.isoformat(),
                data_until=properties.cleared_at.isoformat() if properties.cleared_at else "",
            )
            block("span", "spring")
            words(text("event.show_on_map"), "action", "button").on(
                "click", lambda: self._show_on_map(event.id)
            )
            words(text("event.close"), "action", "button").on("click", self._dialog.close)

    def _draw_picture(self, event: StoredEventFeature, name: str, *kinds: EvidenceKind) -> None:
        title = self._texts.text(name)
        address = evidence_url(event, *kinds)
        with block("figure", "detail-picture"):
            if address is None:
                words(self._texts.text("event.no_picture"), "event-no-picture")
            else:
                block("img", "", src=address, alt=title)
            words(title, "", "figcaption")

    def _draw_facts(self, event: StoredEventFeature) -> None:
        with block("dl", "detail-facts"):
            for name, value in self._facts.rows(event):
                words(name, "", "dt")
                words(value, "", "dd")

    def _show_on_map(self, event_id: str) -> None:
        self._dialog.close()
        self._on_show_on_map(event_id)
