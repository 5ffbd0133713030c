import dataclasses

import numpy as np
import pytest
from pyproj import Geod
from structlog.testing import capture_logs

from api.contract.events import LocationSource
from detector.geometry.geotag import geotag
from streams.camera import Camera
from streams.ground.ground_projection import GroundProjection
from tests.detector.test_sighting import a_sighting

POSE = {"height_m": 8.0, "azimuth_deg": 0.0, "tilt_deg": 20.0, "horizontal_fov_deg": 70.0}
ZONE = {"zone_id": "kerb", "kind": "no_parking", "polygon": [(0, 0), (1, 0), (1, 1), (0, 1)]}
MAPPED_ZONE = ZONE | {"lon": 106.501, "lat": 29.5}
GROUND_POINTS = [
    {"picture": (0.2, 0.4), "lon": 106.4998, "lat": 29.5006},
    {"picture": (0.8, 0.4), "lon": 106.5002, "lat": 29.5006},
    {"picture": (0.9, 0.9), "lon": 106.50006, "lat": 29.5001},
    {"picture": (0.1, 0.9), "lon": 106.49994, "lat": 29.5001},
]
ON_GROUND, IN_SKY = (0.4, 0.5, 0.6, 0.9), (0.4, 0.0, 0.6, 0.01)


def a_camera(**fields) -> Camera:
    return Camera(
        camera_id="c1",
        name="Corner",
        stream_url="rtsp://camera.invalid/1",
        lon=106.5,
        lat=29.5,
        **fields,
    )


def seen_in(*boxes):
    return a_sighting(
        boxes=np.array(boxes, np.float32),
        class_names=("car",) * len(boxes),
        scores=np.full(len(boxes), 0.8, np.float32),
    )


@pytest.mark.parametrize(
    ("fields", "box", "source"),
    [
        ({"ground_points": GROUND_POINTS, "pose": POSE}, ON_GROUND, LocationSource.HOMOGRAPHY),
        ({"pose": POSE, "zones": [MAPPED_ZONE]}, ON_GROUND, LocationSource.POSE),
        ({"pose": POSE, "zones": [MAPPED_ZONE]}, IN_SKY, LocationSource.ZONE),
        ({"zones": [MAPPED_ZONE]}, ON_GROUND, LocationSource.ZONE),
        ({"pose": POSE, "zones": [ZONE]}, IN_SKY, LocationSource.CAMERA),
        ({"zones": [MAPPED_ZONE | {"zone_id": "other"}]}, ON_GROUND, LocationSource.CAMERA),
        ({}, ON_GROUND, LocationSource.CAMERA),
    ],
)
def test_the_best_source_is_taken(fields, box, source):
    location = geotag(a_camera(**fields), seen_in(box), 16 / 9)
    assert location.source is source
    assert location.accuracy_m > 0


def test_the_foot_point_is_located():
    camera = a_camera(pose=POSE)
    location = geotag(camera, seen_in(ON_GROUND), 4 / 3)
    expected = GroundProjection(camera).ground_position(0.5, 0.9, 4 / 3)
    assert location.lon == pytest.approx(expected.lon, abs=1e-7)
    assert location.lat == pytest.approx(expected.lat, abs=1e-7)


def test_several_boxes_are_located_at_their_mean():
    camera = a_camera(pose=POSE)
    both = geotag(camera, seen_in((0.2, 0.5, 0.4, 0.8), (0.6, 0.5, 0.8, 0.8)), 16 / 9)
    middle = geotag(camera, seen_in((0.4, 0.5, 0.6, 0.8)), 16 / 9)
    assert (both.lon, both.lat) == pytest.approx((middle.lon, middle.lat), abs=1e-7)


def test_a_zone_point_is_as_good_as_the_zone_is_near():
    near = geotag(a_camera(zones=[ZONE | {"lon": 106.5001, "lat": 29.5}]), seen_in(ON_GROUND), 1.5)
    far = geotag(a_camera(zones=[MAPPED_ZONE]), seen_in(ON_GROUND), 1.5)
    assert (far.lon, far.lat) == (106.501, 29.5)
    distance = Geod(ellps="WGS84").inv(106.5, 29.5, far.lon, far.lat)[2]
    assert near.accuracy_m < far.accuracy_m < distance


def test_a_camera_says_how_little_its_place_says():
    precise = geotag(a_camera(position_accuracy_m=1), seen_in(ON_GROUND), 1.5)
    vague = geotag(a_camera(position_accuracy_m=200), seen_in(ON_GROUND), 1.5)
    assert (precise.lon, precise.lat) == (106.5, 29.5)
    assert 30 < precise.accuracy_m < 70
    assert vague.accuracy_m > 200


def test_bad_surveyed_points_lose_no_event():
    line = [point | {"picture": (0.1 * n, 0.1 * n)} for n, point in enumerate(GROUND_POINTS, 1)]
    camera = a_camera(ground_points=line, pose=POSE)
    with capture_logs() as logs:
        location = geotag(camera, seen_in(ON_GROUND), 16 / 9)
        geotag(camera, seen_in(IN_SKY), 16 / 9)
    assert location.source is LocationSource.POSE
    assert [entry["event"] for entry in logs] == ["surveyed_points_not_used"]
    assert logs[0]["camera_id"] == "c1"


def test_a_location_does_not_change():
    location = geotag(a_camera(), seen_in(ON_GROUND), 1.5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        location.lon = 0.0
