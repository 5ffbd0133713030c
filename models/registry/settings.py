"""Settings of the models: where they are kept and which one to run."""

from pathlib import Path
from typing import Annotated

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class RegistrySettings(BaseSettings):
    """Where model versions are kept."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_MODEL_", frozen=True)

    registry: str = Field(
        default_factory=lambda: str(user_data_path("citypatrol") / "models"),
        min_length=1,
        description="Model registry: a folder, or s3://BUCKET/PREFIX in any S3-compatible store.",
    )
    cache: Path = Field(
        default_factory=lambda: user_cache_path("citypatrol") / "models",
        description="Folder for copies of the models that an s3:// registry holds.",
    )
    s3_endpoint: str | None = Field(
        None,
        pattern=r"^https?://",
        description="Address of the S3-compatible store; without it, $AWS_ENDPOINT_URL or Amazon.",
    )
    s3_region: str | None = Field(
        None, description="Region of the bucket; without it, $AWS_REGION."
    )
    s3_access_key: str | None = Field(
        None, description="Access key of the store; without it, $AWS_ACCESS_KEY_ID."
    )
    s3_secret_key: SecretStr | None = Field(
        None, description="Secret key of the store; without it, $AWS_SECRET_ACCESS_KEY."
    )


class ExportSettings(RegistrySettings):
    """How trained weights become a model version."""

    input_pixels: Annotated[int, Field(ge=32, le=4096, multiple_of=32)] = Field(
        640,
        description="Side of the square picture that .pt weights are exported for, pixels.",
    )


class ModelSettings(ExportSettings):
    """Which model to run."""

    weights: Path | None = Field(
        None,
        description="Model to run instead of the live ones: a file (.onnx, .xml), a folder with a "
        "card.yaml, a .pt, which is exported into the registry once, or NAME@VERSION of the "
        "registry.",
    )
