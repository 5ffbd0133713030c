"""The scene pool: runs scenes in several processes, as each is the work of one core."""

import logging
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from typing import TypeVar

import cv2
import structlog

from benchmarks.events.detection_source import SceneStudio, scene_studio
from benchmarks.events.event_tasks import EventTask
from benchmarks.street_run import SceneOutcome
from models.registry.settings import ExportSettings

Task = TypeVar("Task", bound=EventTask)
Done = Callable[[], object]
"""Told of each task that is done."""


def run_tasks(
    tasks: Sequence[Task], registry: ExportSettings, done: Done
) -> dict[Task, SceneOutcome]:
    """Run tasks, as many at a time as there are cores, the longest first.

    What the scenes are made of must be there already: processes would make it at once.

    Args:
        tasks: What is to be run.
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
        longest_first = sorted(tasks, key=lambda task: task.looks, reverse=True)
        under_way = {pool.submit(_run, task): task for task in longest_first}
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


def _run(task: EventTask) -> SceneOutcome:
    return task.run(_Process.studio)
