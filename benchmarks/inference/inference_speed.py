"""Inference speed: the forms of one model against each other, in turns, in one run.

Machines are shared and noisy, so that figures of two runs cannot be compared. Here every round
gives each form the same time right after one another, in changing order, and only the ratio
within a round counts.
"""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from pydantic import BaseModel
from rich.table import Table

from benchmarks.machine import machine_name
from detector.detections import Detections
from detector.inference.backend import Backend
from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings
from labeling.evaluation.artefact_forms import only_with, runnable_artefacts
from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.stored_model import InstalledModel
from streams.frame import Picture
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import StageCosts

# More pictures only cost memory; their content hardly changes the time.
_MOST_PICTURES = 64
_NOISE_PICTURES = 16
_NOISE_WIDTH, _NOISE_HEIGHT = 1280, 720
# The backend refuses to be filled beyond what it can hold; the rest is kept count of here.
_MOST_WAITING = 64
_PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True, slots=True)
class SpeedPlan:
    """What to measure.

    Attributes:
        model: The model; all its forms that run here take part.
        rounds: How often each form gets its turn.
        seconds: Length of a turn.
        pictures: Folder of pictures; noise if None.
        settings: How to infer.
    """

    model: InstalledModel
    rounds: int
    seconds: float
    pictures: Path | None
    settings: DetectorSettings


class Spread(BaseModel):
    """A figure over the rounds.

    Attributes:
        median: The middle one.
        lowest: The least.
        highest: The greatest.
    """

    median: float
    lowest: float
    highest: float


class ArtefactSpeed(BaseModel):
    """How fast one form is.

    Attributes:
        format: Form of the model.
        precision: The numbers that its weights are stored in.
        pictures_per_second: Over the rounds.
        cpu_milliseconds_per_picture: CPU time of all threads per picture, over the rounds; says
            more than the clock where other programs run.
        ratio: Pictures per second as a multiple of the first form's in the same round.
        cpu_ratio: The first form's CPU time per picture as a multiple of this form's in the
            same round.
    """

    format: ArtefactFormat
    precision: ArtefactPrecision
    pictures_per_second: Spread
    cpu_milliseconds_per_picture: Spread
    ratio: Spread
    cpu_ratio: Spread


class SpeedFigures(BaseModel):
    """What was measured.

    Attributes:
        machine: Processor and cores.
        measured_at: When.
        model: Name and version.
        arithmetic: What the engine was told to compute with. "automatic" is bfloat16 where the
            processor has it, which alone makes a float form nearly twice as fast.
        pictures: What was looked at.
        rounds: Turns of each form.
        seconds: Length of a turn.
        artefacts: Each form; the first one is what the ratios refer to.
    """

    machine: str
    measured_at: datetime
    model: str
    arithmetic: str
    pictures: str
    rounds: int
    seconds: float
    artefacts: tuple[ArtefactSpeed, ...]


@dataclass(frozen=True, slots=True)
class _Turn:
    pictures_per_second: float
    cpu_milliseconds: float


def measure_speed(plan: SpeedPlan) -> SpeedFigures:
    """Run the plan on this machine and return its figures.

    Raises:
        CityPatrolError: The model has only one form that runs here, a form cannot run, or the
            folder has no picture.
    """
    artefacts = runnable_artefacts(plan.model.card)
    if len(artefacts) < 2:
        raise CityPatrolError(
            f"model {plan.model.card.model_version} has nothing to compare: it needs a float and "
            "an INT8 form that OpenVINO runs; make one with `citypatrol models quantise`"
        )
    pictures, said = _pictures(plan.pictures)
    turns: list[list[_Turn]] = [[] for _ in artefacts]
    with ExitStack() as stack:
        backends = [
            stack.enter_context(
                OpenVinoBackend(only_with(plan.model, artefact), plan.settings, StageCosts())
            )
            for artefact in artefacts
        ]
        for number in range(plan.rounds):
            order = range(len(artefacts)) if number % 2 == 0 else reversed(range(len(artefacts)))
            for index in order:
                turns[index].append(_turn(backends[index], pictures, plan.seconds))
    return SpeedFigures(
        machine=machine_name(),
        measured_at=datetime.now(UTC),
        model=str(plan.model.card.model_version),
        arithmetic=plan.settings.precision,
        pictures=said,
        rounds=plan.rounds,
        seconds=plan.seconds,
        artefacts=tuple(
            _speed(artefact, turns[index], turns[0]) for index, artefact in enumerate(artefacts)
        ),
    )


