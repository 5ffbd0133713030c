"""The live list of events."""

from collections.abc import Callable, Mapping

from nicegui.element import Element

from api.console.board.event_facts import EventFacts, evidence_url
from api.console.board.kind_choice import KindChoice
from api.console.board.shown_kinds import ShownKinds
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.translations import Texts
from api.contract.events import EvidenceKind, StoredEventFeature


class EventCard:
    """One event of the list; ``show`` brings it up to date.

    Args:
        event: What it shows first.
        facts: Words for it.
        on_click: Called with the event's id.
    """

    def __init__(
        self, event: StoredEventFeature, facts: EventFacts, on_click: Callable[[str], None]
    ) -> None:
        self._facts = facts
        self.element = block("article", "event-card", data_event=event.id, tabindex="0")
        self.element.on("click", lambda: on_click(event.id))
        self.element.on("keydown.enter", lambda: on_click(event.id))
        with self.element:
            with block("div", "event-picture"):
                self._picture = block("img", "", alt="", loading="lazy")
                words(facts.texts.text("event.no_picture"), "event-no-picture")
            with block("div", "event-words"):
                self._name = words("", "event-name", "h3")
                with block("div", "event-state"):
                    self._severity = words("", "chip severity-chip")
                    self._kind = words("", "chip kind-chip")
                    self._verdict = words("", "chip verdict-chip")
                    self._status = words("", "chip status-chip")
                    self._elapsed = block("span", "elapsed")
                self._camera = words("", "event-camera", "div")
                with block("div", "event-foot"):
                    self._cell = words("", "event-cell")
                    self._score = words("", "event-score")
        self.show(event)

    def show(self, event: StoredEventFeature) -> None:
        """Show the event's present state."""
        properties, facts = event.properties, self._facts
        set_attributes(
            self.element,
            data_severity=properties.severity,
            data_status=properties.status,
            data_kind=properties.kind,
            data_confirmation=facts.confirmation_status(event),
        )
        picture = evidence_url(event, EvidenceKind.CROP, EvidenceKind.ANNOTATED, EvidenceKind.FRAME)
        if picture is not None:
            set_attributes(self._picture, src=picture)
        set_attributes(
            self._elapsed,
            data_since=properties.first_seen.isoformat(),
            data_until=properties.cleared_at.isoformat() if properties.cleared_at else "",
        )
        self._name.text = facts.issue_name(event)
        self._severity.text = facts.severity(event)
        self._kind.text = facts.kind(event)
        self._kind.set_visibility(bool(self._kind.text))
        self._verdict.text = facts.verdict(event)
        self._verdict.set_visibility(bool(self._verdict.text))
        self._camera.text = properties.camera_name
        self._cell.text = facts.cell(event)
        self._status.text = facts.status(event)
        self._score.text = facts.score(event)


class EventList:
    """The newest events as cards, newest first.

    Args:
        texts: The page's language.
        facts: Words for events.
        on_click: Called with the id of the event whose card was clicked.
        on_choice: Called with what the reader chose to see.
    """

    def __init__(
        self,
        texts: Texts,
        facts: EventFacts,
        on_click: Callable[[str], None],
        on_choice: Callable[[ShownKinds], None],
    ) -> None:
        self._facts = facts
        self._on_click = on_click
        self._cards: dict[str, EventCard] = {}
        with block("section", "panel events-panel"):
            with block("h2", "panel-title"):
                words(texts.text("events.title"), "")
            self._choice = KindChoice(texts, on_choice)
            self._column: Element = block("div", "event-list")
            with self._column:
                self._empty = words(texts.text("events.empty"), "panel-empty", "p")

    def show_standing(self, standing: Mapping[ShownKinds, int]) -> None:
        """Say how many events of each choice stand."""
        self._choice.show_standing(standing)

    def show(self, several: list[StoredEventFeature]) -> None:
        """Show these events, newest first; cards that are not among them go."""
        self._empty.set_visibility(not several)
        wanted = {event.id for event in several}
        for event_id in [known for known in self._cards if known not in wanted]:
            self._cards.pop(event_id).element.delete()
        for place, event in enumerate(several):
            card = self._cards.get(event.id)
            if card is not None:
                card.show(event)
                continue
            with self._column:
                card = self._cards[event.id] = EventCard(event, self._facts, self._on_click)
            # The list starts with the notice that there are no events.
            card.element.move(self._column, place + 1)
