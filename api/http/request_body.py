"""Reading request bodies: how large they may be and what they must be."""

import asyncio
import json
from collections import Counter
from http import HTTPStatus
from typing import Protocol

from fastapi import Request
from pydantic import JsonValue
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.picture_check import BrokenPictureError, check_jpeg
from api.http.problems import ProblemError

JSON_TYPES = frozenset({"application/json", "application/geo+json"})
# Bytes; longer JSON would hold up the event loop for more than some milliseconds.
LONG_BODY = 256 * 1024
# A client that is still sending sees our answer only when it has sent all, so what it sends is
# thrown away for a while before it is refused.
DRAIN_SECONDS = 10.0


class BodyLimit(Protocol):
    """Says how many bytes a request may carry."""

    def __call__(self, method: str, path: str) -> int:
        """Return the largest body of a request, bytes."""


class LimitedBodies:
    """ASGI middleware that refuses too large a body with 413, whatever its length is said to be.

    No more than the limit is ever held in memory. A client that pauses for too long while it
    sends is refused with 408.
    """

    def __init__(self, app: ASGIApp, limit: BodyLimit, pause_seconds: float) -> None:
        self._app = app
        self._limit = limit
        self._pause_seconds = pause_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["method"], scope["path"])
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        too_large = HTTPException(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"body is larger than the {limit} bytes allowed at {scope['path']}",
            headers={"Connection": "close"},
        )
        refused = announced.isdigit() and int(announced) > limit
        waits_for_go_ahead = b"expect" in headers
        received = 0
        # Afterwards an app may wait for ever: for its client to go.
        comes_more = True

        async def receive_limited() -> Message:
            nonlocal received, comes_more
            if refused:
                if not waits_for_go_ahead:
                    await _drain(receive)
                raise too_large
            try:
                async with asyncio.timeout(self._pause_seconds if comes_more else None):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(
                    HTTPStatus.REQUEST_TIMEOUT,
                    f"no more of the body came for {self._pause_seconds:g} s",
                    headers={"Connection": "close"},
                ) from None
            comes_more = message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > limit:
                await _drain(receive)
                raise too_large
            return message

        await self._app(scope, receive_limited, send)


async def _drain(receive: Receive) -> None:
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    except TimeoutError:
        return


async def read_json(request: Request) -> JsonValue:
    """Read a JSON body strictly: no NaN, no runaway nesting, each name once, the right type.

    Raises:
        ProblemError: 415 for another content type or coding, 400 for what is no JSON.
    """
    _check_type(request, JSON_TYPES)
    body = await request.body()
    try:
        if len(body) < LONG_BODY:
            return _content(body)
        return await asyncio.to_thread(_content, body)
    except ValueError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"the body is no JSON: {error}") from None


def _content(body: bytes) -> JsonValue:
    content = from_json(body, allow_inf_nan=False)
    # The first reader is strict and fast, and lets the last of equal names win.
    json.loads(body, object_pairs_hook=_check_names)
    return content  # type: ignore[no-any-return]


def _check_names(pairs: list[tuple[str, object]]) -> None:
    names = {name for name, _ in pairs}
    if len(names) < len(pairs):
        twice = next(
            name for name, count in Counter(name for name, _ in pairs).items() if count > 1
        )
        raise ValueError(f"name {twice[:100]!r} comes twice in one object")


async def read_jpeg(request: Request) -> bytes:
    """Read a body that is a JPEG picture, not only by its first bytes.

    Raises:
        ProblemError: 415 for another content type or coding, 422 for what is no JPEG.
    """
    _check_type(request, frozenset({"image/jpeg"}))
    body = await request.body()
    try:
        await asyncio.to_thread(check_jpeg, body)
    except BrokenPictureError as error:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"the body of {len(body)} bytes is no JPEG: {error}"
        ) from None
    return body


def _check_type(request: Request, allowed: frozenset[str]) -> None:
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() not in allowed:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"content type {given[:100]!r} is not taken here; send {' or '.join(sorted(allowed))}",
        )
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() not in {"", "identity"}:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"content coding {coding[:100]!r} is not taken here; send the body as it is",
            headers={"Accept-Encoding": "identity"},
        )