def speed_table(figures: SpeedFigures) -> Table:
    """The figures as people read them."""
    table = Table(
        title=f"{figures.model}, {figures.machine}",
        caption=f"median (lowest to highest) of {figures.rounds} rounds in turns of "
        f"{figures.seconds:g} s each; ratios are within a round. Pictures: {figures.pictures}. "
        f"Arithmetic: {figures.arithmetic} (CITYPATROL_DETECTOR_PRECISION).",
        caption_justify="left",
    )
    table.add_column("artefact")
    for heading in ("pictures/s", "ratio", "CPU ms per picture", "CPU ratio"):
        table.add_column(heading, justify="right")
    for entry in figures.artefacts:
        table.add_row(
            f"{entry.format} {entry.precision}",
            _text(entry.pictures_per_second, 1),
            _text(entry.ratio, 2),
            _text(entry.cpu_milliseconds_per_picture, 1),
            _text(entry.cpu_ratio, 2),
        )
    return table


def _turn(backend: Backend, pictures: Sequence[Picture], seconds: float) -> _Turn:
    waiting: deque[Future[list[Detections]]] = deque()
    count = 0
    cpu_started, started = time.process_time(), time.monotonic()
    while time.monotonic() - started < seconds or count == 0:
        waiting.append(backend.detect([pictures[count % len(pictures)]]))
        count += 1
        if len(waiting) > _MOST_WAITING:
            waiting.popleft().result()
    for future in waiting:
        future.result()
    return _Turn(
        pictures_per_second=count / (time.monotonic() - started),
        cpu_milliseconds=(time.process_time() - cpu_started) / count * 1000,
    )


def _speed(artefact: Artefact, turns: Sequence[_Turn], first: Sequence[_Turn]) -> ArtefactSpeed:
    pairs = list(zip(turns, first, strict=True))
    return ArtefactSpeed(
        format=artefact.format,
        precision=artefact.precision,
        pictures_per_second=_spread([turn.pictures_per_second for turn in turns]),
        cpu_milliseconds_per_picture=_spread([turn.cpu_milliseconds for turn in turns]),
        ratio=_spread(
            [turn.pictures_per_second / other.pictures_per_second for turn, other in pairs]
        ),
        cpu_ratio=_spread(
            [other.cpu_milliseconds / max(turn.cpu_milliseconds, 1e-9) for turn, other in pairs]
        ),
    )


def _spread(values: Sequence[float]) -> Spread:
    return Spread(median=median(values), lowest=min(values), highest=max(values))


def _pictures(folder: Path | None) -> tuple[list[Picture], str]:
    if folder is None:
        noise = np.random.default_rng(0)
        shape = (_NOISE_HEIGHT, _NOISE_WIDTH, 3)
        made = [noise.integers(0, 256, shape, np.uint8) for _ in range(_NOISE_PICTURES)]
        return made, f"noise of {_NOISE_WIDTH} x {_NOISE_HEIGHT} pixels"
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURE_SUFFIXES)[
        :_MOST_PICTURES
    ]
    read = [picture for path in paths if (picture := cv2.imread(str(path))) is not None]
    if not read:
        raise CityPatrolError(f"--pictures {folder}: has no .jpg or .png picture that can be read")
    pictures = [picture.astype(np.uint8, copy=False) for picture in read]
    return pictures, f"{len(pictures)} from the folder {folder.name}"


def _text(spread: Spread, digits: int) -> str:
    return f"{spread.median:.{digits}f} ({spread.lowest:.{digits}f} to {spread.highest:.{digits}f})"
