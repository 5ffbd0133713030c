"""What can be set on webhooks."""

from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from streams.kit.allowed_networks import PRIVATE_NETWORKS, AllowedNetworks, NetworkList


def _read_delays(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


Seconds = Annotated[float, Field(ge=0, le=864_000)]

# A restart, a short outage, one until somebody has noticed, one over a night.
_DELAYS = (5.0, 30.0, 120.0, 600.0, 3600.0, 21_600.0, 86_400.0)


class WebhookSettings(BaseSettings):
    """How departments' systems are told what becomes of their cases."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_WEBHOOK_", extra="ignore", frozen=True)

    source: str = Field(
        "/citypatrol",
        min_length=1,
        max_length=200,
        pattern=r"^[!#-;=?-Z_a-z~%\[\]@&']+$",
        description="What this district is called in messages, a URI; another for each district "
        "that sends to the same systems.",
    )
    allowed_networks: NetworkList = Field(
        PRIVATE_NETWORKS,
        description="Networks that messages may be sent to, with commas between them; this "
        "machine itself and links only where they are named.",
    )
    retry_delays: Annotated[tuple[Seconds, ...], NoDecode, BeforeValidator(_read_delays)] = Field(
        _DELAYS,
        description="How long to wait after each failed attempt before the next, seconds with "
        "commas between them; after the last one a message is given up.",
    )
    timeout_seconds: float = Field(
        10.0, gt=0, le=120, description="How long a receiver may take for a message, seconds."
    )
    concurrency: int = Field(
        32, ge=1, le=500, description="Most receivers that are sent to at the same time."
    )
    keep_days: float = Field(
        30.0, ge=0, le=3660, description="How long delivered messages are kept, days."
    )

    @property
    def allowed(self) -> AllowedNetworks:
        """The networks that messages may be sent to."""
        return AllowedNetworks(self.allowed_networks)
