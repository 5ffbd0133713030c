"""Pictures by which the views of a camera are recognised."""

import hashlib
from pathlib import Path

import pytest

from api.routes import examples
from tests.api.running_api import JPEG, RunningApi
from tests.api.test_server import citypatrol

JPEG_TYPE = {"Content-Type": "image/jpeg"}
TURNING = {
    "presets": [{"name": "east"}, {"name": "west"}],
    "pose": None,
    "zones": [],
    "lines": [],
}


def url(preset: str) -> str:
    return f"/v1/cameras/north-gate/references/{preset}"


def test_a_view_has_the_picture_that_was_given_last(api: RunningApi):
    api.add_camera()
    assert api.http.get(url("first")).status_code == 404
    for jpeg in (JPEG, JPEG + b"2"):
        assert api.http.put(url("first"), content=jpeg, headers=JPEG_TYPE).status_code == 204
        answer = api.http.get(url("first"))
        assert (answer.content, answer.headers["content-type"]) == (jpeg, "image/jpeg")
    seen = api.http.get(url("first"), headers={"If-None-Match": answer.headers["etag"]})
    assert seen.status_code == 304
    (listed,) = api.http.get("/v1/camera-references").json()
    assert listed.keys() == examples.CAMERA_REFERENCE.keys()
    assert listed["sha256"] == hashlib.sha256(JPEG + b"2").hexdigest()
    assert listed["given_by"] == "worker"
    assert api.http.delete(url("first")).status_code == 204
    assert api.http.delete(url("first")).status_code == 404
    assert api.http.get("/v1/camera-references").json() == []


def test_only_views_that_the_camera_has_take_a_picture(api: RunningApi):
    assert api.http.put(url("first"), content=JPEG, headers=JPEG_TYPE).status_code == 404
    api.add_camera(**TURNING)
    refused = api.http.put(url("first"), content=JPEG, headers=JPEG_TYPE)
    assert refused.status_code == 422
    assert "is none of the camera's: east, west" in refused.json()["detail"]
    assert api.http.put(url("west"), content=JPEG, headers=JPEG_TYPE).status_code == 204
    for content in (b"<html>", b"\xff\xd8\xff<html>"):
        assert api.http.put(url("west"), content=content, headers=JPEG_TYPE).status_code == 422
    assert api.reader.put(url("west"), content=JPEG, headers=JPEG_TYPE).status_code == 403
    assert api.nobody.put(url("west"), content=JPEG, headers=JPEG_TYPE).status_code == 401
    api.http.delete("/v1/cameras/north-gate")
    assert api.http.get("/v1/camera-references").json() == []


def test_presets_are_stored_with_their_camera(api: RunningApi):
    pose = {"height_m": 6.0, "azimuth_deg": 90.0, "tilt_deg": 20.0, "horizontal_fov_deg": 60.0}
    zone = {
        "zone_id": "kerb",
        "kind": "no_parking",
        "polygon": [[0.1, 0.6], [0.9, 0.6], [0.9, 0.95]],
        "preset": "east",
    }
    presets = [{"name": "east", "pose": pose}, {"name": "west"}]
    stored = api.add_camera(**TURNING | {"presets": presets, "zones": [zone]})
    assert stored["presets"][0]["pose"] == pose
    assert stored == api.reader.get("/v1/cameras/north-gate").json()
    features = api.reader.get("/v1/cameras.geojson").json()["features"]
    assert [one["properties"].get("zone_id") for one in features] == [None, "kerb"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zones": examples.CAMERA["zones"]}, "zone 'kerb' has preset None; name the one"),
        ({"presets": []} | {"zones": [examples.CAMERA["zones"][0] | {"preset": "east"}]}, "has no"),
        ({"pose": examples.CAMERA["pose"]}, "pose or ground_points beside presets"),
        ({"presets": [{"name": "east"}, {"name": "east"}]}, "presets lists ['east'] more than"),
    ],
    ids=["zone without preset", "preset of a fixed camera", "pose of all", "twice"],
)
def test_presets_that_do_not_fit_are_named(api: RunningApi, changes: dict, said: str):
    camera = examples.CAMERA | TURNING | changes
    answer = api.http.put("/v1/cameras/north-gate", json=camera)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_the_command_gives_lists_and_forgets(api: RunningApi, tmp_path: Path):
    api.add_camera(**TURNING)
    picture, text = tmp_path / "west.jpg", tmp_path / "west.txt"
    picture.write_bytes(JPEG)
    text.write_bytes(b"\xff\xd8\xff west")

    def run(*arguments: str) -> str:
        keys = {"CITYPATROL_CLIENT_KEY": api.key, "COLUMNS": "160"}
        done = citypatrol("cameras", "reference", *arguments, "--api", api.url, **keys)
        return done.stdout + done.stderr

    assert "none: its rules are held" in run()
    assert "is the reference of view west" in run("north-gate", str(picture), "--preset", "west")
    assert "by worker" in run("north-gate")
    assert "there is no camera 'south-gate'; `citypatrol cameras list`" in run("south-gate")
    assert "is no JPEG" in run("north-gate", str(text), "--preset", "west")
    assert "is none of the camera's: east, west" in run("north-gate", str(picture))
    assert "is forgotten" in run("north-gate", "--preset", "west", "--forget")
    assert api.http.get(url("west")).status_code == 404
