"""How cameras are read."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Sampling(StrEnum):
    """Which pictures of a stream are decoded."""

    KEYFRAMES = "keyframes"
    """Keyframes only, and of these only the ones that are due: 8 to 10 times less work."""
    RATE = "rate"
    """Every picture, so that a look is possible between keyframes too."""


class StreamSettings(BaseSettings):
    """How cameras are read; one environment variable per field."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_STREAM_", frozen=True)

    sampling: Sampling = Field(
        Sampling.KEYFRAMES,
        description="Decode 'keyframes' only, or all pictures to look at any 'rate'.",
    )
    open_timeout_seconds: float = Field(
        10.0, gt=0, le=300, description="Longest time to connect and to learn what is sent."
    )
    read_timeout_seconds: float = Field(
        10.0, gt=0, le=300, description="Longest silence of a camera before it is given up."
    )
    picture_timeout_seconds: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="Longest time without a picture that can be decoded, though data comes.",
    )
    backoff_initial_seconds: float = Field(
        1.0, gt=0, le=60, description="Wait before the first attempt to connect again."
    )
    backoff_maximum_seconds: float = Field(
        60.0, gt=0, le=3600, description="Longest wait between two attempts; each doubles it."
    )
    maximum_picture_pixels: int = Field(
        40_000_000,
        ge=10_000,
        le=500_000_000,
        description="Larger pictures are refused; 8K has 33 million pixels.",
    )
    parallel_checks: int = Field(
        32, ge=1, le=512, description="Cameras that 'cameras check' opens at the same time."
    )

    @model_validator(mode="after")
    def _backoff_grows(self) -> Self:
        if self.backoff_maximum_seconds < self.backoff_initial_seconds:
            raise ValueError(
                f"backoff_maximum_seconds {self.backoff_maximum_seconds} is less than "
                f"backoff_initial_seconds {self.backoff_initial_seconds}"
            )
        return self
