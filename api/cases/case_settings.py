"""What can be set on how matters become cases."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CaseSettings(BaseSettings):
    """How events and reports become cases, and which need no person to register them."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CASE_", extra="ignore", frozen=True)

    merge_distance_m: float = Field(
        50.0,
        ge=0,
        le=1000,
        description="How close to an open case of the same type an event or report lies that is "
        "one with it, metres.",
    )
    merge_hours: float = Field(
        24.0, ge=0, le=720, description="How old that case may be, hours since it was reported."
    )
    recurrence_days: float = Field(
        7.0,
        ge=0,
        le=365,
        description="How long after the closing of a case of the same type and cell a new one "
        "counts as its return, days.",
    )
    register_score: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Least score of an event that is registered without a person, where its type "
        "says nothing else.",
    )
    register_looks: int = Field(
        3, ge=1, le=10_000, description="Least number of looks that showed it, likewise."
    )
    register_dwell_seconds: float = Field(
        0.0, ge=0, le=864_000, description="Least time for which it was seen, likewise, seconds."
    )
    check_looks: int = Field(
        3,
        ge=1,
        le=20,
        description="How many healthy looks in a row after the handling must show that a matter "
        "is gone, where its type says nothing else.",
    )
    check_pause_seconds: float = Field(
        60.0,
        ge=0,
        le=86_400,
        description="How far apart these looks must be, seconds.",
    )
    check_hours: float = Field(
        24.0,
        gt=0,
        le=720,
        description="How long the cameras may take for them; then a person looks, hours.",
    )
