"""The messages that are to be sent: who sends which, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.database import Database
from api.database.webhook_tables import webhook_deliveries, webhooks

# Beyond the time that sending takes: what a node needs to say how it went.
_LEASE_MARGIN = timedelta(seconds=30)
LONGEST_ERROR = 500

_WAITS = and_(webhook_deliveries.c.delivered_at.is_(None), not_(webhook_deliveries.c.dead))


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this node sends now, and nobody else.

    Attributes:
        webhook_id: To which webhook.
        url: Where that is.
        secret: Its secret, encrypted.
        delivery_id: Number of the message.
        event: The message.
        attempts: How often it was sent before.
    """

    webhook_id: str
    url: str
    secret: str
    delivery_id: int
    event: Mapping[str, Any]
    attempts: int


class DeliveryQueue:
    """Gives out the oldest message of each webhook, one at a time.

    While one is under way the webhook is busy, for every node, until the node says how it went;
    the webhook of a node that crashed is free again after a while. A message that waits for its
    next attempt holds up those behind it, so that a webhook hears of everything in order.

    Args:
        database: Where they are.
        retry_delays: Pauses after failed attempts, seconds; after the last one it is given up.
        timeout_seconds: How long sending takes at most.
    """

    def __init__(
        self, database: Database, retry_delays: Sequence[float], timeout_seconds: float
    ) -> None:
        self._database = database
        self._retry_delays = tuple(retry_delays)
        self._lease = timedelta(seconds=timeout_seconds) + _LEASE_MARGIN

    async def claim(self, most: int) -> list[Claim]:
        """Take up to ``most`` messages that are due, each of another webhook."""
        columns = webhooks.c
        due = (
            select(columns.webhook_id)
            .where(columns.enabled, _is_free(), _oldest("next_attempt_at") <= func.now())
            .order_by(_oldest("next_attempt_at"))
            .limit(most)
            .with_for_update(skip_locked=True, key_share=True)
        )
        taking = (
            update(webhooks)
            .where(columns.webhook_id.in_(due))
            .values(busy_until=func.now() + self._lease)
            .returning(columns.webhook_id, columns.url, columns.secret)
        )
        async with self._database.writing() as connection:
            taken = (await connection.execute(taking)).all()
            claims = [
                Claim(row.webhook_id, row.url, row.secret, **found)
                for row in taken
                if (found := await _oldest_due(connection, row.webhook_id)) is not None
            ]
            idle = {row.webhook_id for row in taken} - {one.webhook_id for one in claims}
            await _free(connection, idle)
        return claims

    async def note_delivered(self, claim: Claim) -> None:
        """Keep that the receiver took a message."""
        await self._note(claim, {"delivered_at": func.now(), "last_error": None})

    async def note_failed(self, claim: Claim, error: str) -> bool:
        """Keep that it did not, and when to send it again; say whether it was given up."""
        values: dict[str, Any] = {"last_error": error[:LONGEST_ERROR]}
        is_last = claim.attempts >= len(self._retry_delays)
        if is_last:
            values["dead"] = True
        else:
            pause = timedelta(seconds=self._retry_delays[claim.attempts])
            values["next_attempt_at"] = func.now() + pause
        await self._note(claim, values)
        return is_last

    async def release(self, webhook_ids: Collection[str]) -> None:
        """Let others send what this node will not."""
        async with self._database.writing() as connection:
            await _free(connection, webhook_ids)

    async def forget(self, days: float) -> int:
        """Delete messages that were delivered so many days ago, and return how many."""
        old = webhook_deliveries.c.delivered_at < func.now() - timedelta(days=days)
        async with self._database.writing() as connection:
            return (await connection.execute(delete(webhook_deliveries).where(old))).rowcount

    async def _note(self, claim: Claim, values: Mapping[str, Any]) -> None:
        statement = update(webhook_deliveries).where(
            webhook_deliveries.c.delivery_id == claim.delivery_id
        )
        async with self._database.writing() as connection:
            # The webhook first, as where it is deleted: each would else wait for the other.
            await _free(connection, [claim.webhook_id])
            await connection.execute(statement.values(attempts=claim.attempts + 1, **values))


def _is_free() -> ColumnElement[bool]:
    return or_(webhooks.c.busy_until.is_(None), webhooks.c.busy_until <= func.now())


def _oldest(column: str) -> ColumnElement[Any]:
    """A column of the oldest message that waits for the webhook of the row around it."""
    return (
        select(webhook_deliveries.c[column])
        .where(webhook_deliveries.c.webhook_id == webhooks.c.webhook_id, _WAITS)
        .order_by(webhook_deliveries.c.delivery_id)
        .limit(1)
        .correlate(webhooks)
        .scalar_subquery()
    )


async def _oldest_due(connection: AsyncConnection, webhook_id: str) -> dict[str, Any] | None:
    """The oldest message that waits for a webhook, now that no other node sends to it."""
    columns = webhook_deliveries.c
    statement = (
        select(
            columns.delivery_id,
            columns.event,
            columns.attempts,
            (columns.next_attempt_at <= func.now()).label("is_due"),
        )
        .where(columns.webhook_id == webhook_id, _WAITS)
        .order_by(columns.delivery_id)
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None or not row.is_due:
        return None
    return {"delivery_id": row.delivery_id, "event": row.event, "attempts": row.attempts}


async def _free(connection: AsyncConnection, webhook_ids: Collection[str]) -> None:
    if webhook_ids:
        statement = update(webhooks).where(webhooks.c.webhook_id.in_(sorted(webhook_ids)))
        await connection.execute(statement.values(busy_until=None))
