"""What a worker leaves to the next of a camera: one holder, opaque, gone with the camera."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from api.routes import examples
from tests.api.running_api import START, RunningApi

URL = "/v1/cameras/north-gate/memory"
FIRST = "01JD8Z6Q3V5W7X9Y1A3C5E7G91"
SECOND = "01JD8Z6Q3V5W7X9Y1A3C5E7G92"


def memory(holder: str, **changes: Any) -> dict[str, Any]:
    return {
        "holder": holder,
        "latest_look": START.isoformat(),
        "state": base64.b64encode(b"\x00state\xff").decode(),
        **changes,
    }


def test_what_was_kept_is_given_back(api: RunningApi):
    api.add_camera()
    assert api.http.get(URL).status_code == 404
    health = base64.b64encode(b"views").decode()
    assert api.http.put(URL, json=memory(FIRST, health=health)).status_code == 204
    later = (START + timedelta(seconds=30)).isoformat()
    assert api.http.put(URL, json=memory(FIRST, latest_look=later)).status_code == 204
    kept = api.http.get(URL).json()
    assert kept == memory(FIRST, health=health, latest_look=kept["latest_look"])
    assert kept.keys() == examples.CAMERA_MEMORY.keys()
    assert kept["latest_look"].startswith("20")


def test_only_who_took_over_replaces_the_memory_of_another_worker(api: RunningApi):
    api.add_camera()
    assert api.http.put(URL, json=memory(FIRST)).status_code == 204

    refused = api.http.put(URL, json=memory(SECOND))
    assert refused.status_code == 409
    assert FIRST in refused.json()["detail"]
    assert api.http.get(URL).json()["holder"] == FIRST

    # Twice: the first answer may have been lost.
    for _ in range(2):
        taken = api.http.put(URL, json=memory(SECOND, takes_over_from=FIRST))
        assert taken.status_code == 204
    assert api.http.get(URL).json()["holder"] == SECOND
    assert api.http.put(URL, json=memory(FIRST)).status_code == 409


def test_memory_goes_with_its_camera(api: RunningApi):
    assert api.http.put(URL, json=memory(FIRST)).status_code == 404
    api.add_camera()
    api.http.put(URL, json=memory(FIRST))
    api.http.delete("/v1/cameras/north-gate")
    api.add_camera()
    assert api.http.get(URL).status_code == 404


def test_it_is_for_workers_only(api: RunningApi):
    api.add_camera()
    for client, status in ((api.reader, 403), (api.nobody, 401)):
        assert client.get(URL).status_code == status
        assert client.put(URL, json=memory(FIRST)).status_code == status


@pytest.mark.parametrize(
    ("field", "value"),
    [("holder", "me"), ("latest_look", "2025-01-01T00:00:00"), ("state", ""), ("state", "%")],
)
def test_a_bad_field_is_named(api: RunningApi, field: str, value: str):
    api.add_camera()
    answer = api.http.put(URL, json={**memory(FIRST), field: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
