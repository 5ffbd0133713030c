"""The choice between what happens in the streets and what is wrong with cameras."""

from collections.abc import Callable, Mapping

from nicegui.element import Element

from api.console.board.shown_kinds import ShownKinds
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.translations import Texts


class KindChoice:
    """A row of buttons, one of them pressed; each says how many of its events stand.

    Args:
        texts: The page's language.
        on_choice: Called with what was chosen.
    """

    def __init__(self, texts: Texts, on_choice: Callable[[ShownKinds], None]) -> None:
        self._on_choice = on_choice
        label = texts.text("shown.title")
        with block("div", "kind-choice", role="group", aria_label=label):
            self._buttons = {shown: self._button(shown) for shown in ShownKinds}
        self._counts = {}
        for shown, button in self._buttons.items():
            with button:
                words(texts.text(f"shown.{shown}"), "")
                self._counts[shown] = words("0", "kind-count")
        self._press(ShownKinds.STREET)

    def show_standing(self, standing: Mapping[ShownKinds, int]) -> None:
        """Say how many events of each choice stand."""
        for shown, count in standing.items():
            self._counts[shown].text = str(count)

    def _button(self, shown: ShownKinds) -> Element:
        button = block("button", "kind", data_shown=shown)
        button.on("click", lambda: self._choose(shown))
        return button

    def _choose(self, shown: ShownKinds) -> None:
        self._press(shown)
        self._on_choice(shown)

    def _press(self, chosen: ShownKinds) -> None:
        for shown, button in self._buttons.items():
            set_attributes(button, aria_pressed="true" if shown is chosen else "false")
