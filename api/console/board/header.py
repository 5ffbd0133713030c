"""The head of the page: whose it is, the figures of the moment, the clock, the language."""

from nicegui import ui

from api.console.parts.elements import block, set_attributes, words
from api.console.parts.settings import ConsoleSettings
from api.console.parts.signed_in import signed_in
from api.console.parts.translations import Language, Texts
from api.console.parts.visitor import Visitor
from api.figures.figure_reader import DistrictFigures


class Header:
    """Draws itself once; ``show`` brings the figures up to date."""

    def __init__(self, texts: Texts, settings: ConsoleSettings, visitor: Visitor) -> None:
        with block("header", "head"):
            brand(texts, settings)
            with block("div", "figures"):
                self._open = _figure(texts.text("figure.open"), "open")
                self._today = _figure(texts.text("figure.today"), "today")
                self._cleared = _figure(texts.text("figure.cleared"), "cleared")
                self._cameras = _figure(texts.text("figure.cameras"), "cameras")
            with block("div", "head-end"):
                block("span", "connection", data_connection="")
                with block("div", "clock"):
                    block("div", "clock-time", data_clock="time")
                    block("div", "clock-date", data_clock="date")
                link(texts.text("desk.go"), "/desk")
                link(texts.text("coverage.link"), "/coverage")
                language_switch(texts)
                signed_in(texts, visitor)

    def show(self, figures: DistrictFigures) -> None:
        """Show these figures."""
        self._open.text = f"{figures.open_events:,}"
        self._today.text = f"{figures.found_today:,}"
        self._cleared.text = f"{figures.cleared_today:,}"
        self._cameras.text = f"{figures.cameras_live:,} / {figures.cameras:,}"


def brand(texts: Texts, settings: ConsoleSettings) -> None:
    """Draw the product's mark and whose console it is."""
    with block("div", "brand"):
        block("div", "brand-mark", aria_hidden="true")
        with block("div", "brand-words"):
            words(texts.text("product"), "brand-name", "h1")
            words(texts.choose(settings.district_zh, settings.district_en), "brand-district", "div")


def link(text: str, address: str) -> None:
    """Draw a link to another page of the console."""
    set_attributes(words(text, "head-link", "a"), href=address)


def _figure(name: str, key: str) -> ui.label:
    with block("div", "figure", data_figure=key):
        value = ui.label("–").classes("figure-value")
        words(name, "figure-name", "div")
    return value


def language_switch(texts: Texts) -> None:
    """Draw the choice of the page's language."""
    label = texts.text("language.switch")
    with block("div", "language-switch", role="group", aria_label=label):
        for language in Language:
            chosen = language is texts.language
            button = words(texts.text(f"language.{language}"), "language", "button")
            set_attributes(
                button,
                data_language=language.value,
                aria_pressed="true" if chosen else "false",
                lang=language.html_code,
            )
