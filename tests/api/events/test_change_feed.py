"""The stream: every change, in order, also after a break."""

import json
from collections.abc import Iterator

import psycopg
import pytest

from api.settings import ApiSettings
from tests.api.running_api import RunningApi, event, event_id, stream
from tests.waiting import wait_until


def messages(lines: Iterator[str]) -> Iterator[tuple[int, dict]]:
    """Give the change number and the event of each message."""
    change = -1
    for line in lines:
        if line.startswith("id: "):
            change = int(line.removeprefix("id: "))
        if line.startswith("data: "):
            yield change, json.loads(line.removeprefix("data: "))


def subscribers(api: RunningApi) -> int:
    text = api.reader.get("/metrics").text
    (line,) = [one for one in text.splitlines() if one.startswith("citypatrol_stream_subscribers")]
    return int(float(line.split()[1]))


def test_changes_are_pushed_in_order(api: RunningApi):
    api.add_camera()
    with stream(api) as lines:
        wait_until(lambda: subscribers(api) == 1)
        api.post(event(0), event(1))
        api.post(event(0, revision=2))
        found = messages(lines)
        seen = [next(found) for _ in range(3)]
    assert [one["id"] for _, one in seen] == [event_id(0), event_id(1), event_id(0)]
    changes = [change for change, _ in seen]
    assert changes == sorted(changes)
    assert changes == [one["properties"]["change"] for _, one in seen]
    assert seen[2][1]["properties"]["revision"] == 2
    wait_until(lambda: subscribers(api) == 0)


@pytest.mark.parametrize("way", ["header", "query"])
def test_reader_that_comes_back_gets_what_it_missed(api: RunningApi, way: str):
    api.add_camera()
    api.post(*(event(number) for number in range(3)))
    last = min(one["properties"]["change"] for one in api.stored())
    options = (
        {"headers": {"Last-Event-ID": str(last)}}
        if way == "header"
        else {"params": {"after": last}}
    )
    with stream(api, **options) as lines:
        found = messages(lines)
        missed = [next(found)[1]["id"] for _ in range(2)]
        wait_until(lambda: subscribers(api) == 1)
        api.post(event(9))
        assert [*missed, next(found)[1]["id"]] == [event_id(1), event_id(2), event_id(9)]


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 30, "²"])
def test_bad_last_event_id_is_named(api: RunningApi, given: str):
    headers = {"Last-Event-ID": given.encode()}
    answer = api.reader.get("/v1/stream", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "last-event-id"


def test_quiet_stream_is_kept_alive(api: RunningApi):
    with stream(api) as lines:
        assert next(line for line in lines if line.startswith(": ping"))


def test_a_reader_whose_key_was_revoked_is_cut_off(api: RunningApi):
    with stream(api) as lines:
        wait_until(lambda: subscribers(api) == 1)
        with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
            connection.execute("UPDATE worker_keys SET revoked_at = now() WHERE name = 'reader'")
        assert [line for line in lines if line.startswith("data")] == []
        with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
            connection.execute("UPDATE worker_keys SET revoked_at = NULL WHERE name = 'reader'")
    wait_until(lambda: subscribers(api) == 0)


def test_lost_database_connections_lose_no_change(fresh_api: RunningApi):
    api = fresh_api
    api.add_camera()
    address = api.settings.database_url.get_secret_value()
    with stream(api) as lines, psycopg.connect(address, autocommit=True) as connection:
        wait_until(lambda: subscribers(api) == 1)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        receipts = wait_until(lambda: posted(api, event(0)), what="the API to reconnect")
        assert receipts[0]["status"] == "stored"
        assert next(messages(lines))[1]["id"] == event_id(0)


def test_connection_lost_while_a_reader_subscribes_loses_no_change(fresh_api: RunningApi):
    api = fresh_api
    api.add_camera()
    address = api.settings.database_url.get_secret_value()
    with (
        stream(api),
        stream(api) as lines,
        psycopg.connect(address, autocommit=True) as connection,
        psycopg.connect(address) as locking,
    ):
        wait_until(lambda: subscribers(api) == 2)
        locking.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        with stream(api) as third:
            wait_until(lambda: subscribers(api) == 3)
            wait_until(lambda: waiting_for_locks(connection) > 0)
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            locking.rollback()
            wait_until(lambda: posted(api, event(0)), what="the API to reconnect")
            assert next(messages(third))[1]["id"] == event_id(0)
            assert next(messages(lines))[1]["id"] == event_id(0)


def waiting_for_locks(connection: psycopg.Connection) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return count


def posted(api: RunningApi, feature: dict) -> list[dict] | None:
    """Post like a worker, which tries again after a 503."""
    body = {"type": "FeatureCollection", "features": [feature]}
    answer = api.http.post("/v1/events", json=body)
    assert answer.status_code in {200, 503}, answer.text
    return answer.json()["receipts"] if answer.is_success else None


def test_reader_that_does_not_keep_up_is_cut_off_and_counted(settings: ApiSettings):
    with RunningApi(settings.model_copy(update={"subscriber_queue": 1})) as api:
        api.add_camera()
        with stream(api) as lines:
            wait_until(lambda: subscribers(api) == 1)
            # One batch is published at once, long before the reader's task runs.
            api.post(*(event(number) for number in range(20)))
            seen = [change for change, _ in messages(lines)]
        assert len(seen) < 20
        assert "citypatrol_stream_overflows_total 1.0" in api.reader.get("/metrics").text
        after = {"headers": {"Last-Event-ID": str(max(seen, default=0))}}
        with stream(api, **after) as lines:
            found = messages(lines)
            resumed = [next(found)[0] for _ in range(20 - len(seen))]
        assert len({*seen, *resumed}) == 20
