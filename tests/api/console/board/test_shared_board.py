"""Pages share what they read, are bounded, and are forgotten when no browser comes for them."""

import asyncio
from pathlib import Path

import httpx

from api.console.board.shared_reading import SharedReading
from tests.api.test_server import citypatrol, serving
from tests.waiting import wait_until


def subscribers(client: httpx.Client) -> int:
    (line,) = [
        line
        for line in client.get("/metrics").text.splitlines()
        if line.startswith("citypatrol_stream_subscribers")
    ]
    return int(float(line.split()[1]))


def test_pages_share_one_follower_and_are_bounded(own_folder: Path):
    made = citypatrol("keys", "create", "reader", "--scope", "read", "--data-dir", own_folder)
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    with serving(own_folder, "--maximum-pages", "3") as api:
        url = api.ready_message.split()[0]
        with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=30) as client:
            assert subscribers(client) == 0
            # No socket follows: this is no browser.
            answers = [client.get("/").status_code for _ in range(4)]
            assert answers == [200, 200, 200, 503]
            wait_until(lambda: subscribers(client) == 1)
            assert client.get("/health").status_code == 200
            # Those that nobody came for make room.
            wait_until(lambda: client.get("/").status_code == 200)
            assert subscribers(client) == 1


def test_a_reading_is_shared_while_it_is_good():
    readings = []

    async def read() -> list[int]:
        readings.append(len(readings))
        return [7]

    async def ask(seconds: float) -> list[list[int]]:
        shared = SharedReading(read, seconds)
        return [*await asyncio.gather(*(shared.get() for _ in range(5))), await shared.get()]

    assert asyncio.run(ask(3600)) == [[7]] * 6
    assert len(readings) == 1
    values = asyncio.run(ask(0))
    assert len(readings) == 7
    assert all(value is values[0] for value in values)
