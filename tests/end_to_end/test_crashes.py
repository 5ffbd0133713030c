"""A crash of either side loses no event and stores none twice."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.contract.events import EventStatus
from demo.district_processes import ApiAccess, DistrictApi, DistrictWorker
from detector.rules.judgement.watch_state import WatchState
from tests.end_to_end.conftest import Street, replayed, stored_events
from tests.waiting import wait_until


def port_of(access: ApiAccess) -> int:
    return int(access.url.rpartition(":")[2])


def waiting_events(folder: Path) -> int:
    """Events in a worker's outbox, read from outside the worker."""
    path = folder / "outbox.sqlite"
    if not path.exists():
        return 0
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return int(database.execute("SELECT count(*) FROM waiting").fetchone()[0])


def test_sigkill_of_the_api_loses_no_event_and_stores_none_twice(
    tmp_path: Path, worker_options: list[str]
):
    streets = [Street(f"gate-{number}", dwell_seconds=1.0 + number) for number in range(5)]
    expected = {street.camera_id for street in streets}
    outbox = tmp_path / "worker"
    with replayed(tmp_path, streets) as cameras:
        first = DistrictApi(tmp_path / "api", 0)
        with first:
            worker = DistrictWorker(first.access, outbox, worker_options)
            with worker:
                first.put_cameras(cameras)
                wait_until(lambda: stored_events(first.access), timeout=60)
                first.child.kill()
                wait_until(lambda: waiting_events(outbox) >= 3, timeout=60)

                access = first.access
                with DistrictApi(tmp_path / "api", port_of(access), access.keys) as second:
                    wait_until(
                        lambda: (
                            {e.properties.camera_id for e in stored_events(second.access)}
                            >= expected
                        ),
                        timeout=60,
                    )
                    last = max(e.properties.change for e in stored_events(second.access))
                    wait_until(
                        lambda: (
                            min(e.properties.change for e in stored_events(second.access)) > last
                        ),
                        timeout=60,
                    )
                    events = stored_events(second.access)

    assert Counter(event.properties.camera_id for event in events) == Counter(expected)
    assert worker.report().events_refused == 0


def test_sigkill_of_the_worker_loses_no_event_and_stores_none_twice(
    tmp_path: Path, worker_options: list[str]
):
    outbox = tmp_path / "worker"
    with replayed(tmp_path, [Street("gate", dwell_seconds=2.0)]) as cameras:
        first = DistrictApi(tmp_path / "api", 0)
        with first, DistrictWorker(first.access, outbox, worker_options) as worker:
            first.put_cameras(cameras)
            wait_until(lambda: waiting_events(outbox) or stored_events(first.access), timeout=60)
            first.child.kill()
            wait_until(lambda: waiting_events(outbox) == 1, timeout=60)
            worker.child.kill()

        access = first.access
        with (
            DistrictApi(tmp_path / "api", port_of(access), access.keys) as second,
            DistrictWorker(second.access, outbox, worker_options),
        ):
            wait_until(lambda: stored_events(second.access), timeout=60)
            seen = stored_events(second.access)[0].properties.observed_count
            wait_until(
                lambda: stored_events(second.access)[0].properties.observed_count > seen + 3,
                timeout=60,
            )
            (event,) = stored_events(second.access)

    assert event.properties.status is EventStatus.OPEN
    assert event.properties.evidence


def watched_seconds(folder: Path) -> float:
    """Dwell of the longest watched car, read from outside the worker."""
    path = folder / "memory.sqlite"
    if not path.exists():
        return 0.0
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        states = [row[0] for row in database.execute("SELECT state FROM watch_states")]
    objects = [one for state in states for one in WatchState.model_validate_json(state).objects]
    return max((one.presence.dwell_seconds for one in objects), default=0.0)


def test_sigkill_in_the_middle_of_a_dwell_loses_nothing(tmp_path: Path, worker_options: list[str]):
    outbox = tmp_path / "worker"
    with (
        replayed(tmp_path, [Street("gate", dwell_seconds=12.0)]) as cameras,
        DistrictApi(tmp_path / "api", 0) as api,
    ):
        api.put_cameras(cameras)
        with DistrictWorker(api.access, outbox, worker_options) as worker:
            wait_until(lambda: watched_seconds(outbox) >= 5, timeout=60)
            worker.child.kill()
        killed_at = datetime.now(UTC)
        assert not stored_events(api.access)
        with DistrictWorker(api.access, outbox, worker_options):
            wait_until(lambda: stored_events(api.access), timeout=60)
            (event,) = stored_events(api.access)

    assert event.properties.first_seen < killed_at - timedelta(seconds=4)
    assert event.properties.last_seen > killed_at
