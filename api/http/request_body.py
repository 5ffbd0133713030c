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
from api.http.problems import ProblemError, problem_answer

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
        body = _LimitedBody(scope, receive, limit, self._pause_seconds)
        answer = _Answer(body, send)
        try:
            await self._app(scope, body.receive, answer.send)
        except (HTTPException, ExceptionGroup):
            if not await answer.refuse():
                raise


class _LimitedBody:
    """The body of one request, up to its limit.

    Attributes:
        refusal: Why no more of it is read; None so far.
    """

    def __init__(self, scope: Scope, receive: Receive, limit: int, pause_seconds: float) -> None:
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        self.refusal: HTTPException | None = None
        self._receive = receive
        self._limit = limit
        self._pause_seconds = pause_seconds
        self._path = scope["path"]
        self._is_announced = announced.isdigit() and int(announced) > limit
        self._waits_for_go_ahead = b"expect" in headers
        self._received = 0
        # Afterwards an app may wait for ever: for its client to go.
        self._comes_more = True

    async def receive(self) -> Message:
        """Return the next part.

        Raises:
            HTTPException: 413, it is too large; 408, the client pauses too long.
        """
        if self._is_announced:
            if not self._waits_for_go_ahead:
                await _drain(self._receive)
            raise self._too_large()
        try:
            async with asyncio.timeout(self._pause_seconds if self._comes_more else None):
                message = await self._receive()
        except TimeoutError:
            raise self._refused(
                HTTPStatus.REQUEST_TIMEOUT,
                f"no more of the body came for {self._pause_seconds:g} s",
            ) from None
        self._comes_more = message.get("more_body", False)
        self._received += len(message.get("body", b""))
        if self._received > self._limit:
            await _drain(self._receive)
            raise self._too_large()
        return message

    def _too_large(self) -> HTTPException:
        return self._refused(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"body is larger than the {self._limit} bytes allowed at {self._path}",
        )

    def _refused(self, status: HTTPStatus, detail: str) -> HTTPException:
        self.refusal = HTTPException(status, detail, headers={"Connection": "close"})
        return self.refusal


class _Answer:
    """What is answered: the refusal of the body, where the app makes an error of it.

    An app that is mounted, as the console's is, wraps what its body raises.
    """

    def __init__(self, body: _LimitedBody, send: Send) -> None:
        self._body = body
        self._send = send
        self._has_begun = False
        self._is_refusal = False

    async def send(self, message: Message) -> None:
        """Send one part of the app's answer, or the refusal instead of an error."""
        if message.get("status", HTTPStatus.OK) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            await self.refuse()
        if not self._is_refusal:
            self._has_begun = True
            await self._send(message)

    async def refuse(self) -> bool:
        """Send the refusal if there is one and nothing was sent; say whether it was, now or before.

        The exception of it has then done what it was for.
        """
        refusal = self._body.refusal
        if refusal is None or self._has_begun:
            return self._is_refusal
        self._has_begun = self._is_refusal = True
        status = HTTPStatus(refusal.status_code)
        answer = problem_answer(status, refusal.detail, refusal.headers)
        start = {"type": "http.response.start", "status": status, "headers": answer.raw_headers}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": answer.body})
        return True


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
