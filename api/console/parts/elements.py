"""The few building blocks the console's parts are made of.

Attribute values and texts are set through the DOM, never parsed as HTML, so that names that
come from outside cannot become markup.
"""

from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


def block(tag: str, style_class: str, **attributes: str) -> Element:
    """Make an HTML element with attributes; underscores in their names become hyphens."""
    element = ui.element(tag).classes(style_class)
    set_attributes(element, **attributes)
    return element


def set_attributes(element: Element, **attributes: str) -> None:
    """Set attributes of an element, which may be shown already."""
    for name, value in attributes.items():
        name_in_html = name.replace("_", "-")
        if element.props.get(name_in_html) != value:
            element.props[name_in_html] = value


def words(text: str, style_class: str, tag: str = "span") -> TextElement:
    """Make an element that holds plain text, which ``text`` replaces."""
    element = TextElement(tag=tag, text=text)
    element.classes(style_class)
    return element
