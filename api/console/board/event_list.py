"""The live list of events."""

from collections.abc import Callable, Mapping

from nicegui.element import Element

from api.console.board.event_card import EventCard
from api.console.board.event_facts import EventFacts
from api.console.board.kind_choice import KindChoice
from api.console.board.shown_kinds import ShownKinds
from api.console.parts.elements import block, words
from api.console.parts.translations import Texts
from api.contract.events import StoredEventFeature


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
            self._cards.pop(event_id).delete()
        for place, event in enumerate(several):
            card = self._cards.get(event.id)
            if card is not None:
                card.show(event)
                continue
            with self._column:
                card = self._cards[event.id] = EventCard(event, self._facts, self._on_click)
            # The list starts with the notice that there are no events.
            card.move(self._column, place + 1)
