"""Event tasks: what ``bench events`` runs, each in one process of the pool."""

from dataclasses import dataclass
from typing import Protocol

from benchmarks.clips.clip_run import run_clip
from benchmarks.clips.clip_truth import ClipTruth
from benchmarks.events.detection_source import DetectionSource, SceneStudio
from benchmarks.events.scene_run import run_scene
from benchmarks.scenes.stories.scene_list import scene_named
from benchmarks.street_run import SceneOutcome
from streams.kit.errors import CityPatrolError
from streams.replay.shared_folder import shared_folder


class EventTask(Protocol):
    """Something to be run."""

    @property
    def looks(self) -> float:
        """About how many looks it takes, to begin with the longest."""
        ...

    def run(self, studio: SceneStudio) -> SceneOutcome:
        """Run it."""
        ...


@dataclass(frozen=True, slots=True)
class SceneTask:
    """A composed scene.

    Attributes:
        scene: Its name.
        source: Who finds the things in it.
        looks: About how many looks it takes.
    """

    scene: str
    source: DetectionSource
    looks: float

    def run(self, studio: SceneStudio) -> SceneOutcome:
        """Run the scene."""
        detect = studio.detectors[self.source]
        return run_scene(scene_named(self.scene), studio.material, detect, studio.catalogue)


@dataclass(frozen=True, slots=True)
class ClipTask:
    """A real clip.

    Attributes:
        truth: The clip, and what must be reported of it.
        looks: About how many looks it takes.
    """

    truth: ClipTruth
    looks: float = 30.0

    def run(self, studio: SceneStudio) -> SceneOutcome:
        """Run the clip.

        Raises:
            CityPatrolError: There is no model, or the clip cannot be read.
        """
        if studio.finder is None:
            raise CityPatrolError(f"clip {self.truth.name}: there is no model to look at it")
        return run_clip(self.truth, shared_folder(), studio.finder, studio.catalogue)
