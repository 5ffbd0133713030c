"""Settings of the outbox, shared by the worker and the commands that look into it."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class OutboxSettings(BaseSettings):
    """Where a worker keeps what it has not yet delivered."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_WORKER_", extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("citypatrol") / "worker",
        description="Folder of the outbox; one worker at a time may use it.",
    )
    outbox_megabytes: int = Field(
        2048,
        ge=16,
        le=1_000_000,
        description="Size of the outbox at which analysis pauses until events were delivered.",
    )

    @property
    def maximum_bytes(self) -> int:
        """``outbox_megabytes`` in bytes."""
        return self.outbox_megabytes * MEBIBYTE
