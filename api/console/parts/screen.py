"""A page of modules: an empty page whose scripts ask the REST API for what they show.

Such a page costs the server a template, holds nothing of it in memory while it is open, and works
the same from a process of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.accounts.access_table import load_access_table
from api.console.parts.page_head import LANGUAGE_COOKIE, STATIC_ROUTE, in_script, static_url
from api.console.parts.screen_names import ScreenNames
from api.console.parts.settings import ConsoleSettings
from api.console.parts.theme import THEME_COOKIE, Theme
from api.console.parts.translations import Texts
from api.console.parts.visitor import Visitor

# What is on the page is for this moment and this person.
HEADERS = {"Cache-Control": "no-store"}
DESIGN = ("parts/design.css", "parts/frame.css")

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the console.

    Attributes:
        name: What it is called in the translations (``screen.NAME``) and in the folder of its
            script and style sheet: ``NAME/NAME.js`` and ``NAME/NAME.css``.
        path: Where it is, as in the table of access.
        words: Groups of the translations that its script uses, besides the shared ones.
    """

    name: str
    path: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A way to a page.

    Attributes:
        name: Of the page, in the translations (``screen.NAME``).
        path: Where it is.
    """

    name: str
    path: str


# In the order in which a day's work goes.
MENU = (
    MenuEntry("desk", "/desk"),
    MenuEntry("board", "/"),
    MenuEntry("cases", "/cases"),
    MenuEntry("coverage", "/coverage"),
)

# Words that every screen needs.
SHARED_WORDS = ("api", "frame", "keys", "time", "screen", "role", "language", "theme")


@dataclass(frozen=True, slots=True)
class ScreenRequest:
    """What a browser asks for.

    Attributes:
        visitor: Who looks.
        texts: In which language.
        names: What the district's things are called.
        theme: What they chose, or None for what their device says.
        parameter: What the address names; empty if nothing.
    """

    visitor: Visitor
    texts: Texts
    names: ScreenNames
    theme: Theme | None
    parameter: str = ""


class ScreenWriter:
    """Writes the pages of modules.

    Args:
        settings: Of the console.
    """

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings

    def write(self, screen: Screen, request: ScreenRequest) -> HTMLResponse:
        """Write a page."""
        texts = request.texts
        district = texts.choose(self._settings.district_zh, self._settings.district_en)
        theme = "" if request.theme is None else request.theme.value
        html = _TEMPLATES.get_template("screen.html").render(
            language=texts.language.html_code,
            theme=theme,
            title=f"{texts.text(f'screen.{screen.name}')} · {texts.text('product')}",
            sheets=[static_url(name) for name in (*DESIGN, f"{screen.name}/{screen.name}.css")],
            module=f"{STATIC_ROUTE}/{screen.name}/{screen.name}.js",
            # Written for a script, in which nothing of it can end one.
            context=Markup(in_script(self._context(screen, request, district))),  # noqa: S704
        )
        return HTMLResponse(html, headers=HEADERS)

    def _context(
        self, screen: Screen, request: ScreenRequest, district: str
    ) -> Mapping[str, object]:
        visitor, texts, table = request.visitor, request.texts, load_access_table()
        may = {one.name for one in table.permissions.values() if one.allows(visitor.actor)}
        return {
            "language": texts.language.value,
            "languageCookie": LANGUAGE_COOKIE,
            "theme": "" if request.theme is None else request.theme.value,
            "themeCookie": THEME_COOKIE,
            "timeZone": self._settings.time_zone,
            "district": district,
            "parameter": request.parameter,
            "visitor": {
                "name": visitor.name,
                "login": visitor.actor.name,
                "isGuest": visitor.actor.is_guest,
                "roles": sorted(visitor.actor.roles),
                "unitId": visitor.actor.unit_id,
            },
            "names": request.names.document(),
            "permissions": sorted(may),
            "menu": [
                {"name": one.name, "path": one.path}
                for one in MENU
                if table.page(one.path).allows(visitor.actor)
            ],
            "texts": {
                f"{group}.{key}": words
                for group in (*SHARED_WORDS, *screen.words)
                for key, words in texts.group(group).items()
            },
        }
