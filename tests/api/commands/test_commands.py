"""The commands of those who feed an API."""

import json
from pathlib import Path

import cv2
import numpy as np

from api.routes.examples import CAMERA, GRIDS
from streams.replay.footage import prepare_clip
from streams.replay.replay_server import ReplayServer
from tests.api.running_api import RunningApi
from tests.api.test_server import citypatrol


def camera_file(folder: Path, **changes: object) -> Path:
    properties = {
        name: value for name, value in {**CAMERA, **changes}.items() if name not in {"lon", "lat"}
    }
    point = {"type": "Point", "coordinates": [CAMERA["lon"], CAMERA["lat"]]}
    feature = {"type": "Feature", "geometry": point, "properties": properties}
    path = folder / "cameras.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_cameras_are_imported_twice_and_listed(api: RunningApi, tmp_path: Path):
    options = ["--api", api.url]
    path = camera_file(tmp_path)
    assert citypatrol("cameras", "import", path, *options).returncode == 1
    key = {"CITYPATROL_CLIENT_KEY": api.key}
    assert citypatrol("cameras", "import", path, *options, **key).stdout == "1 created\n"
    assert citypatrol("cameras", "import", path, *options, **key).stdout == "1 updated\n"
    listed = citypatrol("cameras", "list", *options, COLUMNS="200", **key)
    assert "north-gate" in listed.stdout
    assert "secret" not in listed.stdout


def test_refused_camera_is_named(api: RunningApi, tmp_path: Path):
    path = camera_file(tmp_path, issue_types=[{"code": "00000"}])
    done = citypatrol("cameras", "import", path, "--api", api.url, CITYPATROL_CLIENT_KEY=api.key)
    assert done.returncode == 1
    assert "'north-gate': issue_types.0.code" in done.stderr
    assert "'00000'" in done.stderr
    assert "secret" not in done.stderr


def test_camera_that_cannot_be_opened_is_named(tmp_path: Path):
    path = camera_file(tmp_path, stream_url="rtsp://viewer:secret@127.0.0.1:1/x")
    done = citypatrol("cameras", "check", path)
    assert done.returncode == 1
    assert "north-gate" in done.stdout
    assert "secret" not in done.stdout + done.stderr


def test_issue_type_that_no_catalogue_has_is_named_by_a_check(tmp_path: Path):
    picture = tmp_path / "street.png"
    cv2.imwrite(str(picture), np.full((240, 320, 3), 90, np.uint8))
    with ReplayServer({"street": prepare_clip(picture, tmp_path)}) as server:
        url = server.url("street")
        good = camera_file(tmp_path, stream_url=url)
        done = citypatrol("cameras", "check", good)
        assert (done.returncode, "is fine" in done.stdout) == (0, True), done.stdout
        strange = camera_file(tmp_path, stream_url=url, issue_types=[{"code": "00001"}])
        done = citypatrol("cameras", "check", strange)
    assert done.returncode == 1
    assert "its issue types 00001 are not in the catalogue" in done.stdout


def test_grids_are_imported(api: RunningApi, tmp_path: Path):
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps(GRIDS))
    done = citypatrol("grids", "import", path, "--api", api.url, CITYPATROL_CLIENT_KEY=api.key)
    assert (done.returncode, done.stdout) == (0, "1 cells\n"), done.stderr
    path.write_text("[" * 100_000)
    assert "no GeoJSON" in citypatrol("grids", "import", path, "--api", api.url).stderr


def test_keys_are_made_listed_and_revoked(own_folder: Path):
    folder = ["--data-dir", own_folder]
    made = citypatrol("keys", "create", "gate", *folder)
    assert made.stdout.startswith("cp_"), made.stderr
    assert "'gate' was made before" in citypatrol("keys", "create", "gate", *folder).stderr
    assert citypatrol("keys", "revoke", "gate", *folder).returncode == 0
    listed = citypatrol("keys", "list", *folder).stdout
    assert "gate" in listed
    assert made.stdout.strip() not in listed
    assert citypatrol("keys", "revoke", "nobody", *folder).returncode == 1


def test_api_that_is_not_there_is_named(tmp_path: Path):
    done = citypatrol("cameras", "list", "--api", "http://127.0.0.1:1")
    assert done.returncode == 1
    assert "http://127.0.0.1:1 does not answer" in done.stderr
