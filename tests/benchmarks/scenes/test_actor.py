"""Actors are where their keyframes say."""

import pytest

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, OnPicture, Place, moving, standing
from benchmarks.scenes.ground import Ground
from benchmarks.scenes.span import Span


@pytest.mark.parametrize(
    ("moment", "place"),
    [
        (9.9, None),
        (10.0, OnGround(0.0, 0.5)),
        (15.0, OnGround(0.5, 0.75)),
        (20.0, None),
    ],
)
def test_moving(moment: float, place: Place | None):
    walker = moving("a", "person", (OnGround(0.0, 0.5), OnGround(1.0, 1.0)), Span(10, 20))
    assert walker.place_at(moment) == place


def test_grows_then_stays():
    path = (Keyframe(0, OnGround(0.5, 0.5, 1.0)), Keyframe(4, OnGround(0.5, 0.5, 2.0)))
    heap = Actor("heap", "garbage_pile", path, 10.0)
    assert heap.place_at(1) == OnGround(0.5, 0.5, 1.25)
    assert heap.place_at(9) == OnGround(0.5, 0.5, 2.0)


@pytest.mark.parametrize(
    "path",
    [
        (),
        (Keyframe(5, OnGround(0, 1)), Keyframe(2, OnGround(0, 1))),
        (Keyframe(50, OnGround(0, 1)),),
        (Keyframe(1, OnGround(0, 1)), Keyframe(2, OnPicture(0, 1, 0.1))),
    ],
)
def test_impossible_paths(path: tuple[Keyframe, ...]):
    with pytest.raises(ValueError, match="actor 'x'"):
        Actor("x", "car", path, 20.0)


def test_things_look_larger_when_nearer():
    ground = Ground(horizon=0.2, camera_height_m=5.0)
    far = ground.height_of("person", OnGround(0.5, 0.4), 0.4)
    near = ground.height_of("person", OnGround(0.5, 0.6), 0.4)
    assert near == pytest.approx(2 * far)
    assert ground.height_of("person", OnPicture(0.5, 0.1, 0.3), 0.4) == 0.3
    with pytest.raises(ValueError, match="horizon"):
        ground.height_of("person", OnGround(0.5, 0.1), 0.4)


def test_span_backwards():
    with pytest.raises(ValueError, match="cannot end"):
        Span(2, 1)


def test_standing_leaves():
    assert standing("a", "car", OnGround(0.5, 0.5), Span(1, 2)).leaves_at == 2
