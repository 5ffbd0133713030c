"""From what on a camera counts as faulty, and for how long it must be so."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from streams.camera_health.camera_fault import CameraFault


def _split(value: Any) -> Any:  # noqa: ANN401 - whatever pydantic was given
    return [part.strip() for part in value.split(",") if part.strip()] if _is_text(value) else value


def _is_text(value: object) -> bool:
    return isinstance(value, str)


Faults = Annotated[frozenset[CameraFault], NoDecode, BeforeValidator(_split)]
"""Faults, written with commas between them in the environment and on the command line."""


class HealthSettings(BaseSettings):
    """When a camera counts as faulty; one environment variable per field.

    The defaults lie where sound pictures of streets and their spoilt copies part best; the rates
    measured with them are in docs/camera_health.md.
    """

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_HEALTH_", frozen=True)

    unwatched_faults: Faults = Field(
        frozenset(),
        description="Faults that are not looked for, such as 'frozen' with replayed test "
        "pictures; names with commas between them.",
    )
    harmless_faults: Faults = Field(
        frozenset({CameraFault.CLOCK_WRONG}),
        description="Faults that are reported but do not hold the camera's rules; a wrong clock "
        "does not, since looks are timed by the worker's own.",
    )
    dark_median: int = Field(
        20, ge=0, le=255, description="Dark is a median luminance below this, of 255 ..."
    )
    dark_lit_share: float = Field(
        0.05, ge=0, le=1, description="... with less than this share lit, as lamps would at night."
    )
    burnt_share: float = Field(
        0.5, gt=0, le=1, description="Overexposed from this share of pixels burnt out to white."
    )
    blurred_edge_width: float = Field(
        1.8,
        gt=0.5,
        le=9,
        description="Blurred when the sharpest edges are wider than this, as the standard "
        "deviation in pixels of a picture 640 across; sound pictures stay below 1.4.",
    )
    covered_flat_share: float = Field(
        0.9,
        gt=0,
        le=1,
        description="Covered when at least this share of the picture shows nothing at all.",
    )
    covered_lost_share: float = Field(
        0.33,
        gt=0,
        le=1,
        description="Covered also when this share of what the reference shows has become smooth.",
    )
    frozen_changed_share: float = Field(
        0.03,
        ge=0,
        lt=1,
        description="Frozen when no more than this share of the picture changes at all; a clock "
        "written into the picture takes up less.",
    )
    cast_strength: float = Field(
        25.0, gt=0, le=180, description="Colour cast from this mean distance from grey in CIE a*b*"
    )
    cast_ratio: float = Field(
        2.0,
        gt=0,
        le=100,
        description="... that is also this many times the spread of the colours themselves ...",
    )
    cast_ratio_warm: float = Field(
        6.0,
        gt=0,
        le=100,
        description="... or this many times where the cast is red, orange or yellow: a fire that "
        "lights the whole scene must not hold the rule that looks for fire ...",
    )
    cast_neutral_share: float = Field(
        0.05, ge=0, le=1, description="... and leaves less than this share of pixels about grey."
    )
    noise_levels: float = Field(
        10.0,
        gt=0,
        le=128,
        description="Noise from this standard deviation on, in levels of 255 of a picture 640 "
        "across.",
    )
    bits_per_pixel: float = Field(
        0.05,
        ge=0,
        le=24,
        description="Low bitrate when a keyframe is coded with fewer bits per pixel than this.",
    )
    bits_per_second_and_pixel: float = Field(
        0.03,
        ge=0,
        le=1000,
        description="Low bitrate when the stream has fewer bits per second and pixel than this: "
        "62 kbit/s at 1920 x 1080.",
    )
    view_shift: float = Field(
        0.03,
        gt=0,
        le=0.5,
        description="View moved from this shift on, as a share of the picture's width.",
    )
    view_rotation_degrees: float = Field(
        2.0, gt=0, le=90, description="View moved from this rotation on."
    )
    view_scale: float = Field(
        0.05, gt=0, lt=1, description="View moved from this change of size on; 0.05 is 5 %."
    )
    view_check_seconds: float = Field(
        10.0,
        ge=0,
        le=3600,
        description="Time between two comparisons with the reference while all is well.",
    )
    view_relearn_seconds: float = Field(
        6 * 3600.0,
        gt=0,
        le=365 * 86400,
        description="Age from which a learnt look at the reference view in one light is renewed.",
    )
    clock_seconds: float = Field(
        60.0,
        gt=0,
        le=86400 * 365,
        description="Clock wrong from this difference on; a camera that asks a time server stays "
        "within a second.",
    )
    begin_seconds: float = Field(
        30.0, ge=0, le=86400, description="Time for which a fault must last to be declared."
    )
    begin_looks: int = Field(
        3, ge=1, le=1000, description="Looks that must show a fault for it to be declared."
    )
    covered_seconds: float = Field(
        120.0,
        ge=0,
        le=86400,
        description="Time to declare 'covered': longer than a bus waits at a light.",
    )
    view_seconds: float = Field(
        120.0,
        ge=0,
        le=86400,
        description="Time to declare 'view_moved': a bus that waits may hide all that is known.",
    )
    frozen_seconds: float = Field(
        120.0,
        ge=0,
        le=86400,
        description="Time to declare 'frozen': longer than any usual pause between keyframes.",
    )
    frozen_suspect_seconds: float = Field(
        20.0,
        ge=0,
        le=86400,
        description="Time without any change from which 'frozen' is suspected; a coder may repeat "
        "a quiet picture until its next keyframe.",
    )
    gone_seconds: float = Field(
        60.0, ge=0, le=86400, description="Time without a picture to declare 'stream_gone'."
    )
    end_seconds: float = Field(
        30.0, ge=0, le=86400, description="Time without a fault before it is lifted."
    )
    end_looks: int = Field(
        3, ge=1, le=1000, description="Looks in a row without a fault before it is lifted."
    )

    def seconds_to_begin(self, fault: CameraFault) -> float:
        """Time for which ``fault`` must last to be declared."""
        own = {
            CameraFault.COVERED: self.covered_seconds,
            CameraFault.FROZEN: self.frozen_seconds,
            CameraFault.VIEW_MOVED: self.view_seconds,
            CameraFault.STREAM_GONE: self.gone_seconds,
        }
        return own.get(fault, self.begin_seconds)
