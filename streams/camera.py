"""The camera: where it stands, what it looks at and which issues it is asked to watch for."""

from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from streams.ground_view import (
    FIRST_VIEW,
    LEAST_GROUND_POINTS,
    CameraPose,
    GroundPoint,
    Latitude,
    Longitude,
    Preset,
)
from streams.kit.stream_address import StreamAddress, redacted
from streams.line import Line
from streams.words import CameraId, IssueCode
from streams.zone import Zone

Drawn = TypeVar("Drawn", Zone, Line)


# A year: nothing is waited for longer. And more looks or things than any rule counts.
LONGEST_DWELL_SECONDS = 366 * 86_400.0
LARGEST_COUNT = 1_000_000


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
    dwell_seconds: Annotated[float, Field(ge=0, le=LONGEST_DWELL_SECONDS)] | None = None
    minimum_looks: Annotated[int, Field(ge=1, le=LARGEST_COUNT)] | None = None
    minimum_count: Annotated[int, Field(ge=1, le=LARGEST_COUNT)] | None = None


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
        presets: Of a camera that turns, the views it comes back to; each has its own zones, lines,
            pose and surveyed points, and a reference picture at the API.
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
    presets: tuple[Preset, ...] = ()
    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()
    issue_types: tuple[EnabledIssueType, ...] = ()
    look_interval_seconds: Annotated[float, Field(gt=0, le=86400)] = 1.0
    gb28181_id: Annotated[str, Field(pattern=r"^[0-9]{20}$")] | None = None
    enabled: bool = True

    @property
    def view_names(self) -> tuple[str, ...]:
        """Names of the views it shows: its presets, or the one of a camera without any."""
        return tuple(preset.name for preset in self.presets) or (FIRST_VIEW,)

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
            ("presets", [preset.name for preset in self.presets]),
        ):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"camera {self.camera_id!r}: {field} lists {twice} more than once")
        return self

    @model_validator(mode="after")
    def _ground_points_suffice(self) -> Self:
        of_presets = {f"preset {one.name!r}: ": one.ground_points for one in self.presets}
        for where, points in {"": self.ground_points, **of_presets}.items():
            if 0 < len(points) < LEAST_GROUND_POINTS:
                raise ValueError(
                    f"camera {self.camera_id!r}: {where}ground_points has {len(points)} points; "
                    f"a homography needs at least {LEAST_GROUND_POINTS}, or leave them out"
                )
        return self

    @model_validator(mode="after")
    def _what_is_drawn_belongs_to_a_view(self) -> Self:
        known = [preset.name for preset in self.presets]
        drawn = {
            **{f"zone {zone.zone_id!r}": zone.preset for zone in self.zones},
            **{f"line {line.line_id!r}": line.preset for line in self.lines},
        }
        for what, preset in drawn.items():
            if known and preset not in known:
                raise ValueError(
                    f"camera {self.camera_id!r}: {what} has preset {preset!r}; name the one in "
                    f"whose picture it is drawn: {', '.join(known)}"
                )
            if not known and preset is not None:
                raise ValueError(
                    f"camera {self.camera_id!r}: {what} has preset {preset!r}, but the camera has "
                    "no presets; list it there, or leave it out"
                )
        if known and (self.pose is not None or self.ground_points):
            raise ValueError(
                f"camera {self.camera_id!r}: pose or ground_points beside presets: a camera that "
                "turns has them per preset; move them there"
            )
        return self

    def at_preset(self, name: str) -> "Camera":
        """The camera as a fixed one that shows one of its presets.

        Raises:
            KeyError: It has no such preset.
        """
        preset = {one.name: one for one in self.presets}[name]
        return self.model_copy(
            update={
                "presets": (),
                "pose": preset.pose,
                "ground_points": preset.ground_points,
                "zones": _drawn_in(name, self.zones),
                "lines": _drawn_in(name, self.lines),
            }
        )


def _drawn_in(preset: str, drawn: tuple[Drawn, ...]) -> tuple[Drawn, ...]:
    return tuple(one.model_copy(update={"preset": None}) for one in drawn if one.preset == preset)
