"""A camera, a catalogue and looks at made-up scenes, for tests of the issue rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np

from detector.detections import Detections
from detector.geometry.boxes import PictureSize
from detector.objects.class_groups import FoundObjects, find_objects, group_floors
from detector.rules.judgement.kept_watch import KeptWatch
from detector.rules.look_view import LookPicture
from detector.sighting import ChangeKind, Sighting, SightingChange
from detector.watching.issue_watch import NOTHING_KEPT, IssueWatch
from models.catalogue.issue_catalogue import IssueCatalogue
from models.catalogue.issue_type import IssueType
from models.rules.rule import Rule
from streams.camera import Camera

CLASS_NAMES = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck"),
    *("boat", "traffic_light", "fishing_rod", "hard_hat", "hoarding", "excavator"),
    *("head", "reflective_vest", "traffic_cone"),
)
SHANGHAI = ZoneInfo("Asia/Shanghai")
PICTURE = LookPicture(PictureSize(1280, 720))
NOON = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""

LEFT_HALF = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]
RIGHT_HALF = [(0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)]
ZONES = (
    {"zone_id": "kerb", "kind": "no_parking", "polygon": LEFT_HALF},
    {"zone_id": "square", "kind": "plaza", "polygon": RIGHT_HALF},
)

Box = tuple[float, float, float, float]
PARKED: Box = (0.1, 0.4, 0.3, 0.6)
BESIDE: Box = (0.1, 0.7, 0.3, 0.9)


@dataclass(frozen=True)
class Seen:
    """One box of a made-up look."""

    class_name: str
    box: Box
    score: float = 0.8


def car(box: Box = PARKED, score: float = 0.8) -> Seen:
    return Seen("car", box, score)


def detections(seen: Sequence[Seen]) -> Detections:
    return Detections(
        boxes=np.array([one.box for one in seen], np.float32).reshape(-1, 4),
        scores=np.array([one.score for one in seen], np.float32),
        class_ids=np.array([CLASS_NAMES.index(one.class_name) for one in seen], np.int64),
        class_names=CLASS_NAMES,
    )


def found_objects(seen: Sequence[Seen], minimum_scores: Mapping[str, float]) -> FoundObjects:
    """What of a made-up look matters, by the lowest score of each class group."""
    return find_objects(detections(seen), group_floors(CLASS_NAMES, minimum_scores))


def catalogue_of(**rules: dict) -> IssueCatalogue:
    """A catalogue of rules by code, written as ``c90001={...}``."""
    types = {
        name[1:]: IssueType(
            code=name[1:],
            slug=f"type_{name[1:]}",
            name_zh="类",
            name_en="type",
            department="sanitation",
            severity="low",
            time_limit_hours=1,
            time_limit_clock="work",
            source="own",
            rule=Rule(**rule),
        )
        for name, rule in rules.items()
    }
    return IssueCatalogue("test", MappingProxyType(types))


PARKING = {
    "classes": ("car", "bus", "truck"),
    "zones": ("no_parking",),
    "same_object": True,
    "dwell_seconds": 10,
    "minimum_looks": 3,
    "clear_after_looks": 4,
}
CROWD = {
    "classes": ("person",),
    "zones": ("plaza",),
    "minimum_count": 3,
    "dwell_seconds": 10,
    "minimum_looks": 3,
    "clear_after_looks": 4,
}


class Watching:
    """An ``IssueWatch`` that is shown looks two seconds apart, and what came of them."""

    def __init__(
        self,
        catalogue: IssueCatalogue,
        kept: KeptWatch = NOTHING_KEPT,
        zones: Sequence[dict] = ZONES,
        step_seconds: float = 2.0,
        *,
        issue_types: Sequence[dict] | None = None,
        pose: dict | None = None,
        lines: Sequence[dict] = (),
    ) -> None:
        self.camera = Camera(
            pose=pose,
            camera_id="c1",
            name="Corner",
            stream_url="rtsp://camera.invalid/1",
            lon=106.5,
            lat=29.5,
            zones=zones,
            lines=lines,
            issue_types=issue_types or [{"code": code} for code in catalogue.types],
            look_interval_seconds=step_seconds,
        )
        self.watch = IssueWatch(self.camera, catalogue, SHANGHAI, kept)
        self.step = timedelta(seconds=step_seconds)
        self.now = NOON
        self.changes: list[SightingChange] = []

    def show(self, *seen: Seen, at: datetime | None = None) -> list[SightingChange]:
        """Show one look; without a time it comes one step after the one before."""
        self.now = self.now + self.step if at is None else at
        changes = self.watch.judge(detections(seen), self.now, PICTURE)
        self.changes += changes
        return changes

    def looks(self, count: int, *seen: Seen) -> list[SightingChange]:
        return [change for _ in range(count) for change in self.show(*seen)]

    def kinds(self) -> list[ChangeKind]:
        """What happened so far, refreshes left out."""
        return [change.kind for change in self.changes if change.kind is not ChangeKind.CONTINUED]

    @property
    def open(self) -> list[Sighting]:
        return list(self.watch.open_sightings())
