"""Cameras: kept whole, shown without credentials, each bad field named."""

import json

import pytest

from api.routes.examples import CAMERA, ISSUE_CODE
from streams.camera import Camera
from tests.api.running_api import RunningApi, event

SECRET = "viewer:secret"
POINTS_IN_A_ROW = [
    {"picture": [0.2 * n, 0.2 * n], "lon": 113.94 + n * 1e-4, "lat": 22.54} for n in range(4)
]


def test_life_of_a_camera(api: RunningApi):
    created = api.http.post("/v1/cameras", json=CAMERA)
    assert created.status_code == 201
    assert created.headers["location"] == "/v1/cameras/north-gate"
    assert api.http.post("/v1/cameras", json=CAMERA).status_code == 409
    changed = api.http.put("/v1/cameras/north-gate", json={**CAMERA, "name": "Gate"})
    assert changed.status_code == 200
    assert api.http.get("/v1/cameras/north-gate").json()["name"] == "Gate"
    api.post(event())
    assert api.stored()[0]["properties"]["camera_name"] == "Gate"
    assert api.http.delete("/v1/cameras/north-gate").status_code == 204
    assert api.http.delete("/v1/cameras/north-gate").status_code == 404
    assert api.http.get("/v1/cameras/north-gate").status_code == 404
    assert len(api.stored()) == 1


def test_camera_comes_back_as_it_was_sent(api: RunningApi):
    api.add_camera()
    (found,) = api.http.get("/v1/cameras").json()
    assert Camera.model_validate(found) == Camera.model_validate(CAMERA)


def test_credentials_are_for_key_holders_only(api: RunningApi):
    api.add_camera()
    for path in ("/v1/cameras", "/v1/cameras/north-gate", "/v1/cameras.geojson"):
        assert SECRET not in api.reader.get(path).text
    assert SECRET in api.http.get("/v1/cameras").text
    assert SECRET in api.http.get("/v1/cameras/north-gate").text
    wrong = {"Authorization": "Bearer cp_wrong"}
    assert api.reader.get("/v1/cameras", headers=wrong).status_code == 401


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"lon": None}, "lon", None),
        ({"lat": 91}, "lat", 91),
        ({"lat": "22.5"}, "lat", "22.5"),
        ({"enabled": "yes"}, "enabled", "yes"),
        ({"look_interval_seconds": True}, "look_interval_seconds", True),
        (
            {"issue_types": [{"code": ISSUE_CODE, "dwell_seconds": 1e308}]},
            "issue_types.0.dwell_seconds",
            1e308,
        ),
        ({"name": ""}, "name", ""),
        ({"name": "a\0"}, "name", "a\0"),
        ({"camera_id": "a b"}, "camera_id", "a b"),
        ({"stream_url": "http://viewer:secret@host/x"}, "stream_url", None),
        ({"stream_url": "viewer:secret@host"}, "stream_url", None),
        ({"stream_url": 7}, "stream_url", None),
        ({"name": 5, "gb28181_id": "rtsp://viewer:secret@host/"}, "gb28181_id", "rtsp://***@host/"),
        ({"stream_url": "rtsp://viewer:secret@host/\0"}, "stream_url", None),
        (
            {"zones": [{"zone_id": "z", "kind": "road", "polygon": [[0, 0], [1, 1]]}]},
            "zones.0",
            None,
        ),
        (
            {
                "zones": [
                    {"zone_id": "z", "kind": "road", "polygon": [[0, 0], [1, 1], [0, 1], [1, 0]]}
                ]
            },
            "zones.0",
            None,
        ),
        ({"zones": [{"zone_id": "z", "kind": "moon", "polygon": []}]}, "zones.0.kind", "moon"),
        ({"issue_types": [{"code": "00000"}]}, "issue_types.0.code", "00000"),
        ({"gb28181_id": "1"}, "gb28181_id", "1"),
        ({"colour": "red"}, "colour", "red"),
        ({"ground_points": [{"picture": [0, 0], "lon": 1, "lat": 1}]}, "", None),
        ({"ground_points": POINTS_IN_A_ROW}, "ground_points", None),
    ],
)
def test_bad_field_is_named_and_no_secret_shown(api: RunningApi, changes, field, value):
    wrong = {**CAMERA, **changes}
    for answer in (
        api.http.post("/v1/cameras", json=wrong),
        api.http.put("/v1/cameras/north-gate", json=wrong),
    ):
        assert answer.status_code == 422, answer.text
        found = {error["field"]: error["value"] for error in answer.json()["errors"]}
        assert field in found
        assert value in (None, found[field])
        assert "secret" not in answer.text
    assert api.reader.get("/v1/cameras").json() == []


