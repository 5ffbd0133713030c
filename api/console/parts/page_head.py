"""What stands in the HTML head of every page of the console."""

import functools
import hashlib
import json
from pathlib import Path

from nicegui import ui
from starlette.requests import HTTPConnection

from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Language, Texts

STATIC = Path(__file__).parents[1] / "static"
STATIC_ROUTE = "/console/static"
LANGUAGE_COOKIE = "citypatrol_language"


def add_head(texts: Texts, settings: ConsoleSettings, *files: str) -> None:
    """Give the page its title, the words its scripts need, and its style sheets and scripts.

    Args:
        texts: The page's language.
        settings: Of the console.
        files: Names of static files, in the order in which they are loaded.
    """
    district = texts.choose(settings.district_zh, settings.district_en)
    ui.page_title(texts.text("page_title", district=district))
    page = {
        "language": texts.language.html_code,
        "languageCookie": LANGUAGE_COOKIE,
        "timeZone": settings.time_zone,
        "texts": texts.group("browser"),
    }
    ui.add_head_html(f"<script>window.cityPatrol = {in_script(page)};</script>")
    for name in files:
        if name.endswith(".css"):
            ui.add_head_html(f'<link rel="stylesheet" href="{static_url(name)}">')
        else:
            ui.add_head_html(f'<script src="{static_url(name)}"></script>')


def texts_of(request: HTTPConnection) -> Texts:
    """Return the words in the language that a browser has chosen."""
    return Texts(Language.of(request.cookies.get(LANGUAGE_COOKIE)))


def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the content, so caches never lie."""
    return f"{STATIC_ROUTE}/{name}?v={_digest(name, (STATIC / name).stat().st_mtime_ns)}"


@functools.lru_cache(maxsize=32)
def _digest(name: str, _changed_at: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def in_script(value: object) -> str:
    """Write a value as JSON that may stand in a script of a page."""
    # A "</script>" in a text must not end the script.
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
