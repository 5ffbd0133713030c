"""Every scene can be what it says: its truth agrees with its own actors and zones."""

import numpy as np
import pytest
import shapely

from benchmarks.scenes.actor import Actor
from benchmarks.scenes.disturbances import CameraFault
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import EVERY_SECOND, PACES, Pace
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.truth import visible_share, visible_things
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.stories.scene_list import all_scenes, scene_named, scenes_at
from streams.kit.errors import CityPatrolError

MATERIAL = PaintedMaterial()


def test_names_are_unique():
    names = [scene.name for scene in all_scenes()]
    assert len(names) == len(set(names))
    assert scene_named(names[0]).name == names[0]
    with pytest.raises(CityPatrolError, match="there is no scene 'x'"):
        scene_named("x")


@pytest.mark.parametrize("pace", PACES, ids=lambda pace: pace.name)
def test_expectations_lie_within_the_scene(pace: Pace):
    for scene in scenes_at(pace):
        assert 40 <= sum(1 for _ in scene.look_moments()) <= 250, scene.name
        codes = {issue.code for issue in scene.camera.issue_types}
        for event in (*scene.expected, *scene.expected_faults):
            assert 0 <= event.opens_between.begins_at < event.opens_between.ends_at, scene.name
            assert event.opens_between.ends_at < scene.duration, scene.name
            if event.clears_between is not None:
                assert event.clears_between.begins_at > event.opens_between.begins_at
                assert event.clears_between.ends_at <= scene.duration, scene.name
        assert {event.issue_code for event in scene.expected} <= codes


def test_every_fault_has_a_scene():
    faults = [one.fault for scene in scenes_at(EVERY_SECOND) for one in scene.expected_faults]
    assert sorted(faults) == sorted(CameraFault)


@pytest.mark.parametrize(
    "scene", [one for one in scenes_at(EVERY_SECOND) if one.expected], ids=lambda one: one.name
)
def test_what_is_expected_can_be_seen_in_its_zone(scene: Scene):
    for event in scene.expected:
        moment = event.opens_between.begins_at + scene.camera.look_interval_seconds
        things = visible_things(scene, moment, MATERIAL)
        for name in event.actors:
            actor = scene.actor(name)
            if actor.place_at(moment) is not None:
                assert visible_share(things, actor) > 0.25, (scene.name, name)
        in_zone = [name for name in event.actors if stands_in(scene, event, name, moment)]
        is_line = event.zone_id in {line.line_id for line in scene.camera.lines}
        if event.zone_id is not None and not is_line and event.actors:
            assert in_zone, scene.name


def stands_in(scene: Scene, event: ExpectedEvent, name: str, moment: float) -> bool:
    polygons = [zone.polygon for zone in scene.camera.zones if zone.zone_id == event.zone_id]
    actor: Actor = scene.actor(name)
    place = actor.place_at(moment) or actor.path[0].place
    return any(
        shapely.Polygon(one).covers(shapely.Point(place.x, min(place.y, 1))) for one in polygons
    )


def test_paces_differ_only_in_time():
    counts = [len(scenes_at(pace)) for pace in PACES]
    assert len(set(counts)) == 1
    assert np.isclose(PACES[1].looks(3), 90)
