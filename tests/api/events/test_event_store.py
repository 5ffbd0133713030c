"""Events in: stored once, judged one by one, only after commit."""

import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from structlog.testing import capture_logs

from api.settings import ApiSettings
from tests.api.running_api import JPEG_SHA256, START, RunningApi, batch, event, event_id
from tests.waiting import wait_until


def statuses(receipts: list[dict]) -> list[str]:
    return [receipt["status"] for receipt in receipts]


def test_event_is_stored_and_named(api: RunningApi):
    api.add_camera()
    api.add_evidence()
    picture = {"kind": "frame", "sha256": JPEG_SHA256, "captured_at": START.isoformat()}
    (receipt,) = api.post(event(evidence=[picture], zone_id="kerb"))
    assert receipt["status"] == "stored"
    stored = api.reader.get(f"/v1/events/{event_id(0)}").json()
    properties = stored["properties"]
    assert stored["geometry"]["coordinates"] == [113.9413, 22.5403]
    assert properties["status"] == "open"
    assert properties["camera_name"] == "North gate, Shennan Road"
    assert properties["issue_name_en"] == "Illegal motor-vehicle parking"
    assert properties["department_zh"] == "公安交管"
    assert properties["evidence"][0]["sha256"] == JPEG_SHA256
    assert properties["change"] > 0
    assert properties["received_at"] == receipt["received_at"]


def test_repeated_and_overtaken_deliveries_change_nothing(api: RunningApi):
    api.add_camera()
    second = event(revision=2, observed_count=7, unwatched_seconds=90.5)
    assert statuses(api.post(second)) == ["stored"]
    assert statuses(api.post(event(revision=2, observed_count=9))) == ["duplicate"]
    assert statuses(api.post(event(revision=1, observed_count=1))) == ["duplicate"]
    (stored,) = api.stored()
    assert stored["properties"]["observed_count"] == 7
    assert stored["properties"]["unwatched_seconds"] == 90.5
    cleared = (START + timedelta(seconds=60)).isoformat()
    assert statuses(api.post(event(revision=5, cleared_at=cleared))) == ["updated"]
    (stored,) = api.stored()
    assert stored["properties"]["status"] == "cleared"


def test_same_event_twice_in_a_batch(api: RunningApi):
    api.add_camera()
    receipts = api.post(event(revision=2), event(revision=1), event(revision=3))
    assert statuses(receipts) == ["stored", "duplicate", "updated"]
    (stored,) = api.stored()
    assert stored["properties"]["revision"] == 3


def test_one_bad_event_does_not_hold_up_the_others(api: RunningApi):
    api.add_camera()
    receipts = api.post(event(1), "nonsense", event(2, issue_code="00000"), event(3), None)
    assert statuses(receipts) == ["stored", "rejected", "rejected", "stored", "rejected"]
    assert {one["id"] for one in api.stored()} == {event_id(1), event_id(3)}


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"issue_code": "00000"}, "properties.issue_code", "00000"),
        ({"issue_code": "cars"}, "properties.issue_code", "cars"),
        ({"camera_id": "nowhere"}, "properties.camera_id", "nowhere"),
        ({"score": 1.5}, "properties.score", 1.5),
        ({"score": "high"}, "properties.score", "high"),
        ({"observed_count": 2**40}, "properties.observed_count", 2**40),
        ({"revision": 0}, "properties.revision", 0),
        ({"accuracy_m": -1}, "properties.accuracy_m", -1),
        ({"first_seen": "yesterday"}, "properties.first_seen", "yesterday"),
        ({"first_seen": "2025-01-01T00:00:00"}, "properties.first_seen", "2025-01-01T00:00:00"),
        ({"schema_version": 2}, "properties.schema_version", 2),
        ({"zone_id": "a\0b"}, "properties.zone_id", "a\0b"),
        ({"location_source": "guess"}, "properties.location_source", "guess"),
        ({"plate": "B 12345"}, "properties.plate", "B 12345"),
        (
            {"detections": [{"class_name": "car", "score": 1, "box": [0, 0, 2, 1]}]},
            "properties.detections.0.box.2",
            2,
        ),
        (
            {"first_seen": "0001-01-01T00:00:00+08:00"},
            "properties.first_seen",
            "0001-01-01T00:00:00+08:00",
        ),
        ({"accuracy_m": 1e308}, "properties.accuracy_m", 1e308),
        ({"accuracy_m": "5"}, "properties.accuracy_m", "5"),
        ({"unwatched_seconds": 1e308}, "properties.unwatched_seconds", 1e308),
        ({"revision": "3"}, "properties.revision", "3"),
        ({"revision": True}, "properties.revision", True),
        ({"revision": 2**31}, "properties.revision", 2**31),
        ({"schema_version": True}, "properties.schema_version", True),
        ({"observed_count": 3.5}, "properties.observed_count", 3.5),
        ({"score": False}, "properties.score", False),
        ({"first_seen": 1764345600}, "properties.first_seen", 1764345600),
    ],
)
def test_bad_field_is_named_with_its_value(api: RunningApi, changes, field, value):
    api.add_camera()
    (receipt,) = api.post(event(**changes))
    assert receipt["status"] == "rejected"
    found = {error["field"]: error["value"] for error in receipt["errors"]}
    assert found.get(field) == value
    assert api.stored() == []