def test_missing_position_is_named(api: RunningApi):
    wrong = {name: value for name, value in CAMERA.items() if name not in {"lon", "lat"}}
    answer = api.http.post("/v1/cameras", json=wrong)
    assert {error["field"] for error in answer.json()["errors"]} == {"lon", "lat"}
    assert SECRET not in answer.text


def test_list_is_judged_one_by_one(api: RunningApi):
    api.add_camera()
    body = [
        {**CAMERA, "name": "again"},
        {**CAMERA, "camera_id": "new"},
        {**CAMERA, "camera_id": "bad", "lon": 999},
        {**CAMERA, "camera_id": "new"},
        "nonsense",
    ]
    answer = api.http.post("/v1/cameras", json=body)
    assert answer.status_code == 200
    receipts = answer.json()["receipts"]
    assert [(one["camera_id"], one["status"]) for one in receipts] == [
        ("north-gate", "updated"),
        ("new", "created"),
        ("bad", "rejected"),
        ("new", "rejected"),
        (None, "rejected"),
    ]
    assert receipts[2]["errors"][0]["field"] == "lon"
    assert SECRET not in answer.text
    assert [one["camera_id"] for one in api.reader.get("/v1/cameras").json()] == [
        "new",
        "north-gate",
    ]


def test_too_long_a_list(api: RunningApi):
    answer = api.http.post("/v1/cameras", json=[CAMERA] * 1001)
    assert answer.status_code == 422
    assert "1000" in answer.json()["detail"]


def test_id_of_body_and_address_must_agree(api: RunningApi):
    answer = api.http.put("/v1/cameras/other", json=CAMERA)
    assert answer.json()["errors"][0] == {
        "field": "camera_id",
        "message": "is not the 'other' of the address",
        "value": "north-gate",
    }


def test_map_shows_cameras_and_the_ground_of_their_zones(api: RunningApi):
    api.add_camera()
    api.add_camera(camera_id="blind", pose=None)
    answer = api.reader.get("/v1/cameras.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    kinds = [(one["properties"]["feature"], one["properties"]["camera_id"]) for one in features]
    assert kinds == [("camera", "blind"), ("camera", "north-gate"), ("zone", "north-gate")]
    (ring,) = features[2]["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    assert all(abs(lon - 113.94) < 0.02 and abs(lat - 22.54) < 0.02 for lon, lat in ring)
    assert "secret" not in json.dumps(features)


def test_address_of_which_nobody_knows_what_is_secret_is_refused_and_not_repeated(api: RunningApi):
    camera = {**CAMERA, "stream_url": "rtsp://host/x?user=a@b"}
    answer = api.http.put("/v1/cameras/north-gate", json=camera)
    assert answer.status_code == 422
    assert "%40" in answer.json()["detail"]
    assert "user=a" not in answer.text


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("169.254.169.254", "169.254.169.254"),
        ("8.8.8.8", "8.8.8.8"),
        ("[::1]", "::1"),
        ("[::ffff:169.254.169.254]", "::ffff:169.254.169.254"),
        ("2852039166", "169.254.169.254"),
        ("0.0.0.0", "0.0.0.0"),
    ],
)
def test_a_camera_is_where_cameras_may_be(api: RunningApi, host: str, shown: str):
    url = f"rtsp://{SECRET}@{host}:554/live"
    camera = {**CAMERA, "stream_url": url}
    answers = [
        api.http.put("/v1/cameras/north-gate", json=camera),
        api.http.post("/v1/cameras", json=camera),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        (error,) = answer.json()["errors"]
        assert error["field"] == "stream_url"
        assert error["value"] == f"rtsp://***@{host}:554/live"
        assert f"{shown}" in error["message"]
        assert "CITYPATROL_CAMERA_NETWORKS" in error["message"]
        assert "secret" not in answer.text
    assert api.http.get("/v1/cameras").json() == []


def test_of_a_list_only_those_are_rejected_that_may_not_be_there(api: RunningApi):
    def camera(number: int, host: str) -> dict:
        return {**CAMERA, "camera_id": f"gate-{number}", "stream_url": f"rtsp://{host}/live"}

    hosts = ["10.0.0.1", "8.8.8.8", "no-such-camera.invalid", "8.8.8.8", "127.0.0.1"]
    answer = api.http.post("/v1/cameras", json=[camera(*one) for one in enumerate(hosts)])
    receipts = answer.json()["receipts"]
    # A name that is not known here may be known to the workers, who look again.
    assert [one["status"] for one in receipts] == [
        *("created", "rejected", "created", "rejected", "created")
    ]
    assert [one["camera_id"] for one in receipts] == [f"gate-{number}" for number in range(5)]
    assert receipts[1]["errors"][0]["field"] == "stream_url"
