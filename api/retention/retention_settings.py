"""What can be set on how long pictures are kept."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.retention.retention_class import RetentionClass

MOST_HOURS = 24.0 * 3660


class RetentionSettings(BaseSettings):
    """How long pictures are kept, by what became of the matter they show.

    No period can be switched off: a picture that is kept longer is one of a case that is open, or
    one that somebody holds.
    """

    model_config = SettingsConfigDict(
        env_prefix="CITYPATROL_RETENTION_", extra="ignore", frozen=True
    )

    unconfirmed_hours: float = Field(
        24.0,
        ge=1,
        le=MOST_HOURS,
        description="How long pictures of an event are kept that nobody judged or registered, "
        "hours since its last change.",
    )
    rejected_hours: float = Field(
        168.0,
        ge=1,
        le=MOST_HOURS,
        description="How long pictures are kept of what was judged false, not accepted or voided, "
        "hours since then.",
    )
    confirmed_days: float = Field(
        90.0,
        ge=1,
        le=3660,
        description="How long pictures of a case are kept after its closing, days; while it is "
        "open they stay.",
    )
    unused_hours: float = Field(
        24.0,
        ge=1,
        le=MOST_HOURS,
        description="How long pictures are kept that no event and no case names, hours since they "
        "were uploaded.",
    )
    preview_hours: float = Field(
        24.0,
        ge=1,
        le=MOST_HOURS,
        description="How long a camera's newest picture is kept when no newer one comes, hours.",
    )
    pause_minutes: float = Field(
        15.0,
        ge=0.1,
        le=1440,
        description="Pause between two times at which a node deletes what is due, minutes.",
    )
    lateness_hours: float = Field(
        24.0,
        ge=1,
        le=720,
        description="How late a picture may be deleted, hours; what is later counts as overdue. "
        "Each picture's period is worked out anew twice in that time.",
    )

    def period(self, retention_class: RetentionClass) -> timedelta:
        """Return how long pictures of a class are kept."""
        match retention_class:
            case RetentionClass.UNCONFIRMED:
                return timedelta(hours=self.unconfirmed_hours)
            case RetentionClass.REJECTED:
                return timedelta(hours=self.rejected_hours)
            case RetentionClass.CONFIRMED:
                return timedelta(days=self.confirmed_days)
            case RetentionClass.UNUSED:
                return timedelta(hours=self.unused_hours)
            case RetentionClass.PREVIEW:
                return timedelta(hours=self.preview_hours)

    @property
    def lateness(self) -> timedelta:
        """How late a picture may be deleted."""
        return timedelta(hours=self.lateness_hours)
