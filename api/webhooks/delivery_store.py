"""Messages as operators see them, and the replay of those that were given up."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, not_, select, update

from api.contract.webhooks import Delivery, DeliveryPage, DeliveryState
from api.database.database import Database
from api.database.webhook_tables import webhook_deliveries
from streams.kit.errors import CityPatrolError


class UnknownDeliveryError(CityPatrolError):
    """The webhook has no such message."""


class NotDeadError(CityPatrolError):
    """The message was not given up, so that there is nothing to replay."""


class DeliveryStore:
    """Gives out the messages of a webhook.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, webhook_id: str, state: DeliveryState | None, limit: int, before: int | None
    ) -> DeliveryPage:
        """Return messages, newest first.

        Args:
            webhook_id: To which webhook.
            state: Only those that have come so far.
            limit: At most so many.
            before: Only those with a smaller number: the cursor of the page before.
        """
        columns = webhook_deliveries.c
        statement = select(webhook_deliveries).where(columns.webhook_id == webhook_id)
        if state is not None:
            statement = statement.where(_is(state))
        if before is not None:
            statement = statement.where(columns.delivery_id < before)
        newest = statement.order_by(columns.delivery_id.desc()).limit(limit + 1)
        async with self._database.reading() as connection:
            rows = (await connection.execute(newest)).all()
        found = [_delivery(row) for row in rows[:limit]]
        return DeliveryPage(
            deliveries=found, next_cursor=found[-1].delivery_id if len(rows) > limit else None
        )

    async def replay(self, webhook_id: str, delivery_id: int) -> Delivery:
        """Have a message that was given up sent again, in its old place before newer ones.

        Raises:
            UnknownDeliveryError: The webhook has no such message.
            NotDeadError: It was not given up.
        """
        columns = webhook_deliveries.c
        this = and_(columns.webhook_id == webhook_id, columns.delivery_id == delivery_id)
        again = (
            update(webhook_deliveries)
            .where(this, columns.dead)
            .values(dead=False, attempts=0, next_attempt_at=func.now())
            .returning(webhook_deliveries)
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(again)).one_or_none()
            if row is not None:
                return _delivery(row)
            known = (await connection.execute(select(webhook_deliveries).where(this))).one_or_none()
        if known is None:
            raise UnknownDeliveryError(f"webhook {webhook_id} has no message {delivery_id}")
        raise NotDeadError(
            f"message {delivery_id} is {_delivery(known).state.value}; only a dead one is replayed"
        )


def _is(state: DeliveryState) -> ColumnElement[bool]:
    columns = webhook_deliveries.c
    match state:
        case DeliveryState.DELIVERED:
            return columns.delivered_at.is_not(None)
        case DeliveryState.DEAD:
            return columns.dead.is_(True)
        case DeliveryState.WAITING:
            return and_(columns.delivered_at.is_(None), not_(columns.dead))


def _delivery(row: Row[Any]) -> Delivery:
    state = DeliveryState.WAITING
    if row.delivered_at is not None:
        state = DeliveryState.DELIVERED
    elif row.dead:
        state = DeliveryState.DEAD
    waits = state is DeliveryState.WAITING
    return Delivery(
        delivery_id=row.delivery_id,
        case_id=row.case_id,
        event=row.event,
        state=state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at if waits else None,
        delivered_at=row.delivered_at,
        last_error=row.last_error,
    )
