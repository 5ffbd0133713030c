"""The scene pool: runs scenes in several processes, as each is the work of one core."""

import logging
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

import cv2
import structlog

from benchmarks.detection_source import DetectionSource, SceneStudio, scene_studio
from benchmarks.scene_run import SceneOutcome, run_scene
from benchmarks.scenes.scene_list import scene_named
from models.settings import ExportSettings


class Done(Protocol):
    """Told of each scene that is done."""

    def __call__(self) -> object:
        """One more."""
        ...


@dataclass(frozen=True, slots=True)
class SceneTask:
    """A scene that is to be run.

    Attributes:
        scene: Its name.
        source: Who finds the things in it.
    """

    scene: str
    source: DetectionSource


def run_scenes(
    tasks: Sequence[SceneTask], registry: ExportSettings, done: Done
) -> dict[SceneTask, SceneOutcome]:
    """Run scenes, as many at a time as there are cores.

    What the scenes are made of must be there already: processes would make it at once.

    Args:
        tasks: What is to be run; the long ones had better come first.
        registry: Where models are.
        done: Told of each that is done.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    workers = max(min(len(os.sched_getaffinity(0)), len(tasks)), 1)
    outcomes = {}
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _open_studio, (registry,)
    ) as pool:
        under_way = {pool.submit(_run, task): task for task in tasks}
        for future in as_completed(under_way):
            outcomes[under_way[future]] = future.result()
            done()
    return outcomes


class _Process:
    """What a process of the pool keeps open; used by its one thread."""

    stack = ExitStack()
    studio: SceneStudio


def _open_studio(registry: ExportSettings) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    cv2.setNumThreads(1)
    _Process.studio = _Process.stack.enter_context(scene_studio(registry))


def _run(task: SceneTask) -> SceneOutcome:
    studio = _Process.studio
    detect = studio.detectors[task.source]
    return run_scene(scene_named(task.scene), studio.material, detect, studio.catalogue)
