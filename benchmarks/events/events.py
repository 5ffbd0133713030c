"""How right the product's events are: precision, recall, false alarms and delay over scenes."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.clips.clip_truth import clip_truths
from benchmarks.events.detection_source import DetectionSource, SceneStudio, scene_studio
from benchmarks.events.event_figures import EventFigures, summed
from benchmarks.events.event_tasks import ClipTask, SceneTask
from benchmarks.events.scene_pool import Done, run_tasks
from benchmarks.machine import machine_name
from benchmarks.scenes.pace import PACES, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.stories.scene_list import quiet_scene, scenes_at
from models.registry.settings import ExportSettings
from streams.kit.errors import CityPatrolError

QUIET_HOUR = "quiet hour"
REAL_CLIPS = "real clips"


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What is to be measured.

    Attributes:
        registry: Where models are.
        paces: Scenes of which paces; the quiet hour is looked at every second.
        sources: Who finds the things in them.
        only: Scenes and clips whose names begin so; all, if none is named.
    """

    registry: ExportSettings
    paces: tuple[Pace, ...] = PACES
    sources: tuple[DetectionSource, ...] = tuple(DetectionSource)
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether a scene or clip of this name is asked for."""
        return not self.only or name.startswith(self.only)


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """What is run and whose figures are given together.

    Attributes:
        name: What they have in common.
        source: Who finds the things in them.
        tasks: What is run.
        left_out: Why other scenes are not run: the reason, and how many.
    """

    name: str
    source: DetectionSource
    tasks: tuple[SceneTask | ClipTask, ...]
    left_out: dict[str, int]


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


def task_groups(plan: EventPlan, studio: SceneStudio) -> tuple[TaskGroup, ...]:
    """What of a plan can be run, and why the rest cannot.

    Raises:
        CityPatrolError: No scene has a name that was asked for.
    """
    groups = tuple(
        _group(name, scenes, source, studio)
        for source in plan.sources
        for name, scenes in _asked(plan)
    )
    if DetectionSource.MODEL in plan.sources:
        groups += _clip_groups(plan, studio)
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
        groups = task_groups(plan, studio)
        material, model = studio.material_name, studio.model_name
    tasks = [task for group in groups for task in group.tasks]
    outcomes = run_tasks(tasks, plan.registry, done)
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
        chosen = tuple(one for one in scenes if plan.wants(one.name))
        if chosen:
            yield name, chosen


def _group(
    name: str, scenes: tuple[Scene, ...], source: DetectionSource, studio: SceneStudio
) -> TaskGroup:
    reasons: dict[Scene, str | None] = dict.fromkeys(scenes)
    if source is DetectionSource.MODEL:
        reasons = {scene: studio.why_not_with_model(scene) for scene in scenes}
    left_out = Counter(reason for reason in reasons.values() if reason is not None)
    tasks = tuple(
        SceneTask(scene.name, source, scene.duration / scene.camera.look_interval_seconds)
        for scene, reason in reasons.items()
        if reason is None
    )
    return TaskGroup(name, source, tasks, dict(left_out))


def _clip_groups(plan: EventPlan, studio: SceneStudio) -> tuple[TaskGroup, ...]:
    """The real clips, of which only the model can be asked."""
    tasks = tuple(ClipTask(truth) for truth in clip_truths() if plan.wants(truth.name))
    if not tasks:
        return ()
    if studio.finder is None:
        left_out = {"there is no shared folder, which has the clips": len(tasks)}
        return (TaskGroup(REAL_CLIPS, DetectionSource.MODEL, (), left_out),)
    return (TaskGroup(REAL_CLIPS, DetectionSource.MODEL, tasks, {}),)
