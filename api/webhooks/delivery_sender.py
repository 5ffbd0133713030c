"""Sends the messages: to several receivers at a time, to each in order."""

import asyncio
import contextlib
from datetime import UTC, datetime
from types import TracebackType

import structlog
from pydantic_core import to_json
from sqlalchemy.exc import SQLAlchemyError

from api.webhooks.delivery_queue import Claim, DeliveryQueue
from api.webhooks.poster import Message, Poster
from api.webhooks.secret_box import SecretBox
from api.webhooks.signature import signed_headers
from api.webhooks.webhook_settings import WebhookSettings
from streams.kit.errors import CityPatrolError
from streams.kit.owned_task import OwnedTask

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/cloudevents+json"
PAUSE_SECONDS = 0.5
FORGET_SECONDS = 3600.0


class DeliverySender(OwnedTask):
    """Sends what is due; its tasks are its own: use it in ``async with``.

    Args:
        queue: What is to be sent.
        box: Decrypts secrets.
        poster: Sends one message.
        settings: What was set.
    """

    task_name = "webhook-sender"

    def __init__(
        self, queue: DeliveryQueue, box: SecretBox, poster: Poster, settings: WebhookSettings
    ) -> None:
        self._queue = queue
        self._box = box
        self._poster = poster
        self._settings = settings
        self._wake = asyncio.Event()
        self._sending: dict[asyncio.Task[None], str] = {}

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; what was under way is sent again by whoever comes next."""
        await super().__aexit__(kind, error, trace)
        broken_off = dict(self._sending)
        for task in broken_off:
            task.cancel()
        await asyncio.gather(*broken_off, return_exceptions=True)
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self._queue.release(set(broken_off.values()))

    def wake(self) -> None:
        """Look at once for what is due."""
        self._wake.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        forget_at = loop.time()
        while True:
            self._wake.clear()
            try:
                if loop.time() >= forget_at:
                    forget_at = loop.time() + FORGET_SECONDS
                    await self._queue.forget(self._settings.keep_days)
                await self._begin()
            except (SQLAlchemyError, OSError) as error:
                log.warning("webhook_sender_paused", error=str(error).splitlines()[:1])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), PAUSE_SECONDS)

    async def _begin(self) -> None:
        """Begin to send what is due, as far as there is room."""
        room = self._settings.concurrency - len(self._sending)
        if room <= 0:
            return
        for claim in await self._queue.claim(room):
            task = asyncio.create_task(self._send(claim))
            self._sending[task] = claim.webhook_id
            task.add_done_callback(self._is_done)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        self._sending.pop(task, None)
        self._wake.set()

    async def _send(self, claim: Claim) -> None:
        said = {"webhook_id": claim.webhook_id, "delivery_id": claim.delivery_id}
        try:
            reason = await self._failure(claim)
            if reason is None:
                await self._queue.note_delivered(claim)
                return
            is_dead = await self._queue.note_failed(claim, reason)
        except (SQLAlchemyError, OSError) as error:
            # Sent again once its webhook is free; receivers know it by its id.
            log.warning("webhook_outcome_lost", error=str(error).splitlines()[:1], **said)
        else:
            log.warning("webhook_given_up" if is_dead else "webhook_failed", error=reason, **said)

    async def _failure(self, claim: Claim) -> str | None:
        """Send a message; say why it was not taken, or None if it was."""
        try:
            await self._post(claim)
        except CityPatrolError as error:
            return str(error)
        return None

    async def _post(self, claim: Claim) -> None:
        body = to_json(claim.event)
        headers = signed_headers(self._box.open(claim.secret), body, datetime.now(UTC))
        headers["Content-Type"] = CONTENT_TYPE
        await self._poster.post(claim.url, Message(body, headers))
