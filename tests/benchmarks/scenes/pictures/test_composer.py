"""Pictures are the same for the same moment, and show what the scene says."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scenes.actor import OnGround, moving, standing
from benchmarks.scenes.disturbances import (
    CameraFault,
    CameraFaultSpan,
    Compression,
    Disturbance,
    LightChange,
    LightLevel,
    LookGap,
    Occluder,
    SensorNoise,
    Shake,
    TimeCaption,
)
from benchmarks.scenes.pictures.composer import looks_at, render
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from streams.frame import Picture
from tests.benchmarks.scenes.small_scene import SMALL, small_scene

MATERIAL = PaintedMaterial()
CAR = standing("car", "car", OnGround(0.5, 0.7), ALWAYS)
WALKER = moving("walker", "person", (OnGround(0.1, 0.6), OnGround(0.9, 0.9)), Span(0, 60))


def with_fault(fault: CameraFault) -> Scene:
    return small_scene(CAR, WALKER, disturbances=(CameraFaultSpan(fault, Span(20, 40)),))


@settings(max_examples=15)
@given(moment=st.floats(0, 59), seed=st.integers(0, 5))
def test_rendering_is_deterministic(moment: float, seed: int):
    scene = small_scene(
        CAR,
        WALKER,
        disturbances=(
            SensorNoise(ALWAYS, 4),
            Shake(ALWAYS, 0.01),
            Compression(ALWAYS, 40),
            LightChange((LightLevel(0, 1.0), LightLevel(60, 0.2))),
        ),
        seed=seed,
    )
    assert np.array_equal(render(scene, moment, MATERIAL), render(scene, moment, MATERIAL))


def test_an_actor_changes_the_picture_only_where_it_is():
    empty = render(small_scene(), 5, MATERIAL)
    changed = (render(small_scene(CAR), 5, MATERIAL) != empty).any(axis=2)
    assert empty.shape == (SMALL.height, SMALL.width, 3)
    rows = np.flatnonzero(changed.any(axis=1)) / SMALL.height
    assert changed.any()
    assert rows[-1] < 0.75  # its shadow lies a little below its foot
    assert rows[0] > 0.4


@pytest.mark.parametrize(
    ("fault", "looks_so"),
    [
        (CameraFault.DARK, lambda now, _: now.mean() < 20),
        (CameraFault.OVEREXPOSED, lambda now, _: now.mean() > 240),
        (CameraFault.COVERED, lambda now, _: now.std() < 30),
        (CameraFault.BLURRED, lambda now, usual: edges(now) < edges(usual) / 2),
        (CameraFault.NOISE, lambda now, usual: edges(now) > edges(usual) * 2),
        (CameraFault.COLOUR_CAST, lambda now, _: now[..., 1].mean() < now[..., 2].mean() / 2),
        (CameraFault.LOW_BITRATE, lambda now, usual: edges(now) != edges(usual)),
        (CameraFault.VIEW_MOVED, lambda now, usual: difference(now, usual) > 5),
        (CameraFault.CLOCK_WRONG, lambda now, usual: difference(now, usual) == 0),
    ],
)
def test_faults(fault: CameraFault, looks_so: Callable[[Picture, Picture], bool]):
    scene = with_fault(fault)
    usual = render(small_scene(CAR, WALKER), 30, MATERIAL)
    assert looks_so(render(scene, 30, MATERIAL), usual)
    assert np.array_equal(
        render(scene, 45, MATERIAL), render(small_scene(CAR, WALKER), 45, MATERIAL)
    )


def edges(picture: Picture) -> float:
    return float(np.abs(np.diff(picture.astype(float), axis=1)).mean())


def difference(first: Picture, second: Picture) -> float:
    return float(np.abs(first.astype(float) - second).mean())


def test_frozen_picture_is_the_one_it_froze_with():
    scene = with_fault(CameraFault.FROZEN)
    frozen = render(scene, 20, MATERIAL)
    assert np.array_equal(render(scene, 39, MATERIAL), frozen)
    assert not np.array_equal(render(scene, 41, MATERIAL), frozen)


def test_looks_without_stream_and_with_a_wrong_clock():
    looks = list(looks_at(with_fault(CameraFault.STREAM_GONE), MATERIAL))
    assert len(looks) == 60
    assert {round(look.moment) for look in looks if look.frame is None} >= set(range(21, 39))
    for look in looks_at(with_fault(CameraFault.CLOCK_WRONG), MATERIAL):
        wrong = (look.camera_time - look.true_time).total_seconds()
        assert wrong == (10800 if 20 <= look.moment < 40 else 0)


def test_nobody_looks_in_a_gap():
    moments = list(small_scene(disturbances=(LookGap(Span(10, 30)),)).look_moments())
    assert moments == sorted(moments)
    assert len(moments) in range(39, 42)
    assert not any(10 <= moment < 30 for moment in moments)


def darker(now: Picture, usual: Picture) -> bool:
    return now.mean() < usual.mean() * 0.8


def changed(now: Picture, usual: Picture) -> bool:
    return difference(now, usual) > 0


@pytest.mark.parametrize(
    ("disturbance", "looks_so"),
    [
        (LightChange((LightLevel(0, 0.2),)), darker),
        (LightChange((LightLevel(0, 0.7),)), darker),
        (Occluder(Span(0, 60), 0.5), changed),
        (TimeCaption(ALWAYS), changed),
        (Compression(ALWAYS, 5), changed),
        (Shake(ALWAYS, 0.02), changed),
    ],
)
def test_disturbances(disturbance: Disturbance, looks_so: Callable[[Picture, Picture], bool]):
    usual = render(small_scene(CAR), 30, MATERIAL)
    assert looks_so(render(small_scene(CAR, disturbances=(disturbance,)), 30, MATERIAL), usual)


def test_scenes_that_contradict_themselves():
    with pytest.raises(ValueError, match="more than once"):
        small_scene(CAR, CAR)
