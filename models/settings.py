"""Settings of the models: where they are installed and which one to run."""

from pathlib import Path
from typing import Annotated

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class RegistrySettings(BaseSettings):
    """Where models are installed."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_MODEL_", frozen=True)

    registry: Path = Field(
        default_factory=lambda: user_data_path("citypatrol") / "models",
        description="Folder of the installed models.",
    )


class ExportSettings(RegistrySettings):
    """How trained weights become an installed model."""

    input_pixels: Annotated[int, Field(ge=32, le=4096, multiple_of=32)] = Field(
        640,
        description="Side of the square picture that .pt weights are exported for, pixels.",
    )


class ModelSettings(ExportSettings):
    """Which model to run."""

    weights: Path | None = Field(
        None,
        description="Model file to run instead of an installed one: .onnx, or .pt, which is "
        "exported into the registry once.",
    )
