"""What can be set on how matters find their department."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no such time zone; give an IANA name such as Asia/Shanghai") from None
    return name


class DispatchSettings(BaseSettings):
    """How a matter finds its component, its department and the person on duty."""

    model_config = SettingsConfigDict(
        env_prefix="CITYPATROL_DISPATCH_", extra="ignore", frozen=True
    )

    component_radius_m: float = Field(
        30.0,
        gt=0,
        le=1000,
        description="How far from a matter a registered component may stand to be the one it is "
        "about, metres.",
    )
    time_zone: Annotated[str, AfterValidator(_known_time_zone)] = Field(
        "Asia/Shanghai",
        description="Time zone of the hours of responsibilities, and of times in imported files "
        "that name none.",
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.time_zone)
