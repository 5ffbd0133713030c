"""What the rule engine costs: looks at one camera that is watched for many issue types."""

import statistics
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel, ConfigDict, SecretStr
from rich.table import Table

from benchmarks.machine import machine_name
from detector.detections import Detections
from detector.geometry.boxes import PictureSize
from detector.rules.look_view import LookPicture
from detector.watching.issue_watch import IssueWatch
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.issue_type import IssueType
from models.rules.crossing import Crossing
from models.rules.rule import Rule, WatchFor
from streams.camera import Camera, EnabledIssueType
from streams.frame import Picture
from streams.line import Line, LineKind
from streams.zone import Zone, ZoneKind

SIZE = PictureSize(1920, 1080)
# What the engine settles on first: objects that have been standing for some looks, a second apart.
WARM_UP_LOOKS = 60
WARM_UP_STEP_SECONDS = 1.0
# A box of a standing thing shakes by about so much of the picture, from look to look.
SHAKE = 0.003
# The street model's classes that a busy street shows most.
SHOWN_CLASSES = ("car", "person", "bicycle", "truck", "motorcycle", "garbage_pile")

# No type of the catalogue follows what a street shows most; a city's own may.
CROSSING = IssueType(
    code="99999",
    slug="crossing",
    name_zh="越线",
    name_en="Crossing a line",
    department="traffic_police",
    severity="low",
    time_limit_hours=1,
    time_limit_clock="work",
    source="own",
    rule=Rule(classes=SHOWN_CLASSES, crossing=Crossing(lines=(LineKind.SOLID_LINE,))),
)


@dataclass(frozen=True, slots=True)
class RulePlan:
    """What to measure.

    Attributes:
        issue_types: How many types the camera is watched for.
        boxes: How many things every look shows.
        looks: How many looks are timed.
        step_seconds: Time between two of them.
        lines: How many lines the camera has, and a type of the benchmark's own that watches who
            passes over them, for which every box is followed; 0 for none.
    """

    issue_types: int = 60
    boxes: int = 12
    looks: int = 1000
    step_seconds: float = 1.0
    lines: int = 0


class RuleFigures(BaseModel):
    """What a look costs.

    Attributes:
        machine: Where it was measured.
        issue_types: How many types were watched for.
        with_candidates: How many of them name a class that the looks show.
        zones: How many zones the camera has: one of each kind that the types name.
        boxes: How many things every look shows.
        step_seconds: Time between two looks.
        lines: How many lines the camera has.
        median_ms: Milliseconds per look.
        p95_ms: Milliseconds per look, 95th percentile.
        open_events: Sightings that stood at the end.
    """

    model_config = ConfigDict(frozen=True)

    machine: str
    issue_types: int
    with_candidates: int
    zones: int
    boxes: int
    step_seconds: float
    lines: int
    median_ms: float
    p95_ms: float
    open_events: int


def measure_rules(plan: RulePlan) -> RuleFigures:
    """Time looks of a busy street against a camera with many types and zones."""
    catalogue = _with_crossing(load_catalogue())
    types = _types(catalogue, plan.issue_types)
    random = np.random.default_rng(1)
    kinds = sorted({kind for issue in types for kind in issue.rule.zones})
    camera = _camera(types, [_zone(kind, random) for kind in kinds], _lines(plan.lines))
    watch = IssueWatch(camera, catalogue, ZoneInfo("Asia/Shanghai"))
    looks = _Looks(types, plan.boxes, random)
    for _ in range(WARM_UP_LOOKS):
        looks.time_one(watch, WARM_UP_STEP_SECONDS)
    seconds = [looks.time_one(watch, plan.step_seconds) for _ in range(plan.looks)]
    return RuleFigures(
        machine=machine_name(),
        issue_types=len(camera.issue_types),
        with_candidates=sum(not set(SHOWN_CLASSES).isdisjoint(one.rule.classes) for one in types),
        zones=len(kinds),
        boxes=plan.boxes,
        step_seconds=plan.step_seconds,
        lines=plan.lines,
        median_ms=1000 * statistics.median(seconds),
        p95_ms=1000 * statistics.quantiles(seconds, n=20)[-1],
        open_events=len(watch.open_sightings()),
    )


