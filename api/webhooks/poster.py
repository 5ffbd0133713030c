"""Sends a message over HTTP, and only to where this node may connect."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx

from api.http.allowed_transport import AllowedTransport
from api.webhooks.webhook_url import WebhookUrlError, host_of, read_url
from streams.kit.allowed_networks import AllowedNetworks
from streams.kit.errors import CityPatrolError

# Those after which the same message goes to the other address; the others would make it a GET.
_FOLLOWED = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
MOST_REDIRECTS = 3


class NotDeliveredError(CityPatrolError):
    """The receiver did not take a message; says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        body: Its bytes.
        headers: Its headers besides those of HTTP itself.
    """

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str | None


class Poster:
    """Owns the connections; use it in ``async with``.

    Args:
        networks: Where it may connect.
        timeout_seconds: How long a message may take, with everything.
    """

    def __init__(self, networks: AllowedNetworks, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._client = httpx.AsyncClient(
            transport=AllowedTransport(networks),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=timeout_seconds,
        )

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def post(self, address: str, message: Message) -> None:
        """Send a message; returns once the receiver has said that it took it.

        Raises:
            NotDeliveredError: It did not, or not in time.
            AddressRefusedError: It is where this node may not connect.
            WebhookUrlError: Its address is none.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._post(read_url(address), message)
        except TimeoutError:
            raise NotDeliveredError(f"no answer within {self._timeout_seconds:g} s") from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise NotDeliveredError(f"no answer: {reason}") from None

    async def _post(self, url: httpx.URL, message: Message) -> None:
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._exchange(url, message)
            if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                return
            if answer.status not in _FOLLOWED or answer.location is None:
                raise NotDeliveredError(f"the receiver answered {_said(answer.status)}")
            url = _target(url, answer.location)
        raise NotDeliveredError(f"more than {MOST_REDIRECTS} redirects")

    async def _exchange(self, url: httpx.URL, message: Message) -> _Answer:
        request = self._client.build_request(
            "POST", url, content=message.body, headers=message.headers
        )
        answer = await self._client.send(request, stream=True)
        try:
            # What else it says is not asked for, and may be long.
            return _Answer(answer.status_code, answer.headers.get("location"))
        finally:
            await answer.aclose()


def _target(url: httpx.URL, location: str) -> httpx.URL:
    try:
        target = read_url(str(url.join(location)))
    except (WebhookUrlError, httpx.InvalidURL, ValueError):
        raise NotDeliveredError("the receiver redirects to what is no address") from None
    if url.scheme == "https" and target.scheme != "https":
        raise NotDeliveredError(f"the receiver redirects to unencrypted {host_of(target)}")
    return target


def _said(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
