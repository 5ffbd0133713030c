"""Truth says exactly what is to be seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scenes.actor import OnGround, standing
from benchmarks.scenes.disturbances import (
    BLINDING_FAULTS,
    CameraFault,
    CameraFaultSpan,
    Occluder,
    Shake,
)
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.truth import USUAL, DetectionFlaws, detections_of, visible_things
from benchmarks.scenes.span import ALWAYS, Span
from tests.benchmarks.scenes.small_scene import small_scene

MATERIAL = PaintedMaterial()
CAR = standing("car", "car", OnGround(0.5, 0.7), ALWAYS)


@settings(max_examples=40)
@given(
    places=st.lists(st.tuples(st.floats(-0.3, 1.3), st.floats(0.2, 1.3)), min_size=1, max_size=6),
    moment=st.floats(0, 59),
    faults=st.sets(st.sampled_from([CameraFault.VIEW_MOVED, CameraFault.FROZEN])),
)
def test_boxes_lie_in_the_picture(
    places: list[tuple[float, float]], moment: float, faults: set[CameraFault]
):
    actors = (
        standing(f"a{number}", "person", OnGround(x, y), ALWAYS, number)
        for number, (x, y) in enumerate(places)
    )
    spans = tuple(CameraFaultSpan(fault, ALWAYS) for fault in faults)
    scene = small_scene(*actors, disturbances=(Shake(ALWAYS, 0.02), *spans))
    for thing in visible_things(scene, moment, MATERIAL):
        assert 0 <= thing.box.left < thing.box.right <= 1
        assert 0 <= thing.box.top < thing.box.bottom <= 1
        assert 0 < thing.visible <= 1
    detections_of(scene, moment, MATERIAL, USUAL)


def test_a_box_is_where_its_actor_stands():
    (thing,) = visible_things(small_scene(CAR), 0, MATERIAL)
    assert thing.visible == 1
    assert thing.box.bottom == pytest.approx(0.7, abs=0.01)
    assert (thing.box.left + thing.box.right) / 2 == pytest.approx(0.5, abs=0.01)
    # 1.6 m high, 6 m below the camera, whose horizon is the upper edge.
    assert thing.box.bottom - thing.box.top == pytest.approx(1.6 * 0.7 / 6, abs=0.01)


def test_who_is_nearer_hides_who_is_farther():
    person = standing("person", "person", OnGround(0.5, 0.75), ALWAYS)
    seen = {one.actor: one for one in visible_things(small_scene(CAR, person), 0, MATERIAL)}
    assert seen["person"].visible == 1
    assert 0.3 < seen["car"].visible < 0.9


@pytest.mark.parametrize(("moment", "visible"), [(0, 1.0), (30, 0.0), (59.9, 1.0)])
def test_occluder(moment: float, visible: float):
    scene = small_scene(CAR, disturbances=(Occluder(Span(0, 60), 0.6),))
    things = visible_things(scene, moment, MATERIAL)
    assert [one.visible for one in things] == ([visible] if visible else [])


@pytest.mark.parametrize("fault", sorted(BLINDING_FAULTS))
def test_nothing_is_seen_by_a_blind_camera(fault: CameraFault):
    scene = small_scene(CAR, disturbances=(CameraFaultSpan(fault, Span(10, 20)),))
    assert [len(visible_things(scene, moment, MATERIAL)) for moment in (9, 15, 21)] == [1, 0, 1]
    assert detections_of(scene, 15, MATERIAL).class_names == ("car",)


def test_a_moved_view_moves_its_boxes():
    scene = small_scene(CAR, disturbances=(CameraFaultSpan(CameraFault.VIEW_MOVED, ALWAYS),))
    (moved,) = visible_things(scene, 0, MATERIAL)
    (usual,) = visible_things(small_scene(CAR), 0, MATERIAL)
    assert moved.box.right - moved.box.left > 1.3 * (usual.box.right - usual.box.left)
    assert moved.box.left > usual.box.left


def test_flaws():
    scene = small_scene(CAR)
    perfect = detections_of(scene, 3, MATERIAL)
    assert (len(perfect), perfect.class_name(0)) == (1, "car")
    assert len(detections_of(scene, 3, MATERIAL, DetectionFlaws(missed=1.0))) == 0
    shaken = detections_of(scene, 3, MATERIAL, DetectionFlaws(box_jitter=0.05))
    assert 0 < abs(shaken.boxes - perfect.boxes).max() < 0.1
    again = detections_of(scene, 3, MATERIAL, DetectionFlaws(box_jitter=0.05))
    assert (again.boxes == shaken.boxes).all()