def rule_table(figures: RuleFigures) -> Table:
    """The figures, to be printed."""
    table = Table(title="Rule engine, one look", title_justify="left", box=None)
    headings = ("types", "of these shown", "zones", "lines", "boxes", "seconds apart")
    for heading in (*headings, "median ms", "p95 ms", "open"):
        table.add_column(heading, justify="right")
    table.add_row(
        str(figures.issue_types),
        str(figures.with_candidates),
        str(figures.zones),
        str(figures.lines),
        str(figures.boxes),
        f"{figures.step_seconds:g}",
        f"{figures.median_ms:.2f}",
        f"{figures.p95_ms:.2f}",
        str(figures.open_events),
    )
    table.caption = figures.machine
    return table


class _Looks:
    """Looks at things that stand and shake, in a picture that stays as it is.

    What was not seen a moment ago is compared by its picture, as in a worker.
    """

    def __init__(self, types: list[IssueType], count: int, random: np.random.Generator) -> None:
        names = {name for issue in types for name in issue.rule.seen_classes}
        self._class_names = tuple(sorted(names | set(SHOWN_CLASSES)))
        shown = [self._class_names.index(name) for name in SHOWN_CLASSES]
        corners = random.uniform(0.0, 0.85, (count, 2))
        self._boxes = np.hstack((corners, corners + random.uniform(0.03, 0.15, (count, 2))))
        self._class_ids = random.choice(shown, count)
        self._picture = LookPicture(SIZE, _noise(random))
        self._random = random
        self._now = datetime(2026, 5, 4, 4, tzinfo=UTC)

    def time_one(self, watch: IssueWatch, step_seconds: float) -> float:
        """Seconds that the next look takes, which comes so long after the one before."""
        count = len(self._boxes)
        shaken = self._boxes + self._random.normal(0.0, SHAKE, (count, 4))
        detections = Detections(
            boxes=np.clip(shaken, 0.0, 1.0).astype(np.float32),
            scores=self._random.uniform(0.35, 0.9, count).astype(np.float32),
            class_ids=self._class_ids,
            class_names=self._class_names,
        )
        self._now += timedelta(seconds=step_seconds)
        started = time.perf_counter()
        watch.judge(detections, self._now, self._picture)
        return time.perf_counter() - started


def _noise(random: np.random.Generator) -> Picture:
    """A picture in which no two places look the same."""
    return random.integers(0, 256, (SIZE.height, SIZE.width, 3), np.uint8)


def _types(catalogue: IssueCatalogue, count: int) -> list[IssueType]:
    """Types that any camera can be watched for, those that a street shows first."""
    possible = [
        issue
        for issue in catalogue.types.values()
        if catalogue.watched(issue.code)
        and issue.rule.watch_for is not WatchFor.CAMERA_FAULT
        and issue.rule.watch_for is not WatchFor.CHANGE
        and not issue.rule.not_in_reference
        and not issue.rule.needs_calibration
        and issue.code != CROSSING.code
    ]
    possible.sort(key=lambda issue: set(SHOWN_CLASSES).isdisjoint(issue.rule.classes))
    return possible[:count]


def _with_crossing(catalogue: IssueCatalogue) -> IssueCatalogue:
    types = MappingProxyType({**catalogue.types, CROSSING.code: CROSSING})
    return replace(catalogue, types=types)


def _lines(count: int) -> list[Line]:
    """Lines across the picture, one below the other."""
    heights = [(row + 1) / (count + 1) for row in range(count)]
    return [
        Line(line_id=f"line-{row}", kind=LineKind.SOLID_LINE, points=((0.0, at), (1.0, at)))
        for row, at in enumerate(heights)
    ]


def _camera(types: list[IssueType], zones: list[Zone], lines: list[Line]) -> Camera:
    crossing = (CROSSING,) if lines else ()
    return Camera(
        camera_id="busy-street",
        name="Busy street",
        stream_url=SecretStr("rtsp://camera.invalid/1"),
        lon=106.5,
        lat=29.5,
        zones=tuple(zones),
        lines=tuple(lines),
        issue_types=tuple(EnabledIssueType(code=issue.code) for issue in (*types, *crossing)),
    )


def _zone(kind: ZoneKind, random: np.random.Generator) -> Zone:
    left, top = random.uniform(0.0, 0.6, 2)
    width, height = random.uniform(0.2, 0.4, 2)
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return Zone(zone_id=str(kind), kind=kind, polygon=corners)
