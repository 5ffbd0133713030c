import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import Polygon

from streams.camera import Camera
from streams.ground.ground_projection import (
    MAXIMUM_RANGE_M,
    GroundProjection,
    GroundProjectionError,
    GroundSource,
)
from streams.ground.local_plane import LocalPlane
from streams.ground.projected_points import CIRCLE_68_OVER_SPREAD
from streams.kit.errors import CityPatrolError
from streams.zone import Zone

LON, LAT = 106.4578, 29.5412
EARTH = Geod(ellps="WGS84")
WIDE = 16 / 9
POSE = {"height_m": 8.0, "azimuth_deg": 30.0, "tilt_deg": 25.0, "horizontal_fov_deg": 70.0}
SPREAD = [(0.1, 0.4), (0.9, 0.35), (0.95, 0.95), (0.05, 0.9), (0.5, 0.6), (0.3, 0.45)]


def a_camera(**fields) -> Camera:
    return Camera(
        **{
            "camera_id": "gate-7",
            "name": "Gate 7",
            "stream_url": "rtsp://camera.invalid/1",
            "lon": LON,
            "lat": LAT,
            "position_accuracy_m": 0.5,
        }
        | fields
    )


def true_ground(x, y, pose=POSE, aspect=WIDE):
    """Where a picture point lies, by rotation matrices instead of the code's formulae."""
    focal = 0.5 / math.tan(math.radians(pose["horizontal_fov_deg"]) / 2)
    ray = np.array([(x - 0.5) / focal, (y - 0.5) / aspect / focal, 1.0])
    tilt, azimuth = math.radians(pose["tilt_deg"]), math.radians(pose["azimuth_deg"])
    # Camera axes (right, down, forward) of a level camera looking north: east, down, north.
    level = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]])
    tilted = np.array(
        [
            [1, 0, 0],
            [0, math.cos(tilt), -math.sin(tilt)],
            [0, math.sin(tilt), math.cos(tilt)],
        ]
    )
    nod = tilted.T
    turned = np.array(
        [
            [math.cos(azimuth), math.sin(azimuth), 0],
            [-math.sin(azimuth), math.cos(azimuth), 0],
            [0, 0, 1],
        ]
    )
    east, north, up = turned @ nod @ level @ ray
    if up >= 0:
        return None
    return np.array([east, north]) * pose["height_m"] / -up


def surveyed(points=SPREAD, noise=0.0, seed=0):
    random = np.random.default_rng(seed)
    ground = np.array([true_ground(*point) for point in points])
    ground = ground + random.normal(0, noise, ground.shape) if noise else ground
    positions = LocalPlane(LON, LAT).to_degrees(ground)
    return [
        {"picture": point, "lon": lon, "lat": lat}
        for point, (lon, lat) in zip(points, positions.tolist(), strict=True)
    ]


def metres_off(position, ground) -> float:
    lon, lat = LocalPlane(LON, LAT).to_degrees(np.array([ground]))[0]
    return EARTH.inv(position.lon, position.lat, lon, lat)[2]


def test_the_local_plane_agrees_with_the_geodesic():
    points = np.array([[0.0, 120.0], [-300.0, 40.0], [250.0, -410.0]])
    for (lon, lat), point in zip(LocalPlane(LON, LAT).to_degrees(points), points, strict=True):
        azimuth, _, distance = EARTH.inv(LON, LAT, lon, lat)
        assert distance == pytest.approx(math.hypot(*point), abs=1e-3)
        assert math.radians(azimuth) == pytest.approx(math.atan2(*point), abs=1e-5)
    back = LocalPlane(LON, LAT).to_metres(LocalPlane(LON, LAT).to_degrees(points))
    assert back == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize("count", [4, 5, 6])
@pytest.mark.parametrize("point", [(0.5, 0.5), (0.2, 0.8), (0.7, 0.45)])
def test_homography_recovers_the_ground(count, point):
    projection = GroundProjection(a_camera(ground_points=surveyed(SPREAD[:count])))
    position = projection.ground_position(*point)
    assert position.source is GroundSource.HOMOGRAPHY
    assert metres_off(position, true_ground(*point)) < 0.01
    assert 0.1 < position.accuracy_m < 3


