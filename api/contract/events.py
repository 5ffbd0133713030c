"""The wire contract between workers and the API: plain values, version 1.

An event is a GeoJSON feature. A worker sends it again whenever it changed (a later
``last_seen``, ``cleared_at``), with the same ``id`` and a higher ``revision``; the API keeps
the highest revision it has seen, so a repeated or overtaken delivery changes nothing.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_validator,
)

from api.contract.confirmations import EventConfirmation
from api.contract.moment import Moment
from models.words import CameraId, IssueCode, IssueKind, Remark, Sha256, Ulid

SCHEMA_VERSION: Literal[1] = 1

EventId = Ulid
"""A ULID, made by the worker when the event opens."""
Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
MAXIMUM_BATCH = 200
# PostgreSQL's integer.
LARGEST_COUNT = 2**31 - 1
# Wider than any city; a camera sees some hundred metres.
LARGEST_ACCURACY_M = 100_000.0
# A hundred years.
LONGEST_SECONDS = 100 * 366 * 86_400.0
Count = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]


def _no_truth_value(value: object) -> object:
    # True equals 1, so that a literal takes it.
    if isinstance(value, bool):
        raise ValueError("is a truth value, not the number 1")  # noqa: TRY004 - as pydantic asks
    return value


class LocationSource(StrEnum):
    """How an event's position was found, best first."""

    HOMOGRAPHY = "homography"
    POSE = "pose"
    ZONE = "zone"
    CAMERA = "camera"


class EvidenceKind(StrEnum):
    """What a picture kept with an event shows."""

    FRAME = "frame"
    ANNOTATED = "annotated"
    CROP = "crop"
    CLEARED = "cleared"
    """The whole picture of the look that found the issue gone, framed where it was."""
    REFERENCE = "reference"
    """What the view should show, beside the event of a camera that was moved."""


class EventStatus(StrEnum):
    """Whether the issue still stands before the camera."""

    OPEN = "open"
    CLEARED = "cleared"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Point(_Value):
    """A GeoJSON point: [longitude, latitude] in WGS-84 degrees."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[
        Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]
    ]


class ReportedDetection(_Value):
    """One box that took part in the event.

    Attributes:
        class_name: Visual class.
        score: The model's score.
        box: Left, top, right, bottom as fractions of the picture.
    """

    class_name: Annotated[str, Field(min_length=1, max_length=100)]
    score: Fraction
    box: tuple[Fraction, Fraction, Fraction, Fraction]


class EvidenceReference(_Value):
    """A picture that was uploaded before the event, named by its content."""

    kind: EvidenceKind
    sha256: Sha256
    captured_at: Moment


class ModelReference(_Value):
    """The model version that saw the event."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    version: Annotated[str, Field(min_length=1, max_length=100)]
    sha256: Sha256


class EventProperties(_Value):
    """What a worker says of an event; times are RFC 3339 with a zone.

    Attributes:
        revision: Counts the deliveries of this event from 1; the highest one holds.
        issue_code: Five-digit code in the issue catalogue of ``catalogue_version``.
        camera_id: The camera that saw it.
        zone_id: The camera's zone it is in, if the rule has zones, or the line it crossed.
        first_seen: First look that showed it.
        last_seen: Latest look that showed it.
        cleared_at: Look at which it was found gone, or None while it lasts.
        observed_count: Number of looks that showed it.
        unwatched_seconds: Of the time from first_seen to last_seen, how much no look vouches
            for, as the camera or the worker was away: nobody knows whether it was there then.
        score: Highest detection score so far.
        location_source: How the position was found.
        accuracy_m: Radius in metres of the 68 % circle around the position.
        evidence: Its pictures in the order in which they were taken: as it opened first, then
            those that show it better, then how the place was when it had cleared. So the last
            of each kind is the best.
        measured: What was measured, in words, of a fault of the camera: how far it was moved, say.
            None for what a model found.
        recurrence_of: The event of the same issue type and camera that cleared at the same place
            a while ago; None for one that is no return.
        recurrence_number: How often it has come back there, this time included; 0 for none.
        confirmation: Who must agree before it is dispatched and what came of that; None where
            its type asks for nobody.
    """

    schema_version: Annotated[Literal[1], BeforeValidator(_no_truth_value)] = 1
    # Of the catalogue and of every overlay on it.
    catalogue_version: Annotated[str, Field(min_length=1, max_length=200)]
    revision: Count
    issue_code: IssueCode
    camera_id: CameraId
    zone_id: Annotated[str, Field(max_length=64)] | None = None
    first_seen: Moment
    last_seen: Moment
    cleared_at: Moment | None = None
    observed_count: Count
    unwatched_seconds: Annotated[float, Field(ge=0, le=LONGEST_SECONDS)] = 0.0
    score: Fraction
    location_source: LocationSource
    accuracy_m: Annotated[float, Field(gt=0, le=LARGEST_ACCURACY_M)]
    detections: Annotated[tuple[ReportedDetection, ...], Field(max_length=500)] = ()
    evidence: Annotated[tuple[EvidenceReference, ...], Field(max_length=20)] = ()
    model: ModelReference
    measured: Remark | None = None
    recurrence_of: EventId | None = None
    recurrence_number: Annotated[int, Field(ge=0, le=LARGEST_COUNT)] = 0
    confirmation: EventConfirmation | None = None

    @model_validator(mode="after")
    def _times_are_in_order(self) -> Self:
        if self.last_seen < self.first_seen:
            raise ValueError(
                f"last_seen {self.last_seen.isoformat()} is before "
                f"first_seen {self.first_seen.isoformat()}"
            )
        if self.cleared_at is not None and self.cleared_at < self.last_seen:
            raise ValueError(
                f"cleared_at {self.cleared_at.isoformat()} is before "
                f"last_seen {self.last_seen.isoformat()}"
            )
        return self

    @model_validator(mode="after")
    def _a_recurrence_is_counted(self) -> Self:
        if (self.recurrence_of is None) != (self.recurrence_number == 0):
            raise ValueError(
                f"recurrence_of {self.recurrence_of} with recurrence_number "
                f"{self.recurrence_number}: a recurrence is counted from 1, any other event is 0"
            )
        return self


