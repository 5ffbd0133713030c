"""Detection sources: who finds the things in composed scenes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.cut_outs.cut_out_trial import Finder
from benchmarks.cut_outs.material_at_hand import real_material
from benchmarks.cut_outs.shared_material import SharedMaterial
from benchmarks.events.scene_run import SceneDetector, scene_catalogue
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.truth import USUAL, detections_of
from benchmarks.scenes.scene import Scene
from detector.detections import Detections
from models.catalogue.issue_catalogue import IssueCatalogue
from models.registry.settings import ExportSettings
from streams.frame import Frame
from streams.replay.shared_folder import shared_folder


class DetectionSource(StrEnum):
    """Who finds things."""

    MADE_UP = "made-up"
    """The truth is told, flawed as by a usual detector: the rules and the health alone."""
    MODEL = "model"
    """The model that a worker would run looks at the pictures."""


@dataclass(frozen=True, slots=True)
class SceneStudio:
    """What scenes are made of, and how things in them are found.

    Attributes:
        material: Their pictures.
        detectors: Of each source that can be used.
        finder: The model, or None where there is none.
        catalogue: What issue types mean.
        classes: What the model knows; empty where there is none.
        material_name: What the pictures are, in words.
        model_name: The model's name and version, or None where there is none.
    """

    material: SceneMaterial
    detectors: dict[DetectionSource, SceneDetector]
    finder: Finder | None
    catalogue: IssueCatalogue
    classes: frozenset[str]
    material_name: str
    model_name: str | None

    def why_not_with_model(self, scene: Scene) -> str | None:
        """Why the model cannot be asked about a scene, or None if it can.

        It must know every class of what the scene expects, or some class of what a scene of
        which nothing is expected watches for, and find the things of it.
        """
        if not isinstance(self.material, SharedMaterial):
            return "drawn pictures show nothing that a model knows"
        codes = [one.issue_code for one in scene.expected]
        unknown = self._unknown(codes)
        if unknown:
            return f"the model does not know {', '.join(unknown)}"
        about = {scene.actor(name).what for one in scene.expected for name in one.actors}
        drawn = sorted(what for what in about if not self.material.is_findable(what))
        if drawn:
            return f"there is no picture of {', '.join(drawn)} that a model can find"
        watched = [one.code for one in scene.camera.issue_types]
        if not codes and watched and all(self._unknown([code]) for code in watched):
            return f"the model does not know {', '.join(self._unknown(watched))}"
        return None

    def _unknown(self, codes: Iterable[str]) -> list[str]:
        rules = [self.catalogue.types[code].rule for code in codes]
        return sorted({name for rule in rules for name in rule.seen_classes} - self.classes)


@contextmanager
def scene_studio(registry: ExportSettings) -> Iterator[SceneStudio]:
    """Real pictures and the installed model where there is a shared folder, else drawn ones.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    catalogue = scene_catalogue()
    if not shared_folder().is_dir():
        material = PaintedMaterial()
        told = {DetectionSource.MADE_UP: _made_up(material, catalogue)}
        name = "drawn (no shared folder)"
        yield SceneStudio(material, told, None, catalogue, frozenset(), name, None)
        return
    with real_material(registry) as (shared, finder, name):

        def found_in(scene: Scene, moment: float, frame: Frame) -> Detections:
            del scene, moment
            return finder(frame.picture)

        detectors = {
            DetectionSource.MADE_UP: _made_up(shared, catalogue),
            DetectionSource.MODEL: found_in,
        }
        classes = frozenset(finder(np.zeros((64, 64, 3), np.uint8)).class_names)
        origin = "of the shared folder"
        yield SceneStudio(shared, detectors, finder, catalogue, classes, origin, name)


def _made_up(material: SceneMaterial, catalogue: IssueCatalogue) -> SceneDetector:
    def tell(scene: Scene, moment: float, frame: Frame) -> Detections:
        del frame
        rules = [catalogue.types[watched.code].rule for watched in scene.camera.issue_types]
        known = {name for rule in rules for name in rule.seen_classes}
        return detections_of(scene, moment, material, USUAL, known)

    return tell