@settings(max_examples=60)
@given(
    height=st.floats(4, 25),
    tilt=st.floats(15, 80),
    azimuth=st.floats(0, 359.9),
    view=st.floats(40, 100),
    x=st.floats(0.1, 0.9),
    y=st.floats(0.5, 0.95),
)
def test_homography_and_pose_agree_with_the_known_camera(height, tilt, azimuth, view, x, y):
    pose = {
        "height_m": height,
        "azimuth_deg": azimuth,
        "tilt_deg": tilt,
        "horizontal_fov_deg": view,
    }
    corners = [(0.1, 0.45), (0.9, 0.5), (0.92, 0.97), (0.08, 0.9), (0.5, 0.7)]
    ground = [true_ground(*corner, pose) for corner in corners]
    truth = true_ground(x, y, pose)
    assume(all(spot is not None and np.hypot(*spot) < 150 for spot in [*ground, truth]))
    positions = LocalPlane(LON, LAT).to_degrees(np.array(ground)).tolist()
    points = [
        {"picture": corner, "lon": lon, "lat": lat}
        for corner, (lon, lat) in zip(corners, positions, strict=True)
    ]
    by_points = GroundProjection(a_camera(ground_points=points)).ground_position(x, y)
    by_pose = GroundProjection(a_camera(pose=pose)).ground_position(x, y, WIDE)
    assert metres_off(by_points, truth) < 0.05
    assert metres_off(by_pose, truth) < 0.01


def test_homography_error_is_what_it_says():
    """Surveyed points off by their assumed error: the 68 % circle holds about 68 %."""
    target, inside, trials = (0.55, 0.6), 0, 300
    truth = true_ground(*target)
    for seed in range(trials):
        points = surveyed(noise=0.5, seed=seed)
        position = GroundProjection(a_camera(ground_points=points)).ground_position(*target)
        inside += metres_off(position, truth) <= position.accuracy_m
    # Clicks and foot points are exact here, so that a little more than 68 % lie inside.
    assert 0.62 < inside / trials < 0.97


def test_pose_error_is_what_it_says():
    random = np.random.default_rng(1)
    position = GroundProjection(a_camera(pose=POSE)).ground_position(0.6, 0.55)
    errors = []
    for _ in range(1000):
        pose = {
            "height_m": 8.0 * random.normal(1, 0.05),
            "azimuth_deg": random.normal(30, 3),
            "tilt_deg": random.normal(25, 1),
            "horizontal_fov_deg": 70 * random.normal(1, 0.03),
        }
        x, y = random.normal((0.6, 0.55), 0.006)
        own = random.normal(0, 0.5, 2)
        errors.append(np.hypot(*(true_ground(x, y, pose) + own - true_ground(0.6, 0.55))))
    share = np.mean(np.array(errors) <= position.accuracy_m)
    assert 0.64 < share < 0.76


def test_points_that_fit_badly_give_a_larger_error():
    good = GroundProjection(a_camera(ground_points=surveyed()))
    bad = GroundProjection(a_camera(ground_points=surveyed(noise=4.0)))
    assert bad.ground_position(0.5, 0.6).accuracy_m > 2 * good.ground_position(0.5, 0.6).accuracy_m


def test_error_grows_with_distance():
    projection = GroundProjection(a_camera(pose=POSE))
    accuracies = [projection.ground_position(0.5, y).accuracy_m for y in (0.9, 0.5, 0.3, 0.15)]
    assert accuracies == sorted(accuracies)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0.1, 0.4), (0.3, 0.5), (0.5, 0.6), (0.7, 0.7)], "one line"),
        ([(0.1, 0.4), (0.3, 0.5), (0.5, 0.6), (0.2, 0.9)], "one line"),
        ([(0.5, 0.5)] * 4, "same point"),
    ],
)
def test_degenerate_points_are_refused(points, message):
    with pytest.raises(GroundProjectionError, match=message) as refusal:
        GroundProjection(a_camera(ground_points=surveyed(points)))
    assert "'gate-7'" in str(refusal.value)
    assert str(list(points[0])) in str(refusal.value)


def test_points_that_are_mixed_up_are_refused():
    points = surveyed(SPREAD[:4])
    swapped = [
        point | {"lon": other["lon"], "lat": other["lat"]}
        for point, other in zip(points, [points[1], points[0], *points[2:]], strict=True)
    ]
    with pytest.raises(CityPatrolError, match="which belongs to which"):
        GroundProjection(a_camera(ground_points=swapped))


def test_a_far_point_is_refused():
    points = surveyed()
    points[2]["lat"] += 1.0
    with pytest.raises(GroundProjectionError, match=r"km|m from the camera"):
        GroundProjection(a_camera(ground_points=points))


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.0), (0.1, 0.01)])
def test_the_sky_has_no_position(x, y):
    level = POSE | {"tilt_deg": 5.0}
    assert GroundProjection(a_camera(pose=level)).ground_position(x, y) is None
    points = surveyed([(0.1, 0.4), (0.9, 0.35), (0.95, 0.95), (0.05, 0.9)])
    homography = GroundProjection(a_camera(ground_points=points))
    assert homography.ground_position(x, -0.5) is None


