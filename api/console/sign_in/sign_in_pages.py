"""The console's plain pages: signing in, and why a page is not shown to whoever asks for it.

They are drawn without scripts, so that they show where nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.accounts.access_table import Permission
from api.accounts.known_actors import LOGIN_PATH
from api.accounts.request_limits import TooManyRequestsError
from api.console.parts.limit_refusals import limit_refusal
from api.console.parts.page_head import static_url
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Language, Texts

LOGOUT_PATH = "/logout"
SHEETS = ("theme.css", "sign_in.css")
# What they hold is for this moment and this person.
HEADERS = {"Cache-Control": "no-store"}

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


@dataclass(frozen=True, slots=True)
class LoginForm:
    """What the page to sign in on shows.

    Attributes:
        target: Local path to go to afterwards.
        login: What was typed before.
        refusal: Why that was refused, in the page's language; empty at first.
        guest: Login of the user whom everybody is without signing in; empty if there is none.
        provider: Path of signing in with the city's own accounts; empty if there is none.
    """

    target: str
    login: str = ""
    refusal: str = ""
    guest: str = ""
    provider: str = ""


class SignInPages:
    """Writes the plain pages in one language."""

    def __init__(self, settings: ConsoleSettings, texts: Texts) -> None:
        self._texts = texts
        self._district = texts.choose(settings.district_zh, settings.district_en)

    def login(self, form: LoginForm, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
        """Write the page on which somebody signs in."""
        values = {
            "login_path": LOGIN_PATH,
            "languages": list(Language),
            "target": form.target,
            "login": form.login,
            "refusal": form.refusal,
            "guest": form.guest,
            "provider": form.provider,
        }
        return self._page("login.html", "sign_in.title", values, status)

    def refused(self, name: str, permission: Permission) -> HTMLResponse:
        """Write that a page is not for somebody, and for whom it is."""
        roles = [self._texts.text(f"role.{role}") for role in sorted(permission.roles)]
        values = {
            "logout_path": LOGOUT_PATH,
            "name": name,
            "roles": self._texts.text("sign_in.roles_between").join(roles),
        }
        return self._page("refused.html", "sign_in.refused_title", values, HTTPStatus.FORBIDDEN)

    def crowded(self, error: TooManyRequestsError) -> HTMLResponse:
        """Write that too many requests have come, and when more may come."""
        values = {"reason": limit_refusal(error, self._texts)}
        status = HTTPStatus.TOO_MANY_REQUESTS
        answer = self._page("crowded.html", "limits.title", values, status)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer

    def _page(
        self, template: str, title: str, values: Mapping[str, object], status: HTTPStatus
    ) -> HTMLResponse:
        shared = {
            "texts": self._texts,
            "title": self._texts.text(title),
            "district": self._district,
            "sheets": [static_url(name) for name in SHEETS],
        }
        html = _TEMPLATES.get_template(template).render(**shared, **values)
        return HTMLResponse(html, status, headers=HEADERS)
