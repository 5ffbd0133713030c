"""Previews: the newest picture of each camera."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.running_api import JPEG, START, RunningApi

URL = "/v1/cameras/north-gate/preview"


def put(api: RunningApi, jpeg: bytes, captured_at: datetime) -> int:
    headers = {"Content-Type": "image/jpeg", "X-Captured-At": captured_at.isoformat()}
    return api.http.put(URL, content=jpeg, headers=headers).status_code


def test_newest_picture_wins(api: RunningApi):
    api.add_camera()
    assert api.reader.get(URL).status_code == 404
    assert put(api, JPEG + b"1", START) == 204
    first = api.reader.get(URL)
    assert first.content == JPEG + b"1"
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["last-modified"] == START.strftime("%a, %d %b %Y %H:%M:%S GMT")
    unchanged = api.reader.get(URL, headers={"If-None-Match": first.headers["etag"]})
    assert unchanged.status_code == 304
    assert put(api, JPEG + b"2", START + timedelta(seconds=1)) == 204
    assert put(api, JPEG + b"0", START - timedelta(seconds=1)) == 204
    newest = api.reader.get(URL, headers={"If-None-Match": first.headers["etag"]})
    assert newest.content == JPEG + b"2"
    (camera,) = [
        one["properties"]
        for one in api.reader.get("/v1/cameras.geojson").json()["features"]
        if one["properties"]["feature"] == "camera"
    ]
    shown = datetime.fromisoformat(camera["last_preview_at"])
    assert shown == START + timedelta(seconds=1)


def test_picture_by_a_fast_clock_does_not_hide_those_that_follow(api: RunningApi):
    api.add_camera()
    assert put(api, JPEG + b"fast", datetime.now(UTC) + timedelta(minutes=10)) == 204
    assert put(api, JPEG + b"set", datetime.now(UTC)) == 204
    assert api.reader.get(URL).content == JPEG + b"set"


def test_preview_of_an_unknown_camera(api: RunningApi):
    assert put(api, JPEG, START) == 404


def test_preview_goes_with_its_camera(api: RunningApi):
    api.add_camera()
    put(api, JPEG, START)
    api.http.delete("/v1/cameras/north-gate")
    api.add_camera()
    assert api.reader.get(URL).status_code == 404


@pytest.mark.parametrize(
    "captured_at",
    [None, "now", "2025-01-01T00:00:00", (datetime.now(UTC) + timedelta(days=2)).isoformat()],
    ids=["missing", "no time", "no zone", "future"],
)
def test_bad_time_is_named(api: RunningApi, captured_at):
    api.add_camera()
    headers = {"Content-Type": "image/jpeg"}
    if captured_at is not None:
        headers["X-Captured-At"] = captured_at
    answer = api.http.put(URL, content=JPEG, headers=headers)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["x-captured-at"]


def test_what_is_no_jpeg_is_refused(api: RunningApi):
    api.add_camera()
    for content in (b"<html>", b"\xff\xd8\xff<html>"):
        assert put(api, content, START) == 422
