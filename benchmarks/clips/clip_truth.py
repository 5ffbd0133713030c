"""Clip truth: what a real clip shows, and what must be reported of it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.span import Span
from streams.camera import Camera, EnabledIssueType
from streams.kit.errors import CityPatrolError
from streams.zone import Fraction, Zone

_FOLDER = Path(__file__).parent
_LOOK_SECONDS = 1.0

Moments = Annotated[tuple[float, float], Field(description="Earliest and latest, seconds.")]


class ClipTruthError(CityPatrolError):
    """A truth file cannot be used."""


class ClipEvent(BaseModel):
    """An event that must be reported of a clip.

    Attributes:
        issue_code: Its issue type.
        zone_id: Zone in which it is; None for the whole picture.
        seen: What it is, in words.
        opens: When it may be reported first.
        clears: When it may clear; None where it stands to the end.
        place: Box in the picture, in fractions, with which one of its boxes overlaps.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issue_code: str
    zone_id: str | None = None
    seen: Annotated[str, Field(min_length=1)]
    opens: Moments
    clears: Moments | None = None
    place: tuple[Fraction, Fraction, Fraction, Fraction]

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for name, span in (("opens", self.opens), ("clears", self.clears)):
            if span is not None and span[0] >= span[1]:
                raise ValueError(f"{name} {list(span)} ends before it begins")
        return self

    def expected(self) -> ExpectedEvent:
        """The event as scenes expect theirs."""
        return ExpectedEvent(
            self.issue_code,
            Span(*self.opens),
            None if self.clears is None else Span(*self.clears),
            zone_id=self.zone_id,
            place=PictureBox(*self.place),
        )


class ClipTruth(BaseModel):
    """A clip as a camera, and what must be reported of it, and nothing else.

    Attributes:
        clip: The file, from the shared folder.
        looked_at: What was looked at to write this, and when.
        seen: What the clip shows, in words.
        start: When its first frame is taken to be, for hours and dates.
        zones: Zones as an operator would draw them.
        issue_types: What is watched for, with dwells that fit into the clip.
        events: What must be reported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clip: str
    looked_at: Annotated[str, Field(min_length=1)]
    seen: Annotated[str, Field(min_length=1)]
    start: AwareDatetime
    zones: tuple[Zone, ...]
    issue_types: Annotated[tuple[EnabledIssueType, ...], Field(min_length=1)]
    events: tuple[ClipEvent, ...]

    @property
    def name(self) -> str:
        """Name of the clip."""
        return Path(self.clip).stem

    @property
    def camera(self) -> Camera:
        """Who sees it, once a second."""
        return Camera(
            camera_id=self.name,
            name=f"Clip {self.name}",
            stream_url=f"rtsp://clip.invalid/{self.name}",
            lon=121.5,
            lat=31.2,
            zones=self.zones,
            issue_types=self.issue_types,
            look_interval_seconds=_LOOK_SECONDS,
        )

    @model_validator(mode="after")
    def _events_are_of_it(self) -> Self:
        zones = {zone.zone_id for zone in self.zones}
        watched = {one.code for one in self.issue_types}
        for event in self.events:
            if event.issue_code not in watched or event.zone_id not in zones | {None}:
                raise ValueError(
                    f"event {event.issue_code} in zone {event.zone_id!r}: watched for are "
                    f"{', '.join(sorted(watched))} in zones {', '.join(sorted(zones))}"
                )
        return self


def clip_truths() -> tuple[ClipTruth, ...]:
    """The truth of every clip.

    Raises:
        ClipTruthError: A file is not as it must be.
    """
    return tuple(read_truth(path) for path in sorted(_FOLDER.glob("*.yaml")))


def read_truth(path: Path) -> ClipTruth:
    """Read a truth file.

    Raises:
        ClipTruthError: It is not as it must be; names file, field and value.
    """
    try:
        return ClipTruth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ClipTruthError(f"{path} cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise ClipTruthError(
            f"{path}: {field}: {first['msg']}, got {first['input']!r:.200}"
        ) from None


def time_at(truth: ClipTruth, moment: float) -> datetime:
    """The time of day at a moment of a clip, seconds from its first frame."""
    return datetime.fromtimestamp(truth.start.timestamp() + moment, truth.start.tzinfo)