def test_nothing_beyond_the_range_has_a_position():
    projection = GroundProjection(a_camera(pose=POSE | {"tilt_deg": 5.0, "height_m": 20.0}))
    positions = [projection.ground_position(0.5, y) for y in np.linspace(0, 1, 200)]
    distances = [
        EARTH.inv(LON, LAT, position.lon, position.lat)[2] for position in positions if position
    ]
    assert None in positions
    assert 50 < max(distances) <= MAXIMUM_RANGE_M
    assert max(position.accuracy_m for position in positions if position) <= max(distances)


def test_a_camera_looking_straight_down():
    projection = GroundProjection(a_camera(pose=POSE | {"tilt_deg": 90.0, "azimuth_deg": 0.0}))
    centre = projection.ground_position(0.5, 0.5)
    assert metres_off(centre, (0, 0)) < 1e-3
    top = projection.ground_position(0.5, 0.0)
    assert top.lat > LAT
    assert projection.ground_position(1.0, 0.5).lon > LON


def test_a_taller_picture_sees_nearer_ground_below():
    projection = GroundProjection(a_camera(pose=POSE))
    wide, tall = (projection.ground_position(0.5, 1.0, ratio) for ratio in (16 / 9, 4 / 3))
    assert metres_off(tall, (0, 0)) < metres_off(wide, (0, 0))


def test_a_camera_of_which_nothing_is_known():
    projection = GroundProjection(a_camera())
    assert projection.source is None
    assert projection.ground_position(0.5, 0.9) is None
    zone = Zone(zone_id="z", kind="road", polygon=[(0, 0), (1, 0), (1, 1)])
    assert projection.footprint(zone) is None


def test_surveyed_points_come_before_the_pose():
    camera = a_camera(ground_points=surveyed(), pose=POSE | {"azimuth_deg": 200.0})
    position = GroundProjection(camera).ground_position(0.5, 0.6)
    assert position.source is GroundSource.HOMOGRAPHY
    assert metres_off(position, true_ground(0.5, 0.6)) < 0.01


@pytest.mark.parametrize("known", [{"ground_points": surveyed()}, {"pose": POSE}])
def test_footprint_is_the_zone_on_the_ground(known):
    corners = [(0.2, 0.5), (0.2, 0.9), (0.8, 0.9), (0.8, 0.5)]
    ring = GroundProjection(a_camera(**known)).footprint(
        Zone(zone_id="z", kind="road", polygon=corners)
    )
    assert ring[0] == ring[-1]
    metres = LocalPlane(LON, LAT).to_metres(np.array(ring))
    found, truth = Polygon(metres), Polygon([true_ground(*corner) for corner in corners])
    assert found.exterior.is_ccw
    assert found.symmetric_difference(truth).area < 0.02 * truth.area


def test_footprint_is_cut_off_before_the_horizon():
    pose = POSE | {"tilt_deg": 8.0}
    whole_picture = Zone(zone_id="z", kind="road", polygon=[(0, 0), (1, 0), (1, 1), (0, 1)])
    ring = GroundProjection(a_camera(pose=pose)).footprint(whole_picture)
    distances = [EARTH.inv(LON, LAT, lon, lat)[2] for lon, lat in ring]
    assert max(distances) <= MAXIMUM_RANGE_M
    assert Polygon(ring).is_valid


def test_a_zone_in_the_sky_has_no_footprint():
    sky = Zone(zone_id="z", kind="facade", polygon=[(0.1, 0), (0.9, 0), (0.5, 0.05)])
    assert GroundProjection(a_camera(pose=POSE | {"tilt_deg": 3.0})).footprint(sky) is None


@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    tilt=st.floats(0.5, 90),
    height=st.floats(1, 500),
    aspect=st.floats(0.5, 3),
)
def test_any_pose_gives_a_sane_position_or_none(x, y, tilt, height, aspect):
    pose = POSE | {"tilt_deg": tilt, "height_m": height}
    position = GroundProjection(a_camera(pose=pose)).ground_position(x, y, aspect)
    if position is not None:
        assert EARTH.inv(LON, LAT, position.lon, position.lat)[2] <= MAXIMUM_RANGE_M + 0.01
        assert 0 < position.accuracy_m < 2 * MAXIMUM_RANGE_M


@pytest.mark.parametrize("flatness", [1.0, 0.5, 0.1, 0.0])
def test_the_circle_holds_68_percent_whatever_the_shape(flatness):
    random = np.random.default_rng(3)
    errors = random.normal(0, 1, (200_000, 2)) * (1.0, flatness)
    radius = CIRCLE_68_OVER_SPREAD * math.sqrt(1 + flatness**2)
    assert 0.675 < np.mean(np.hypot(*errors.T) <= radius) < 0.725