@pytest.mark.parametrize("field", ["first_seen", "last_seen", "cleared_at"])
@pytest.mark.parametrize(
    ("ahead", "status"),
    [
        (timedelta(minutes=10), "deferred"),
        (timedelta(hours=12), "deferred"),
        (timedelta(days=2), "rejected"),
    ],
    ids=["minutes", "hours", "days"],
)
def test_future_time_is_named_and_worth_a_retry_unless_it_is_far(
    api: RunningApi, field: str, ahead: timedelta, status: str
):
    api.add_camera()
    future = (datetime.now(UTC) + ahead).isoformat()
    names = ["first_seen", "last_seen", "cleared_at"]
    (receipt,) = api.post(event(**dict.fromkeys(names[names.index(field) :], future)))
    assert receipt["status"] == status
    errors = {error["field"]: error for error in receipt["errors"]}
    assert "future" in errors[f"properties.{field}"]["message"]
    assert errors[f"properties.{field}"]["value"] == future
    assert api.stored() == []


def test_deferred_event_is_stored_once_its_time_has_come(settings: ApiSettings):
    with RunningApi(settings.model_copy(update={"clock_skew_seconds": 0.0})) as api:
        api.add_camera()
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        early = event(last_seen=soon)
        good = event(1)
        first, second = api.post(early, good)
        assert (first["status"], second["status"]) == ("deferred", "stored")
        wait_until(lambda: api.post(early)[0]["status"] == "stored")
        assert len(api.stored()) == 2


def test_clocks_of_workers_are_measured(api: RunningApi):
    api.add_camera()
    ahead = datetime.now(UTC) + timedelta(minutes=10)
    headers = {"Date": format_datetime(ahead, usegmt=True)}
    with capture_logs() as logs:
        for _ in range(2):
            api.http.post("/v1/events", json=batch(event()), headers=headers)
        api.http.post("/v1/events", json=batch(event()), headers={"Date": "yesterday"})
    said = [one for one in logs if one["event"] == "worker_clock_differs"]
    assert [one["key"] for one in said] == ["worker"]
    measured = re.search(
        r'worker_clock_ahead_seconds\{key="worker"\} ([0-9.]+)', api.reader.get("/metrics").text
    )
    assert float(measured[1]) == pytest.approx(600, abs=30)


def test_slightly_fast_clock_is_allowed(api: RunningApi):
    api.add_camera()
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    assert statuses(api.post(event(last_seen=soon))) == ["stored"]


def test_times_out_of_order_are_refused(api: RunningApi):
    api.add_camera()
    (receipt,) = api.post(event(last_seen=(START - timedelta(days=1)).isoformat()))
    assert "before first_seen" in receipt["errors"][0]["message"]


def test_unknown_evidence_is_refused(api: RunningApi):
    api.add_camera()
    picture = {"kind": "crop", "sha256": "0" * 64, "captured_at": START.isoformat()}
    (receipt,) = api.post(event(evidence=[picture]))
    assert receipt["errors"][0]["field"] == "properties.evidence.0.sha256"
    assert receipt["errors"][0]["value"] == "0" * 64


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"camera_id": "south-gate"}, "camera_id"),
        ({"issue_code": "09010"}, "issue_code"),
        ({"first_seen": (START - timedelta(days=2)).isoformat()}, "first_seen"),
    ],
)
def test_identity_of_a_stored_event_is_fixed(api: RunningApi, changes, field):
    api.add_camera()
    api.add_camera(camera_id="south-gate")
    api.post(event())
    (receipt,) = api.post(event(revision=2, **changes))
    assert [error["field"] for error in receipt["errors"]] == [f"properties.{field}"]
    assert api.stored()[0]["properties"]["revision"] == 1


def test_stored_event_goes_on_after_its_camera_was_deleted(api: RunningApi):
    api.add_camera()
    api.post(event())
    assert api.http.delete("/v1/cameras/north-gate").status_code == 204
    assert statuses(api.post(event(revision=2))) == ["updated"]
    assert api.stored()[0]["properties"]["camera_name"] == "North gate, Shennan Road"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "features"),
        ({"type": "FeatureCollection", "features": []}, "features"),
        ({"type": "Feature", "features": [1]}, "type"),
        ([], ""),
        ("text", ""),
        (batch(*range(201)), "features"),
        ({**batch(1), "more": 1}, "more"),
    ],
)
def test_wrong_shape_of_a_batch(api: RunningApi, body, field):
    answer = api.http.post("/v1/events", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_many_writers_at_once_lose_and_repeat_nothing(api: RunningApi):
    api.add_camera()

    def post_all() -> None:
        for start in range(0, 40, 10):
            api.post(*(event(number) for number in range(start, start + 10)))

    writers = [threading.Thread(target=post_all) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = api.stored("?limit=500")
    assert sorted(one["id"] for one in found) == [event_id(number) for number in range(40)]
    assert len({one["properties"]["change"] for one in found}) == 40
