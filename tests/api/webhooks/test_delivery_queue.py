"""Who sends which message, and what becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest

from api.database.database import Database, database_address
from api.webhooks.delivery_queue import LONGEST_ERROR, DeliveryQueue


class Queue:
    """A queue of messages that were put straight into the database."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.connection = psycopg.connect(address, autocommit=True)

    def add(self, webhook_id: str, *flow_ids: int, enabled: bool = True) -> None:
        self.connection.execute(
            "INSERT INTO webhooks (webhook_id, url, secret, kinds, enabled, created_by, "
            "after_flow_id) VALUES (%s, 'http://10.0.0.1', 'x', '[]', %s, 'li.na', 0)",
            [webhook_id, enabled],
        )
        for flow_id in flow_ids:
            self.connection.execute(
                "INSERT INTO webhook_deliveries (webhook_id, flow_id, case_id, event) "
                "VALUES (%s, %s, 'c', %s)",
                [webhook_id, flow_id, f'{{"id": "{flow_id}"}}'],
            )

    def ask(self, ask: Callable[[DeliveryQueue], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            database = Database(database_address(self.address), connections=2)
            try:
                return await ask(DeliveryQueue(database, (5.0, 60.0), 10.0))
            finally:
                await database.close()

        return asyncio.run(run())

    def claimed(self, most: int = 10) -> list[tuple[str, str]]:
        claims = self.ask(lambda queue: queue.claim(most))
        return sorted((one.webhook_id, one.event["id"]) for one in claims)

    def row(self, flow_id: int) -> tuple[Any, ...]:
        return self.connection.execute(
            "SELECT attempts, dead, last_error, delivered_at IS NOT NULL, "
            "round(extract(epoch FROM next_attempt_at - created_at))::int "
            "FROM webhook_deliveries WHERE flow_id = %s",
            [flow_id],
        ).fetchone()


@pytest.fixture
def queue(database_url: str) -> Iterator[Queue]:
    found = Queue(database_url)
    yield found
    found.connection.close()


def test_oldest_message_of_each_webhook_is_taken_once(queue: Queue):
    queue.add("a", 1, 2)
    queue.add("b", 3)
    queue.add("off", 4, enabled=False)
    queue.add("idle")
    assert queue.claimed() == [("a", "1"), ("b", "3")]
    assert queue.claimed() == []


def test_no_more_are_taken_than_there_is_room_for(queue: Queue):
    for number in range(5):
        queue.add(f"hook{number}", number)
    assert len(queue.claimed(2)) == 2
    assert len(queue.claimed(10)) == 3


def test_of_nodes_that_take_at_the_same_time_one_gets_it(queue: Queue):
    queue.add("a", 1, 2)
    queue.add("b", 3, 4)

    async def all_at_once(one: DeliveryQueue) -> list[str]:
        databases = [Database(database_address(queue.address), connections=1) for _ in range(6)]
        nodes = [DeliveryQueue(database, (5.0,), 10.0) for database in databases]
        taken = await asyncio.gather(*(node.claim(10) for node in nodes))
        await asyncio.gather(*(database.close() for database in databases))
        return sorted(claim.event["id"] for claims in taken for claim in claims)

    assert queue.ask(all_at_once) == ["1", "3"]


def test_failed_message_waits_and_holds_up_those_behind_it(queue: Queue):
    queue.add("a", 1, 2)

    async def fail(one: DeliveryQueue) -> bool:
        (claim,) = await one.claim(10)
        return await one.note_failed(claim, "x" * 1000)

    assert queue.ask(fail) is False
    attempts, dead, error, delivered, pause = queue.row(1)
    assert (attempts, dead, delivered, len(error)) == (1, False, False, LONGEST_ERROR)
    assert 4 <= pause <= 30
    assert queue.claimed() == []
    for is_last in (False, True):
        queue.connection.execute("UPDATE webhook_deliveries SET next_attempt_at = now()")
        assert queue.ask(fail) is is_last
    assert queue.row(1)[:2] == (3, True)
    assert queue.claimed() == [("a", "2")]


def test_delivered_message_makes_room_for_the_next(queue: Queue):
    queue.add("a", 1, 2)

    async def deliver(one: DeliveryQueue) -> None:
        (claim,) = await one.claim(10)
        await one.note_delivered(claim)

    queue.ask(deliver)
    assert queue.row(1)[:4] == (1, False, None, True)
    assert queue.claimed() == [("a", "2")]


def test_message_of_a_node_that_crashed_is_taken_later(queue: Queue):
    queue.add("a", 1)
    assert queue.claimed() == [("a", "1")]
    (seconds,) = queue.connection.execute(
        "SELECT extract(epoch FROM busy_until - now())::int FROM webhooks"
    ).fetchone()
    assert 20 < seconds <= 40
    queue.connection.execute("UPDATE webhooks SET busy_until = now() - interval '1 second'")
    assert queue.claimed() == [("a", "1")]
    queue.ask(lambda one: one.release(["a"]))
    assert queue.claimed() == [("a", "1")]


def test_old_messages_are_forgotten_once_they_are_delivered(queue: Queue):
    queue.add("a", 1, 2, 3)
    queue.connection.execute(
        "UPDATE webhook_deliveries SET created_at = now() - interval '90 days', "
        "delivered_at = CASE flow_id WHEN 1 THEN now() - interval '31 days' "
        "WHEN 2 THEN now() - interval '29 days' END"
    )
    assert queue.ask(lambda one: one.forget(30)) == 1
    left = queue.connection.execute("SELECT flow_id FROM webhook_deliveries ORDER BY 1").fetchall()
    assert left == [(2,), (3,)]
