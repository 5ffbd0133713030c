"""A scene run: what the product reports of a scene, against what it must report."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import cv2

from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.pictures.composer import looks_at
from benchmarks.scenes.pictures.truth import visible_things
from benchmarks.scenes.scene import Scene
from benchmarks.street_run import SceneOutcome, StreetRun, run_street
from detector.detections import Detections
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.issue_type import IssueType
from models.catalogue.settings import CatalogueSettings
from models.words import IssueKind
from streams.camera_health.given_reference import GivenReference
from streams.frame import Frame

_SCENE_TYPES = Path(__file__).parents[1] / "scenes" / "scene_types.yaml"

SceneDetector = Callable[[Scene, float, Frame], Detections]
"""What is found in a frame of a scene at a moment."""


def scene_catalogue() -> IssueCatalogue:
    """The catalogue as scenes need it: every type switched on, faults reported at once.

    Scenes last a hundred looks; a fault that must stand for ten minutes before operators are
    told would not show in them. ``scene_types.yaml`` is laid over it, with types for the forms
    of rules that no type of the catalogue has.
    """
    catalogue = load_catalogue(CatalogueSettings(overlays=(_SCENE_TYPES,)))
    types = {
        code: _at_once(issue) if issue.kind is IssueKind.CAMERA else issue
        for code, issue in catalogue.types.items()
    }
    return replace(catalogue, types=MappingProxyType(types), switched_on=frozenset(catalogue.types))


def run_scene(
    scene: Scene, material: SceneMaterial, detect: SceneDetector, catalogue: IssueCatalogue
) -> SceneOutcome:
    """Let the product look at a scene as a patrol would, and compare.

    Args:
        scene: The scene.
        material: What its pictures are made of.
        detect: Finds things in its pictures.
        catalogue: What issue types mean; see ``scene_catalogue``.
    """
    zone = scene.start.tzinfo
    expected = (*scene.expected, *(_as_event(fault, catalogue) for fault in scene.expected_faults))
    run = StreetRun(
        scene.name,
        scene.camera,
        scene.duration,
        looks_at(scene, material),
        lambda moment, frame: detect(scene, moment, frame),
        expected,
        lambda event, moment: _places(event, moment, scene, material),
        _references(scene, material),
    )
    return run_street(run, catalogue, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))


def _places(
    expected: ExpectedEvent, moment: float, scene: Scene, material: SceneMaterial
) -> Sequence[PictureBox]:
    return [
        thing.box
        for thing in visible_things(scene, moment, material)
        if thing.actor in expected.actors
    ]


def _references(scene: Scene, material: SceneMaterial) -> dict[str, GivenReference]:
    """The pictures of a camera's presets, as an operator gives them."""
    given = {}
    size = (scene.background.width, scene.background.height)
    for preset, background in scene.views().items():
        _, jpeg = cv2.imencode(".jpg", cv2.resize(material.picture_of(background), size))
        given[preset] = GivenReference.of(preset, background.name, jpeg.tobytes(), scene.start)
    return given


def _as_event(fault: ExpectedFault, catalogue: IssueCatalogue) -> ExpectedEvent:
    code = next(
        issue.code
        for issue in catalogue.types.values()
        if issue.kind is IssueKind.CAMERA and str(fault.fault) in map(str, issue.rule.faults)
    )
    return ExpectedEvent(code, fault.opens_between, fault.clears_between)


def _at_once(issue: IssueType) -> IssueType:
    rule = issue.rule.model_copy(update={"dwell_seconds": 0.0})
    return issue.model_copy(update={"rule": rule})
