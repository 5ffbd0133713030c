"""What workers say is wrong with cameras: read by everyone, forgotten when nobody says it again."""

from typing import Any

import psycopg
import pytest

from api.routes import examples
from tests.api.running_api import START, RunningApi

URL = "/v1/cameras/north-gate/condition"
DARK = {
    "fault": "dark",
    "state": "suspected",
    "since": START.isoformat(),
    "measured": "median brightness 7 of 255, below 20",
}


def condition(*faults: dict[str, Any]) -> dict[str, Any]:
    return {"faults": faults, "next_report_seconds": 30}


def fault_states(answer: Any) -> list[tuple[str, str]]:
    return [(fault["fault"], fault["state"]) for fault in answer.json()["faults"]]


def test_a_suspicion_is_told_at_once_and_forgotten_when_it_is_lifted(api: RunningApi):
    api.add_camera()
    assert api.reader.get(URL).json() == {
        "camera_id": "north-gate",
        "faults": [],
        "reported_at": None,
    }
    assert api.http.put(URL, json=condition(DARK)).status_code == 204

    known = api.reader.get(URL)
    assert fault_states(known) == [("dark", "suspected")]
    assert known.json()["faults"][0]["measured"] == DARK["measured"]
    assert known.json().keys() == examples.KNOWN_CONDITION.keys()
    assert api.reader.get("/v1/camera-conditions").json() == [known.json()]

    standing = {**DARK, "state": "standing"}
    assert api.http.put(URL, json=condition(standing)).status_code == 204
    assert fault_states(api.reader.get(URL)) == [("dark", "standing")]
    assert api.http.put(URL, json=condition()).status_code == 204
    assert fault_states(api.reader.get(URL)) == []
    assert api.reader.get("/v1/camera-conditions").json() == []


def test_what_is_long_overdue_counts_no_more(api: RunningApi):
    api.add_camera()
    api.http.put(URL, json=condition(DARK))
    with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
        connection.execute(
            "UPDATE camera_conditions SET reported_at = now() - interval '91 seconds'"
        )
    assert fault_states(api.reader.get(URL)) == []
    assert api.reader.get("/v1/camera-conditions").json() == []


def test_a_condition_goes_with_its_camera(api: RunningApi):
    assert api.http.put(URL, json=condition(DARK)).status_code == 404
    assert api.reader.get(URL).status_code == 404
    api.add_camera()
    api.http.put(URL, json=condition(DARK))
    api.http.delete("/v1/cameras/north-gate")
    api.add_camera()
    assert fault_states(api.reader.get(URL)) == []


def test_only_workers_may_say_it(api: RunningApi):
    api.add_camera()
    assert api.reader.put(URL, json=condition(DARK)).status_code == 403
    assert api.nobody.put(URL, json=condition(DARK)).status_code == 401
    assert api.nobody.get(URL).status_code == 401


@pytest.mark.parametrize(
    ("field", "value"),
    [("fault", "Dark!"), ("state", "sure"), ("since", "2025-01-01T00:00:00"), ("measured", "\0")],
)
def test_a_bad_field_is_named(api: RunningApi, field: str, value: str):
    api.add_camera()
    answer = api.http.put(URL, json=condition({**DARK, field: value}))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [f"faults.0.{field}"]
