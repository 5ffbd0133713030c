"""How a camera sees the ground: its pose, and points that were surveyed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from streams.zone import PicturePoint, PresetName

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]

FIRST_VIEW = "first"
"""Name of the only view of a camera without presets."""

# A homography has eight unknowns, and each point settles two.
LEAST_GROUND_POINTS = 4


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


class Preset(BaseModel):
    """A view that a camera which turns comes back to.

    Attributes:
        name: Unique within its camera.
        pose: How the camera hangs while it shows this view, if known.
        ground_points: Surveyed points in this view; four or more give a ground homography.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PresetName
    pose: CameraPose | None = None
    ground_points: tuple[GroundPoint, ...] = ()
