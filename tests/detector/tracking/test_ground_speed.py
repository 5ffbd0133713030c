"""Ground speed: within its error, and held where it cannot be told."""

import numpy as np
import pytest

from detector.geometry.ground_measures import GroundMeasures
from detector.rules.judgement.kept_watch import KeptWatch
from detector.sighting import ChangeKind
from detector.tracking.ground_speed import GroundSpeed
from detector.tracking.tracker import TrackStep
from streams.ground.ground_projection import GroundProjection
from tests.detector.tracking.moving import ASPECT_RATIO, Drive, car_on_ground, watching

OPENED, CLEARED = ChangeKind.OPENED, ChangeKind.CLEARED
FAST = {
    "classes": ("car",),
    "minimum_speed_kmh": 30,
    "minimum_looks": 1,
    "clear_after_looks": 2,
}
SLOW = {"classes": ("car",), "maximum_speed_kmh": 10, "minimum_looks": 1, "clear_after_looks": 2}
STILL = np.zeros(2)
ROW = np.zeros(1, np.intp)


def ground_speed() -> GroundSpeed:
    """A camera's measurement of one track."""
    camera = watching(FAST, 5).camera
    speed = GroundSpeed(GroundMeasures(GroundProjection(camera)))
    speed.follow(TrackStep(np.zeros(0, np.bool_), 1, ROW))
    return speed


def measured(drive: Drive) -> tuple[float, float]:
    """Speed and error that a camera measures at the end of a drive."""
    speed = ground_speed()
    for index, seen in enumerate(drive.looks(np.random.default_rng(5))):
        now = index / drive.looks_a_second
        speed.note(ROW, np.array([seen.box], np.float32), ASPECT_RATIO, now)
    speeds = speed.speeds(ROW, np.full(1, index + 1), now)
    return float(speeds.kmh[0]), float(speeds.errors_kmh[0])


@pytest.mark.parametrize("looks_a_second", [2, 5, 10, 25])
@pytest.mark.parametrize("kmh", [0, 5, 20, 50])
@pytest.mark.parametrize(
    ("start", "direction"), [((2.0, 12.0), (0.0, 1.0)), ((-12.0, 25.0), (0.8, 0.6))]
)
def test_a_speed_lies_within_its_error(looks_a_second, kmh, start, direction):
    speed, error = measured(Drive(kmh, looks_a_second, start, direction, seconds=2.0))
    assert speed == pytest.approx(kmh, abs=2.5 * error)
    # Errors are no excuse: a tenth of it, or a walking pace.
    assert error < max(0.25 * kmh, 3.0)


def test_a_speed_is_right_when_looks_come_irregularly():
    speed, random, now = ground_speed(), np.random.default_rng(8), 0.0
    for seconds in random.uniform(0.05, 0.4, 12):
        now += seconds
        seen = car_on_ground(2.0, 10.0 + 12.5 * now, random.normal(0, 0.003, 2))
        speed.note(ROW, np.array([seen.box], np.float32), ASPECT_RATIO, now)
    speeds = speed.speeds(ROW, np.full(1, 12), now)
    assert speeds.kmh[0] == pytest.approx(45.0, abs=2.5 * speeds.errors_kmh[0])
    assert speeds.errors_kmh[0] < 10.0


def test_a_restart_neither_begins_nor_ends_anything():
    watch = watching(FAST, 5)
    looks = list(Drive(50, 5, seconds=2.6).looks(np.random.default_rng(5)))
    for seen in looks[:10]:
        watch.show(seen)
    assert watch.kinds() == [OPENED]
    later = watching(FAST, 5, kept=KeptWatch(watch.open, watch.watch.state()))
    later.now = watch.now
    for seen in looks[10:]:
        later.show(seen)
    assert later.kinds() == []
    assert later.open[0].event_id == watch.open[0].event_id


def test_what_is_far_away_is_measured_worse():
    _, near = measured(Drive(20, 5, (2.0, 15.0), seconds=2.0))
    _, far = measured(Drive(20, 5, (2.0, 90.0), seconds=2.0))
    assert far > 5 * near


@pytest.mark.parametrize(("kmh", "fast", "slow"), [(50, True, False), (5, False, True)])
def test_limits_are_kept(kmh, fast, slow):
    for rule, opens in ((FAST, fast), (SLOW, slow)):
        watch = watching(rule, 5)
        for seen in Drive(kmh, 5, seconds=2.0).looks(np.random.default_rng(5)):
            watch.show(seen)
        assert (OPENED in watch.kinds()) is opens


def test_what_may_or_may_not_be_too_fast_begins_nothing():
    watch = watching(FAST, 5)
    for seen in Drive(30, 5, seconds=2.0).looks(np.random.default_rng(5)):
        watch.show(seen)
    assert watch.kinds() == []


def test_what_cannot_be_told_ends_nothing():
    watch = watching(FAST | {"minimum_speed_kmh": 15}, 5)
    for seen in Drive(50, 5, seconds=2.0).looks(np.random.default_rng(5)):
        watch.show(seen)
    assert watch.kinds() == [OPENED]
    # A car so far out that nobody can say what it does.
    watch.looks(20, car_on_ground(1.0, 115.0, STILL))
    assert watch.kinds() == [OPENED]
    watch.looks(20, car_on_ground(1.0, 15.0, STILL))
    assert watch.kinds() == [OPENED, CLEARED]


def test_at_patrol_pace_a_speed_is_held():
    watch = watching(FAST, 5)
    for seen in Drive(50, 5, seconds=2.0).looks(np.random.default_rng(5)):
        watch.show(seen)
    for _ in range(10):
        watch.show(at=watch.now + 10 * watch.step)
    assert watch.kinds() == [OPENED]
    watch.looks(3)
    assert watch.kinds() == [OPENED, CLEARED]


def test_at_patrol_pace_nothing_is_fast():
    watch = watching(FAST, 0.5)
    for seen in Drive(50, 0.5, seconds=10).looks(np.random.default_rng(5)):
        watch.show(seen)
    assert watch.kinds() == []
