"""The district's people at their screens: each signs in and asks the public API."""

import asyncio
import hashlib
import io
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx
from PIL import Image

from api.contract.cases import CaseDocument, CaseHistory, CasePage
from streams.kit.errors import CityPatrolError

# A busy machine answers late; an API that answers later than this is gone.
PATIENCE_SECONDS = 120.0
PAGE_SIZE = 500
CONNECTIONS = 32
# The server closes what is idle for five seconds, and what it closes must not be used again.
IDLE_SECONDS = 2.0


class StaffError(CityPatrolError):
    """The API refused what somebody may do."""


class StaffClient:
    """Asks as whoever is named; use it in ``async with``.

    Args:
        url: Where the API is.
        passwords: Of the people, by their logins.
    """

    def __init__(self, url: str, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords
        self._tokens: dict[str, str] = {}
        self._signing_in = {login: asyncio.Lock() for login in passwords}
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=PATIENCE_SECONDS,
            trust_env=False,
            limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS),
        )

    async def __aenter__(self) -> Self:
        """Open it."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def act(
        self, login: str, case_id: str, action: str, said: Mapping[str, Any]
    ) -> CaseDocument:
        """Do something with a case.

        Raises:
            StaffError: The API refused it.
        """
        path = f"/v1/cases/{case_id}/actions/{action}"
        answer = await self._ask(login, "POST", path, json=dict(said))
        return CaseDocument.model_validate_json(answer.content)

    async def report(self, login: str, report: Mapping[str, Any]) -> CaseDocument:
        """Report a matter.

        Raises:
            StaffError: The API refused it.
        """
        answer = await self._ask(login, "POST", "/v1/cases", json=dict(report))
        return CaseDocument.model_validate_json(answer.content)

    async def case(self, login: str, case_id: str) -> CaseDocument:
        """Return a case as somebody sees it.

        Raises:
            StaffError: They do not see it.
        """
        answer = await self._ask(login, "GET", f"/v1/cases/{case_id}")
        return CaseDocument.model_validate_json(answer.content)

    async def case_of_event(self, login: str, event_id: str) -> CaseDocument | None:
        """Return the case that an event belongs to, or None while it belongs to none."""
        answer = await self._ask(login, "GET", f"/v1/cases?event_id={event_id}")
        found = CasePage.model_validate_json(answer.content).cases
        return found[0] if found else None

    async def history(self, login: str, case_id: str) -> CaseHistory:
        """Return what was done with a case."""
        answer = await self._ask(login, "GET", f"/v1/cases/{case_id}/flow")
        return CaseHistory.model_validate_json(answer.content)

    async def cases(self, login: str, query: str = "") -> list[CaseDocument]:
        """Return all cases that somebody sees, newest first."""
        found: list[CaseDocument] = []
        cursor = ""
        while True:
            path = f"/v1/cases?limit={PAGE_SIZE}{query}{cursor}"
            page = CasePage.model_validate_json((await self._ask(login, "GET", path)).content)
            found += page.cases
            if page.next_cursor is None:
                return found
            cursor = f"&cursor={page.next_cursor}"

    async def document(self, login: str, path: str) -> Any:  # noqa: ANN401 - any JSON
        """Return what the API gives at a path."""
        return (await self._ask(login, "GET", path)).json()

    async def upload(self, login: str, jpeg: bytes) -> str:
        """Upload a picture and return its name."""
        name = hashlib.sha256(jpeg).hexdigest()
        headers = {"Content-Type": "image/jpeg"}
        await self._ask(login, "PUT", f"/v1/evidence/{name}", content=jpeg, headers=headers)
        return name

    async def _ask(self, login: str, method: str, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401
        answer = await self._send(login, method, path, sent)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._tokens.pop(login, None)
            answer = await self._send(login, method, path, sent)
        if not answer.is_success:
            raise StaffError(f"{login}: {method} {path} {answer.status_code}: {answer.text[:400]}")
        return answer

    async def _send(
        self, login: str, method: str, path: str, sent: dict[str, Any]
    ) -> httpx.Response:
        headers = {**sent.get("headers", {}), "Authorization": f"Bearer {await self._token(login)}"}
        return await self._http.request(method, path, **{**sent, "headers": headers})

    async def _token(self, login: str) -> str:
        async with self._signing_in[login]:
            if login not in self._tokens:
                given = {
                    "grant_type": "password",
                    "username": login,
                    "password": self._passwords[login],
                }
                answer = await self._http.post("/v1/tokens", data=given)
                if not answer.is_success:
                    raise StaffError(f"{login} cannot sign in: {answer.text[:400]}")
                self._tokens[login] = answer.json()["access_token"]
            return self._tokens[login]


def plain_picture(brightness: int) -> bytes:
    """Return a small grey JPEG: the photo of a simulated handler."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (brightness, brightness, brightness)).save(content, "JPEG")
    return content.getvalue()
