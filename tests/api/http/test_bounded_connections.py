"""Clients that connect and say nothing, or half of something."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil

from api.http.bounded_connections import most_connections
from api.settings import ApiSettings
from tests.api.running_api import RunningApi
from tests.api.test_server import serving
from tests.waiting import wait_until

HALF = b"POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Le"


@contextmanager
def half_sent(url: str, count: int) -> Iterator[list[socket.socket]]:
    address = httpx.URL(url)
    with ExitStack() as stack:
        connections = []
        for _ in range(count):
            one = socket.create_connection((address.host, address.port), timeout=20)
            connections.append(stack.enter_context(one))
            one.sendall(HALF)
        yield connections


def is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


def test_half_sent_requests_are_closed_after_a_while(own_folder: Path):
    with serving(own_folder, "--header-seconds", "0.5") as api:
        url = api.ready_message.split()[0]
        with half_sent(url, 20) as connections:
            assert httpx.get(f"{url}/health", trust_env=False).status_code == 200
            assert all(is_closed(one) for one in connections)
        with httpx.Client(base_url=url, trust_env=False) as client:
            # A second request on one connection may not be half sent either, nor is it disturbed.
            assert all(client.get("/health").status_code == 200 for _ in range(3))


def test_too_many_connections_leave_room_for_one_that_asks(own_folder: Path):
    options = ["--maximum-connections", "30", "--header-seconds", "300"]
    with serving(own_folder, *options) as api:
        url = api.ready_message.split()[0]
        before = len(psutil.Process(api.pid).net_connections("tcp"))
        with half_sent(url, 100) as connections:
            for _ in range(3):
                assert httpx.get(f"{url}/health", trust_env=False, timeout=20).status_code == 200
            # Those that came first went first.
            assert all(is_closed(one) for one in connections[:60])
            wait_until(lambda: len(psutil.Process(api.pid).net_connections("tcp")) <= before + 31)


def test_body_that_stops_coming_is_given_up(settings: ApiSettings):
    with RunningApi(settings.model_copy(update={"body_pause_seconds": 0.2})) as api:
        address = httpx.URL(api.url)
        with socket.create_connection((address.host, address.port), timeout=20) as connection:
            headers = f"Authorization: Bearer {api.key}\r\nContent-Type: application/json\r\n"
            start = f"POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n{headers}\r\n["
            connection.sendall(start.encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 408")


def test_the_limit_fits_what_the_process_may_open(monkeypatch):
    limits = [(600, 1000)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, given: limits.append(given))
    assert most_connections(200) == 200
    assert limits == [(600, 1000)]
    assert most_connections(5000) == 744
    assert limits[-1] == (1000, 1000)
