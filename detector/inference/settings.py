"""Settings of the detector's inference: what counts as found, and how frames are batched."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Precision(StrEnum):
    """The numbers that a model computes with."""

    AUTOMATIC = "automatic"
    """Whatever the device is fastest with: bfloat16 or float16 where it has them."""
    FLOAT32 = "float32"
    """The numbers that the model was trained with."""


class DetectorSettings(BaseSettings):
    """How pictures are inferred."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_DETECTOR_", frozen=True)

    confidence: Annotated[float, Field(ge=0.001, le=0.99)] = Field(
        0.25,
        description="Boxes that score less are dropped, unless the model's card has a lower "
        "threshold for their class; issue rules may ask for more.",
    )
    iou: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.5,
        description="Two boxes of one class that overlap by more than this intersection over "
        "union count as one object.",
    )
    device: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:,()-]{1,64}$")] = Field(
        "CPU", description="OpenVINO device that infers: CPU, GPU, GPU.1, NPU, AUTO."
    )
    inference_threads: Annotated[int, Field(ge=0, le=1024)] = Field(
        0, description="CPU threads that infer; 0 leaves it to OpenVINO, which takes every core."
    )
    precision: Precision = Field(
        Precision.AUTOMATIC,
        description="'automatic' takes what the device is fastest with, 'float32' is exact.",
    )
    maximum_batch: Annotated[int, Field(ge=1, le=256)] = Field(
        8, description="Most frames that are handed to the model at once."
    )
    batch_window_seconds: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0,
        description="How long to wait for a fuller batch, seconds. OpenVINO gains nothing from "
        "a fuller one, so by default a batch is what had piled up.",
    )
    staleness_seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        10.0, description="A frame that has waited longer is dropped and counted, seconds."
    )
