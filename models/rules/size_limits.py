"""Size limits: how large an object must be, or may be, to count."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Length = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(gt=0, le=1)]

MEASURES = ("width_px", "height_px", "picture_share", "width_m", "height_m", "area_m2")
"""What of an object can be limited; the last three need calibration."""


class SizeLimits(BaseModel):
    """Smallest and largest size of one object; what is left out does not limit it.

    Limits in metres can only be judged by a camera that is calibrated (surveyed points or pose);
    elsewhere the rule is held, and says so.

    Attributes:
        minimum_width_px: Of its box, in pixels of the camera's picture.
        maximum_width_px: The same, at most.
        minimum_height_px: Of its box, in pixels of the camera's picture.
        maximum_height_px: The same, at most.
        minimum_picture_share: Area of its box as a share of the picture.
        maximum_picture_share: The same, at most.
        minimum_width_m: Of its foot line on the ground.
        maximum_width_m: The same, at most.
        minimum_height_m: Of an upright thing on its foot point.
        maximum_height_m: The same, at most.
        minimum_area_m2: Of a flat thing's box, laid on the ground.
        maximum_area_m2: The same, at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum_width_px: Length | None = None
    maximum_width_px: Length | None = None
    minimum_height_px: Length | None = None
    maximum_height_px: Length | None = None
    minimum_picture_share: Share | None = None
    maximum_picture_share: Share | None = None
    minimum_width_m: Length | None = None
    maximum_width_m: Length | None = None
    minimum_height_m: Length | None = None
    maximum_height_m: Length | None = None
    minimum_area_m2: Length | None = None
    maximum_area_m2: Length | None = None

    @model_validator(mode="after")
    def _limits_leave_room(self) -> Self:
        for measure in MEASURES:
            smallest = getattr(self, f"minimum_{measure}")
            largest = getattr(self, f"maximum_{measure}")
            if smallest is not None and largest is not None and smallest > largest:
                raise ValueError(
                    f"size: minimum_{measure} {smallest:g} is more than maximum_{measure} "
                    f"{largest:g}; nothing could have that size"
                )
        return self

    @property
    def needs_calibration(self) -> bool:
        """Whether a limit is in metres."""
        return any(
            getattr(self, f"{end}_{measure}") is not None
            for end in ("minimum", "maximum")
            for measure in MEASURES[3:]
        )
