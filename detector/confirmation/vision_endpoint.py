"""The vision endpoint: an OpenAI-compatible API that is asked about pictures."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self

import httpx
from pydantic import JsonValue

from api.contract.confirmations import ConfirmationStatus
from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.confirmation.verdict import Verdict
from detector.confirmation.vision_answer import read_answer
from detector.confirmation.vision_prompt import VERDICT_SCHEMA, messages
from detector.delivery.open_question import OpenQuestion
from streams.kit.backoff import Backoff
from streams.kit.errors import CityPatrolError

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
# A verdict takes a few hundred bytes, a model that thinks aloud some ten thousand.
MOST_ANSWER_BYTES = 1_000_000
_PASSING = frozenset({408, 409, 425, 429})
# What servers answer to a parameter that they do not know.
_NOT_SUPPORTED = frozenset({400, 415, 422})


class EndpointError(CityPatrolError):
    """The endpoint gave no answer and asking again would not help."""


class _TryAgainError(CityPatrolError):
    """The endpoint gave no answer now.

    Attributes:
        pause_seconds: How long it asks to be left alone.
    """

    def __init__(self, message: str, pause_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.pause_seconds = pause_seconds


@dataclass(frozen=True, slots=True)
class _Response:
    """What came back, without what would not be read.

    Attributes:
        status: HTTP status.
        retry_after: The header of this name.
        body: Its beginning.
        is_whole: Whether that is all of it.
    """

    status: int
    retry_after: str
    body: bytes
    is_whole: bool


class VisionEndpoint:
    """Asks ``POST {base}/chat/completions``, with back-off while it fails in passing.

    It asks for an answer of a JSON Schema, a bounded length and temperature 0; an endpoint that
    refuses these is asked plainly from then on. Used in ``async with`` by one event loop. No
    text of its errors holds the key or anything that the endpoint sent beside a status.

    Args:
        settings: With ``vision_url`` and ``vision_model`` given.
    """

    def __init__(self, settings: ConfirmationSettings) -> None:
        self._settings = settings
        self._url = settings.completions_url
        self._key = "" if settings.vision_key is None else settings.vision_key.get_secret_value()
        self._is_plain = False

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        self._http = httpx.AsyncClient(
            timeout=self._settings.vision_timeout_seconds, headers=headers, trust_env=False
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._http.aclose()

    async def answer(self, question: OpenQuestion) -> Verdict:
        """Put a question.

        Raises:
            EndpointError: No answer within the time, or none that asking again would bring.
            CityPatrolError: The question's frame cannot be decoded.
        """
        asked = messages(question, self._settings.vision_picture_pixels)
        limit = self._settings.vision_timeout_seconds
        deadline = asyncio.get_running_loop().time() + limit
        try:
            async with asyncio.timeout_at(deadline):
                return self._without_key(await self._tries(asked, deadline))
        except TimeoutError:
            raise EndpointError(f"the vision endpoint gave no answer within {limit:g} s") from None

    async def _tries(self, asked: Sequence[JsonValue], deadline: float) -> Verdict:
        backoff = Backoff(FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        while True:
            try:
                return await self._try(asked)
            except _TryAgainError as error:
                pause = max(backoff.next_delay(), error.pause_seconds)
                if asyncio.get_running_loop().time() + pause >= deadline:
                    limit = self._settings.vision_timeout_seconds
                    raise EndpointError(
                        f"{error}, and asking again would end later than the {limit:g} s of a "
                        "question"
                    ) from None
            await asyncio.sleep(pause)

    async def _try(self, asked: Sequence[JsonValue]) -> Verdict:
        if self._is_plain:
            return _read(await self._post(self._plain(asked)))
        response = await self._post({**self._plain(asked), **self._wishes()})
        if response.status in _NOT_SUPPORTED:
            verdict = _read(await self._post(self._plain(asked)))
            self._is_plain = True
            return verdict
        return _read(response)

    def _plain(self, asked: Sequence[JsonValue]) -> dict[str, JsonValue]:
        return {"model": self._settings.vision_model, "messages": list(asked)}

    def _wishes(self) -> dict[str, JsonValue]:
        schema: dict[str, JsonValue] = {
            "name": "verdict",
            "strict": True,
            "schema": dict(VERDICT_SCHEMA),
        }
        return {
            "response_format": {"type": "json_schema", "json_schema": schema},
            "max_tokens": self._settings.vision_answer_tokens,
            "temperature": 0,
        }

    async def _post(self, body: Mapping[str, JsonValue]) -> _Response:
        content = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        try:
            async with self._http.stream(
                "POST", self._url, content=content, headers=headers
            ) as response:
                received = bytearray()
                async for part in response.aiter_bytes():
                    received += part
                    if len(received) > MOST_ANSWER_BYTES:
                        break
        except httpx.TransportError as error:
            raise _TryAgainError(
                f"the vision endpoint does not answer ({error or type(error).__name__})"
            ) from None
        except httpx.HTTPError as error:
            raise EndpointError(
                f"the vision endpoint answers what cannot be read ({type(error).__name__})"
            ) from None
        return _Response(
            status=response.status_code,
            retry_after=response.headers.get("Retry-After", ""),
            body=bytes(received[:MOST_ANSWER_BYTES]),
            is_whole=len(received) <= MOST_ANSWER_BYTES,
        )

    def _without_key(self, verdict: Verdict) -> Verdict:
        # An endpoint that sends back what it was sent must not put the key into an event.
        def cleaned(text: str | None) -> str | None:
            return text.replace(self._key, "…") if text and self._key else text

        return replace(
            verdict,
            reason=cleaned(verdict.reason),
            answer=cleaned(verdict.answer),
            model=cleaned(verdict.model),
        )


def _read(response: _Response) -> Verdict:
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        if response.is_whole:
            return read_answer(response.body)
        return Verdict(
            ConfirmationStatus.UNSURE,
            f"the endpoint answered more than {MOST_ANSWER_BYTES} bytes",
            answer=response.body.decode("utf-8", "replace"),
        )
    said = f"the vision endpoint answered {_status_words(response.status)}"
    if response.status in _PASSING or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _TryAgainError(said, _asked_pause(response.retry_after))
    if response.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise EndpointError(f"{said}: it does not take the key CITYPATROL_CONFIRMATION_VISION_KEY")
    raise EndpointError(said)


def _status_words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _asked_pause(retry_after: str) -> float:
    """Seconds of a Retry-After header, which is a number or a date."""
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
