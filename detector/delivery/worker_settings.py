"""Settings of a worker: where it reports to and how it looks after what it has not yet sent."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, HttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from detector.delivery.outbox_settings import OutboxSettings


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("no such time zone; give an IANA name such as Asia/Shanghai") from None
    return name


class WorkerSettings(OutboxSettings):
    """What a worker needs to know beside its models and streams."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_WORKER_", extra="ignore")

    api: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8080"), description="Address of the API that events go to."
    )
    key: SecretStr = Field(
        ...,
        min_length=8,
        description="Key with the scope worker, made by `citypatrol keys create NAME`.",
    )
    time_zone: Annotated[str, AfterValidator(_known_time_zone)] = Field(
        "Asia/Shanghai", description="Time zone in which the hours of rules are meant."
    )
    refresh_seconds: float = Field(
        30.0, gt=0, le=3600, description="A lasting event is sent again this often, seconds."
    )
    camera_refresh_seconds: float = Field(
        10.0, gt=0, le=3600, description="The list of cameras is read again this often, seconds."
    )
    preview_seconds: float = Field(
        0.9, gt=0, le=3600, description="Least time between two previews of a camera, seconds."
    )
    memory_seconds: float = Field(
        30.0,
        gt=0,
        le=3600,
        description="What is known of a camera is kept at the API this often, for the worker that "
        "takes it up next, seconds.",
    )
    request_timeout_seconds: float = Field(
        10.0, gt=0, le=120, description="Longest wait for an answer of the API, seconds."
    )
    drain_seconds: float = Field(
        3.0, ge=0, le=60, description="On stopping, longest time to send what is waiting, seconds."
    )

    @property
    def api_url(self) -> str:
        """The API's address without a slash at its end."""
        return str(self.api).rstrip("/")