class EventFeature(_Value):
    """An event as a worker posts it: a GeoJSON feature."""

    type: Literal["Feature"] = "Feature"
    id: EventId
    geometry: Point
    properties: EventProperties

    @model_validator(mode="after")
    def _is_not_its_own_return(self) -> Self:
        if self.properties.recurrence_of == self.id:
            raise ValueError(f"recurrence_of {self.id} is the event itself")
        return self


class EventBatch(BaseModel):
    """Body of ``POST /v1/events``: a GeoJSON feature collection.

    Features are judged one by one, so that one bad event does not hold up the others; each
    should be an ``EventFeature``.
    """

    model_config = ConfigDict(extra="forbid")

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: Annotated[list[JsonValue], Field(min_length=1, max_length=MAXIMUM_BATCH)]


class ReceiptStatus(StrEnum):
    """What became of one posted event."""

    STORED = "stored"
    UPDATED = "updated"
    DUPLICATE = "duplicate"
    DEFERRED = "deferred"
    """Not stored yet: by the API's clock it has still to happen; send it again later."""
    REJECTED = "rejected"


class FieldError(BaseModel):
    """One thing wrong with one field."""

    field: str
    message: str
    value: JsonValue = None


class EventReceipt(BaseModel):
    """The API's answer to one posted event, in the order of the batch.

    Attributes:
        id: The event's id, or None where the feature had none that could be read.
        status: What became of it; ``rejected`` is final, ``deferred`` is to be sent again, the
            others are committed.
        errors: Why it was rejected or deferred.
        received_at: When the event was first stored.
    """

    id: str | None
    status: ReceiptStatus
    errors: list[FieldError] = []
    received_at: datetime | None = None


class BatchReceipt(BaseModel):
    """Answer to ``POST /v1/events``; sent only after the database has committed."""

    receipts: list[EventReceipt]


class StoredEventProperties(EventProperties):
    """A stored event: what the worker said and what the API knows besides.

    Attributes:
        status: Open while the camera still sees it, else cleared.
        kind: What the matter is about: an event, a component, or the camera itself.
        issue_name_zh: Chinese name of the issue type.
        issue_name_en: English name of the issue type.
        severity: low, medium, high or critical, from the catalogue.
        department_zh: Department that handles it, Chinese.
        department_en: Department that handles it, English.
        camera_name: Name of the camera.
        unit_grid: Code of the management cell it lies in, if cells were imported.
        received_at: When its first revision was stored.
        updated_at: When its present revision was stored.
        change: Rises with every change of any event; orders ``GET /v1/stream``.
        merged_into: The oldest event of the same matter, if a dispatcher said that this is one
            with it.
        merge_proposals: How many proposals to merge it with another wait for a decision.
    """

    status: EventStatus
    kind: IssueKind
    issue_name_zh: str
    issue_name_en: str
    severity: str
    department_zh: str
    department_en: str
    camera_name: str
    unit_grid: str | None
    received_at: AwareDatetime
    updated_at: AwareDatetime
    change: int
    merged_into: EventId | None = None
    merge_proposals: int = 0


class StoredEventFeature(BaseModel):
    """An event as the API returns it; evidence is at ``/v1/evidence/{sha256}``."""

    model_config = ConfigDict(frozen=True)

    type: Literal["Feature"] = "Feature"
    id: EventId
    geometry: Point
    properties: StoredEventProperties


class EventPage(BaseModel):
    """Answer to ``GET /v1/events``: a GeoJSON feature collection, newest first.

    Attributes:
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[StoredEventFeature]
    next_cursor: str | None = None


class ErrorReport(BaseModel):
    """Body of every 4xx and 5xx answer (RFC 9457 problem details)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []
