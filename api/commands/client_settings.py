"""Which API the commands of an operator talk to."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ClientSettings(BaseSettings):
    """Address of an API and the key for it."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CLIENT_", extra="ignore", frozen=True)

    api: str = Field(
        "http://127.0.0.1:8080",
        pattern=r"^https?://[^/\s]+",
        description="Address of the API.",
    )
    key: SecretStr | None = Field(
        None,
        description="Key with the scope operate; better given by the environment, where no one "
        "sees it.",
    )
    timeout_seconds: float = Field(
        30.0, gt=0, le=600, description="How long to wait for an answer, seconds."
    )
