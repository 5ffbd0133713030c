"""How right the product's events are: precision, recall, false alarms and delay over scenes."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.detection_source import DetectionSource, SceneStudio, scene_studio
from benchmarks.event_figures import EventFigures, summed
from benchmarks.machine import machine_name
from benchmarks.scene_pool import Done, SceneTask, run_scenes
from benchmarks.scenes.pace import PACES, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.scene_list import quiet_scene, scenes_at
from models.settings import ExportSettings
from streams.errors import CityPatrolError

QUIET_HOUR = "quiet hour"


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What is to be measured.

    Attributes:
        registry: Where models are.
        paces: Scenes of which paces; the quiet hour is looked at every second.
        sources: Who finds the things in them.
        only: Scenes whose names begin so; all, if none is named.
    """

    registry: ExportSettings
    paces: tuple[Pace, ...] = PACES
    sources: tuple[DetectionSource, ...] = tuple(DetectionSource)
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneGroup:
    """Scenes whose figures are given together.

    Attributes:
        name: What they have in common.
        source: Who finds the things in them.
        scenes: Those that are run.
        left_out: Why others are not: the reason, and how many.
    """

    name: str
    source: DetectionSource
    scenes: tuple[Scene, ...]
    left_out: dict[str, int]

    @property
    def tasks(self) -> list[SceneTask]:
        """Its scenes, to be run."""
        return [SceneTask(scene.name, self.source) for scene in self.scenes]


def chosen_paces(names: Sequence[str]) -> tuple[Pace, ...]:
    """The paces of these names; all, if there are none.

    Raises:
        CityPatrolError: A name is none.
    """
    known = {pace.name: pace for pace in PACES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CityPatrolError(f"--pace {unknown[0]!r} is none; there are {', '.join(known)}")
    return tuple(known[name] for name in names) or PACES


def scene_groups(plan: EventPlan, studio: SceneStudio) -> tuple[SceneGroup, ...]:
    """The scenes of a plan that can be run, and why the others cannot.

    Raises:
        CityPatrolError: No scene has a name that was asked for.
    """
    groups = tuple(
        _group(name, scenes, source, studio)
        for source in plan.sources
        for name, scenes in _asked(plan)
    )
    if not groups:
        raise CityPatrolError(
            f"no scene's name begins with {' or '.join(plan.only)}; `citypatrol bench scenes` "
            "lists them"
        )
    return groups


def measure_events(plan: EventPlan, done: Done) -> EventFigures:
    """Run the scenes of a plan and sum up what came of them.

    Args:
        plan: What is to be measured.
        done: Told of each scene that is done.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used, or no scene is left.
    """
    begun_at = time.monotonic()
    # Opened here first: what scenes are made of is made the first time, and by one process only.
    with scene_studio(plan.registry) as studio:
        groups = scene_groups(plan, studio)
        material, model = studio.material_name, studio.model_name
    looks = {
        task: scene.duration / scene.camera.look_interval_seconds
        for group in groups
        for task, scene in zip(group.tasks, group.scenes, strict=True)
    }
    longest_first = sorted(looks, key=looks.__getitem__, reverse=True)
    outcomes = run_scenes(longest_first, plan.registry, done)
    figures = tuple(
        summed(group.name, group.source, [outcomes[task] for task in group.tasks], group.left_out)
        for group in groups
    )
    return EventFigures(
        machine=machine_name(),
        material=material,
        model=model,
        seconds=time.monotonic() - begun_at,
        groups=figures,
    )


def _asked(plan: EventPlan) -> Iterator[tuple[str, tuple[Scene, ...]]]:
    everything = [(f"every {pace.name}", scenes_at(pace)) for pace in plan.paces]
    for name, scenes in (*everything, (QUIET_HOUR, (quiet_scene(),))):
        chosen = tuple(one for one in scenes if not plan.only or one.name.startswith(plan.only))
        if chosen:
            yield name, chosen


def _group(
    name: str, scenes: tuple[Scene, ...], source: DetectionSource, studio: SceneStudio
) -> SceneGroup:
    if source is DetectionSource.MADE_UP:
        return SceneGroup(name, source, scenes, {})
    reasons = {scene: studio.why_not_with_model(scene) for scene in scenes}
    left_out = Counter(reason for reason in reasons.values() if reason is not None)
    possible = tuple(scene for scene, reason in reasons.items() if reason is None)
    return SceneGroup(name, source, possible, dict(left_out))
