"""The camera: where it stands, what it looks at and which issues it is asked to watch for."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from streams.line import Line
from streams.stream_address import StreamAddress, redacted
from streams.zone import PicturePoint, Zone

CameraId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
IssueCode = Annotated[str, Field(pattern=r"^\d{5}$")]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class GroundPoint(BaseModel):
    """A surveyed point on the ground that can be found in the picture.

    Attributes:
        picture: Where it appears, in picture fractions.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: PicturePoint
    lon: Longitude
    lat: Latitude


class CameraPose(BaseModel):
    """How a camera hangs over flat ground.

    Attributes:
        height_m: Height of the lens over the ground, metres.
        azimuth_deg: Direction of view, degrees clockwise from north.
        tilt_deg: Degrees below the horizon; 90 looks straight down.
        horizontal_fov_deg: Horizontal field of view, degrees.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    height_m: Annotated[float, Field(gt=0, le=500)]
    azimuth_deg: Annotated[float, Field(ge=0, lt=360)]
    tilt_deg: Annotated[float, Field(gt=0, le=90)]
    horizontal_fov_deg: Annotated[float, Field(gt=1, lt=170)]


class EnabledIssueType(BaseModel):
    """An issue type this camera is asked to watch for.

    Attributes:
        code: Code in the issue catalogue.
        dwell_seconds: This camera's own dwell instead of the catalogue's, seconds.
        minimum_looks: This camera's own number of looks instead of the catalogue's.
        minimum_count: This camera's own number of objects instead of the catalogue's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: IssueCode
    dwell_seconds: Annotated[float, Field(ge=0)] | None = None
    minimum_looks: Annotated[int, Field(ge=1)] | None = None
    minimum_count: Annotated[int, Field(ge=1)] | None = None


class Camera(BaseModel):
    """A street camera.

    Attributes:
        camera_id: Unique in the district.
        name: What people call it.
        stream_url: Where its pictures come from; a secret.
        lon: WGS-84 longitude of the camera, degrees.
        lat: WGS-84 latitude of the camera, degrees.
        position_accuracy_m: Standard error of that position, metres.
        pose: How it hangs, if known.
        ground_points: Surveyed points; four or more give a ground homography.
        zones: Areas of its picture with a kind.
        lines: Lines in its picture with a kind, which something may cross.
        issue_types: What it is asked to watch for.
        look_interval_seconds: Time between two looks.
        gb28181_id: Its 20-digit GB/T 28181 id, if it has one.
        enabled: Whether workers visit it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    camera_id: CameraId
    name: Annotated[str, Field(min_length=1, max_length=200)]
    stream_url: StreamAddress
    lon: Longitude
    lat: Latitude
    position_accuracy_m: Annotated[float, Field(gt=0, le=1000)] = 5.0
    pose: CameraPose | None = None
    ground_points: tuple[GroundPoint, ...] = ()
    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()
    issue_types: tuple[EnabledIssueType, ...] = ()
    look_interval_seconds: Annotated[float, Field(gt=0, le=86400)] = 1.0
    gb28181_id: Annotated[str, Field(pattern=r"^\d{20}$")] | None = None
    enabled: bool = True

    @property
    def redacted_url(self) -> str:
        """The stream address without credentials, for logs, errors and screens."""
        return redacted(self.stream_url.get_secret_value())

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for field, values in (
            ("zones", [zone.zone_id for zone in self.zones]),
            (
                "lines",
                # An event names its zone or its line by id.
                [
                    *(line.line_id for line in self.lines),
                    *({zone.zone_id for zone in self.zones}),
                ],
            ),
            ("issue_types", [issue.code for issue in self.issue_types]),
        ):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"camera {self.camera_id!r}: {field} lists {twice} more than once")
        return self

    @model_validator(mode="after")
    def _ground_points_suffice(self) -> Self:
        if 0 < len(self.ground_points) < 4:
            raise ValueError(
                f"camera {self.camera_id!r}: ground_points has {len(self.ground_points)} points; "
                "a homography needs at least 4, or leave them out"
            )
        return self
