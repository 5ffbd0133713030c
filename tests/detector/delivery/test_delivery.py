"""Delivery gets every event to the API through whatever the API does meanwhile."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from detector.delivery.api_client import ApiClient, BadKeyError
from detector.delivery.delivery import BATCH_SIZE, Delivery
from detector.delivery.outbox import Outbox, OutboxCounts
from detector.delivery.worker_settings import WorkerSettings
from tests.events import make_evidence, make_feature, make_sighting
from tests.waiting import wait_until


@dataclass
class MoodyApi:
    """An API that can be told to misbehave: what the real one does only on its worst days."""

    moods: list[int] = field(default_factory=list)
    refused_ids: set[str] = field(default_factory=set)
    early_ids: set[str] = field(default_factory=set)
    clock_behind: timedelta = timedelta(0)
    poisonous_ids: set[str] = field(default_factory=set)
    stored: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, object]:
        if self.moods:
            return self.moods.pop(0), {"title": "mood", "status": 0, "detail": "a bad day"}
        if method == "PUT":
            self.pictures.append(path.rpartition("/")[2])
            return 204, None
        ids = [feature["id"] for feature in json.loads(body)["features"]]
        if self.poisonous_ids & set(ids):
            return 413, {"title": "Too large", "status": 413, "detail": "the batch is too large"}
        receipts = []
        for event_id in ids:
            refused, early = event_id in self.refused_ids, event_id in self.early_ids
            if not (refused or early):
                self.stored.append(event_id)
            errors = [{"field": "properties.issue_code", "message": "unknown"}] if refused else []
            status = "rejected" if refused else "deferred" if early else "stored"
            receipts.append({"id": event_id, "status": status, "errors": errors})
        return 200, {"receipts": receipts}


@pytest.fixture
def moody() -> MoodyApi:
    return MoodyApi()


@pytest.fixture
def client(moody: MoodyApi) -> Iterator[ApiClient]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            status, answer = moody.answer(self.command, self.path, body)
            content = b"" if answer is None else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_PUT = do_POST = _answer  # noqa: N815 - the names http.server asks for

        def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002
            return format_datetime(datetime.now(UTC) - moody.clock_behind, usegmt=True)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings = WorkerSettings(
            api=f"http://127.0.0.1:{server.server_port}", key="0123456789", drain_seconds=5
        )
        with ApiClient(settings) as opened:
            yield opened
        server.shutdown()
        thread.join()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, 1 << 30) as opened:
        yield opened


def put(outbox: Outbox, count: int = 1) -> list[str]:
    ids = []
    for number in range(count):
        sighting, picture = make_sighting(), make_evidence(str(number).encode())
        outbox.put(make_feature(sighting, pictures=(picture,)), sighting, [picture])
        ids.append(sighting.event_id)
    return ids


def test_pictures_go_before_their_event(outbox: Outbox, client: ApiClient, moody: MoodyApi):
    ids = put(outbox, 3)

    with Delivery(outbox, client, drain_seconds=10) as delivery:
        pass

    assert moody.stored == ids
    assert len(moody.pictures) == 3
    assert delivery.counts().posted == 3
    assert outbox.counts() == OutboxCounts(waiting=0, refused=0)


@pytest.mark.parametrize("status", [500, 503, 429, 401])
def test_event_outlasts_a_failing_api(
    outbox: Outbox, client: ApiClient, moody: MoodyApi, status: int
):
    moody.moods = [status, status]
    ids = put(outbox)

    with Delivery(outbox, client, drain_seconds=0) as delivery:
        wait_until(lambda: moody.stored == ids and outbox.counts().waiting == 0)

    assert delivery.counts().failures == 2


def test_events_of_the_apis_future_wait_and_hold_up_no_others(
    outbox: Outbox, client: ApiClient, moody: MoodyApi
):
    moody.clock_behind = timedelta(minutes=10)
    ids = put(outbox, BATCH_SIZE + 1)
    early = ids[:BATCH_SIZE]
    moody.early_ids = set(early)

    with capture_logs() as logs, Delivery(outbox, client, drain_seconds=0) as delivery:
        wait_until(lambda: outbox.counts() == OutboxCounts(waiting=BATCH_SIZE, refused=0))
        assert moody.stored == ids[BATCH_SIZE:]
        moody.early_ids.clear()
        wait_until(lambda: outbox.counts().waiting == 0)

    assert set(moody.stored) == set(ids)
    assert delivery.counts().refused == 0
    assert client.clock.ahead_seconds == pytest.approx(600, abs=30)
    said = [one["event"] for one in logs]
    assert said.count("api_clock_differs") == 1
    assert "delivery_failed" in said


def test_outbox_that_cannot_be_written_for_a_while_stops_nothing(
    outbox: Outbox, client: ApiClient, moody: MoodyApi, tmp_path: Path
):
    ids = put(outbox)
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Delivery(outbox, client, drain_seconds=0) as delivery:
            wait_until(lambda: delivery.counts().failures > 0)
            other.execute("ROLLBACK")
            wait_until(lambda: outbox.counts().waiting == 0)
            assert delivery.alive

    assert set(moody.stored) == set(ids)


def test_one_refused_event_does_not_hold_up_the_others(
    outbox: Outbox, client: ApiClient, moody: MoodyApi
):
    good, bad, fine = put(outbox, 3)
    moody.refused_ids = {bad}

    with Delivery(outbox, client, drain_seconds=10) as delivery:
        pass

    assert moody.stored == [good, fine]
    assert delivery.counts().refused == 1
    assert outbox.counts() == OutboxCounts(waiting=0, refused=1)


def test_event_for_which_a_whole_batch_is_refused_is_found(
    outbox: Outbox, client: ApiClient, moody: MoodyApi
):
    good, bad, fine = put(outbox, 3)
    moody.poisonous_ids = {bad}

    with Delivery(outbox, client, drain_seconds=10):
        pass

    assert sorted(moody.stored) == sorted([good, fine])
    assert outbox.counts() == OutboxCounts(waiting=0, refused=1)


def test_stopping_while_the_api_is_away_keeps_what_waits(outbox: Outbox, tmp_path: Path):
    put(outbox)
    nobody = WorkerSettings(api="http://127.0.0.1:9", key="0123456789")

    with ApiClient(nobody) as client, Delivery(outbox, client, drain_seconds=0) as delivery:
        wait_until(lambda: delivery.counts().failures > 0)

    assert outbox.counts().waiting == 1


def test_unknown_key_is_named_without_showing_it(client: ApiClient, moody: MoodyApi):
    moody.moods = [401]

    with pytest.raises(BadKeyError, match="keys create") as caught:
        client.post_events([make_feature(make_sighting())])

    assert "0123456789" not in str(caught.value)
