"""Artefacts: the files that hold one model version, each for one kind of engine."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.words import Sha256


class ArtefactFormat(StrEnum):
    """What can run or read an artefact."""

    ONNX = "onnx"
    """Any engine; one .onnx file."""
    OPENVINO = "openvino"
    """OpenVINO's own form: an .xml file and a .bin file of the same name."""
    TENSORRT = "tensorrt"
    """An engine built for one kind of NVIDIA GPU and one TensorRT version; one .engine file."""
    ULTRALYTICS = "ultralytics"
    """Trained weights, for further training and export; one .pt file."""


class ArtefactPrecision(StrEnum):
    """The numbers that the weights are stored in."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    INT8 = "int8"


class ArtefactFile(BaseModel):
    """One file of an artefact.

    Attributes:
        path: Relative to the card's folder, with forward slashes.
        sha256: Of its content, so that a swapped or torn file is noticed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(min_length=1, max_length=200)]
    sha256: Sha256

    @model_validator(mode="after")
    def _stays_in_the_folder(self) -> Self:
        parts = PurePosixPath(self.path).parts
        if self.path.startswith("/") or "\\" in self.path or ".." in parts:
            raise ValueError(f"path {self.path!r} leads out of the card's folder")
        return self


class Artefact(BaseModel):
    """One form of a model version.

    Attributes:
        format: Which engines take it.
        precision: The numbers that its weights are stored in.
        files: The file to open first, then those that belong to it.
        note: How it was made, for the reader of the card.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: ArtefactFormat
    precision: ArtefactPrecision
    files: Annotated[tuple[ArtefactFile, ...], Field(min_length=1)]
    note: str = ""
