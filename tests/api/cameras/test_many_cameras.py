"""A city's cameras: nothing that takes long runs on the event loop or is done in vain."""

import threading
from pathlib import Path

import pytest

from api.cameras import camera_store, sent_camera
from api.commands.client import CAMERAS_PER_REQUEST
from api.http.heavy_work import ITEMS_PER_PART
from api.routes.examples import CAMERA
from streams.camera import Camera
from streams.ground import ground_projection
from tests.api.running_api import RunningApi
from tests.api.test_server import citypatrol

PLAIN = {name: CAMERA[name] for name in ("stream_url", "lon", "lat")}
MANY = [
    {**PLAIN, "camera_id": f"c-{number:04d}", "name": f"路口 {number}"}
    for number in range(2 * ITEMS_PER_PART)
]


def import_all(api: RunningApi) -> None:
    for start in range(0, len(MANY), ITEMS_PER_PART):
        body = MANY[start : start + ITEMS_PER_PART]
        assert api.http.post("/v1/cameras", json=body).is_success


def test_no_projection_is_made_where_nothing_is_projected(api: RunningApi, monkeypatch):
    made = []
    plane = ground_projection.LocalPlane
    monkeypatch.setattr(ground_projection, "LocalPlane", lambda *at: made.append(at) or plane(*at))
    zone = {"zone_id": "z", "kind": "road", "polygon": [[0, 0], [1, 0], [1, 1]]}
    api.add_camera(camera_id="blind", pose=None, zones=[zone])
    api.add_camera(camera_id="without-zones", zones=[])
    assert len(api.reader.get("/v1/cameras.geojson").json()["features"]) == 2
    assert made == []
    api.add_camera(name="no other test's")
    assert len(api.reader.get("/v1/cameras.geojson").json()["features"]) == 4
    assert len(made) == 1


def test_many_cameras_are_worked_through_beside_the_event_loop(api: RunningApi, monkeypatch):
    threads = set()

    def spy(function):
        def spied(*given):
            threads.add(threading.current_thread().name)
            return function(*given)

        return spied

    monkeypatch.setattr("api.routes.cameras.read_camera", spy(sent_camera.read_camera))
    monkeypatch.setattr(camera_store, "camera_row", spy(camera_store.camera_row))
    monkeypatch.setattr(camera_store.CameraStore, "opened", spy(camera_store.CameraStore.opened))
    monkeypatch.setattr("api.cameras.camera_map.camera_of", spy(camera_store.camera_of))
    import_all(api)
    listed = api.http.get("/v1/cameras").json()
    assert [one["camera_id"] for one in listed] == [one["camera_id"] for one in MANY]
    assert Camera.model_validate(listed[-1]).name == MANY[-1]["name"]
    drawn = api.reader.get("/v1/cameras.geojson").json()["features"]
    assert [one["properties"]["camera_id"] for one in drawn] == [one["camera_id"] for one in MANY]
    assert [name.rpartition("_")[0] for name in threads] == ["heavy-work"]


def test_half_an_import_says_how_many_are_stored(api: RunningApi, tmp_path: Path, monkeypatch):
    """The API goes away after the first part."""
    save = camera_store.CameraStore.save
    parts = []

    async def save_once(self, several):
        parts.append(len(several))
        if len(parts) > 1:
            raise ConnectionError
        return await save(self, several)

    monkeypatch.setattr(camera_store.CameraStore, "save", save_once)
    path = tmp_path / "cameras.csv"
    count = CAMERAS_PER_REQUEST + 1
    rows = [f"many-{number},Many {number},rtsp://host/x,113.9,22.5" for number in range(count)]
    path.write_text("\n".join(["camera_id,name,stream_url,lon,lat", *rows]), encoding="utf-8")
    done = citypatrol("cameras", "import", path, "--api", api.url, CITYPATROL_CLIENT_KEY=api.key)
    assert done.returncode == 1
    assert f"{parts[0]} of {count} cameras are stored" in " ".join(done.stderr.split())
    assert len(api.reader.get("/v1/cameras").json()) == parts[0]


@pytest.mark.parametrize("count", [0, ITEMS_PER_PART, ITEMS_PER_PART + 1])
def test_every_number_of_cameras_is_valid_json(api: RunningApi, count):
    if count:
        api.http.post("/v1/cameras", json=MANY[:count])
    assert len(api.reader.get("/v1/cameras").json()) == count
    assert len(api.reader.get("/v1/cameras.geojson").json()["features"]) == count
