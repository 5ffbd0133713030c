"""A disk that is full: said as what it is, and nothing is half kept."""

import errno
import hashlib
import os

import psycopg
import pytest

from tests.api.running_api import JPEG, JPEG_SHA256, START, RunningApi, batch, event

IMAGE = {"Content-Type": "image/jpeg"}
NO_SPACE = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
FILL_UP = """
CREATE FUNCTION fill_up() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$
"""
TABLES = ("camera_previews", "camera_references", "camera_memories", "events", "evidence", "grids")


def fails(*_: object) -> None:
    raise NO_SPACE


def test_evidence_without_room_is_507_and_comes_in_later(api: RunningApi, monkeypatch):
    picture = JPEG + b"of no other test"
    url = f"/v1/evidence/{hashlib.sha256(picture).hexdigest()}"
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fails)
        answer = api.http.put(url, content=picture, headers=IMAGE)
    assert answer.status_code == 507
    assert answer.headers["content-type"] == "application/problem+json"
    assert "is full" in answer.json()["detail"]
    assert api.reader.get(url).status_code == 404
    assert api.http.put(url, content=picture, headers=IMAGE).status_code == 201
    assert api.reader.get(url).content == picture


@pytest.mark.parametrize("sign", ["free bytes", "quota"])
def test_health_says_that_there_is_no_room(api: RunningApi, monkeypatch, sign):
    assert api.reader.get("/health").status_code == 200
    if sign == "quota":
        monkeypatch.setattr(os, "posix_fallocate", fails)
    else:
        monkeypatch.setattr("api.database.data_folder_room.LEAST_ROOM_BYTES", 1 << 80)
    answer = api.reader.get("/health")
    assert answer.status_code == 503
    assert str(api.settings.data_dir) in answer.json()["detail"]


def test_whatever_the_database_has_no_room_for_is_507(fresh_api: RunningApi):
    api = fresh_api
    api.add_camera()
    with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
        connection.execute(FILL_UP)
        for table in TABLES:
            connection.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION fill_up()"
            )
    memory = {"holder": "01JD8Z6Q3V5W7X9Y1A3C5E7G9J", "latest_look": START.isoformat()}
    captured = {**IMAGE, "X-Captured-At": START.isoformat()}
    camera = "/v1/cameras/north-gate"
    for answer in (
        api.http.post("/v1/events", json=batch(event())),
        api.http.put(f"{camera}/preview", content=JPEG, headers=captured),
        api.http.put(f"{camera}/references/first", content=JPEG, headers=IMAGE),
        api.http.put(f"{camera}/memory", json={**memory, "state": "AAAA"}),
        api.http.put(f"/v1/evidence/{JPEG_SHA256}", content=JPEG, headers=IMAGE),
        api.http.put("/v1/grids", json={"type": "FeatureCollection", "features": []}),
    ):
        assert answer.status_code == 507, (answer.url, answer.text)
        assert "disk is full" in answer.json()["detail"]
    assert api.stored() == []
