"""Settings of an evaluation: which boxes are looked at, how the model computes, what is kept."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from detector.inference.settings import DetectorSettings, Precision


class EvaluationSettings(BaseSettings):
    """How a model is measured on labelled pictures."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_EVALUATION_", frozen=True)

    precision: Annotated[float, Field(gt=0, le=1)] = Field(
        0.9,
        description="Wished share of right ones among the boxes found: each class gets the "
        "lowest score threshold that gives it.",
    )
    lowest_score: Annotated[float, Field(ge=0.001, le=0.5)] = Field(
        0.001,
        description="Boxes that score less are left out. Average precision needs the low "
        "scores too; a greater number makes it lower.",
    )
    arithmetic: Precision = Field(
        Precision.AUTOMATIC,
        description="'automatic' computes as a worker does, with what the device is fastest "
        "with; 'float32' is exact.",
    )
    device: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:,()-]{1,64}$")] = Field(
        "CPU", description="OpenVINO device that infers: CPU, GPU, GPU.1, NPU, AUTO."
    )
    inference_threads: Annotated[int, Field(ge=0, le=1024)] = Field(
        0, description="CPU threads that infer; 0 leaves it to OpenVINO, which takes every core."
    )

    def detector_settings(self, repeat_iou: float) -> DetectorSettings:
        """These settings as an inference backend takes them.

        Args:
            repeat_iou: Of two boxes of one class that overlap more, one is dropped.
        """
        return DetectorSettings(
            confidence=self.lowest_score,
            iou=repeat_iou,
            device=self.device,
            inference_threads=self.inference_threads,
            precision=self.arithmetic,
        )


class ModelEvaluationSettings(EvaluationSettings):
    """How one model is measured on one data set."""

    split: Annotated[str, Field(min_length=1)] = Field(
        "val", description="Part of the data set to look at."
    )
    artefact: Annotated[str, Field(pattern=r"^[a-z]+:[a-z0-9]+$")] | None = Field(
        None,
        description="Form of the model as FORMAT:PRECISION, such as onnx:float32 or "
        "openvino:int8; without it, what a worker would run.",
    )
    output: Path | None = Field(
        None, description="Folder to write report, charts and example pictures to."
    )
