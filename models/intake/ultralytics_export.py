"""Ultralytics' exporter: from a trained PyTorch model to an ONNX file.

Needs the extra ``train``; Ultralytics and torch are imported only when something is exported.
"""

import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from models.cards.artefact import ArtefactPrecision
from streams.kit.errors import CityPatrolError

# Old enough for every runtime, TensorRT included; detection models need nothing newer.
_OPSET = 17
# Ultralytics reads these when it is imported. Weights are pickles, so only known classes are
# loaded from them; nothing is fetched, reported or installed behind the user's back.
_ENVIRONMENT = {
    "YOLO_OFFLINE": "true",
    "YOLO_AUTOINSTALL": "false",
    "YOLO_VERBOSE": "false",
    "ULTRALYTICS_SAFE_LOAD": "true",
}


class ExportError(CityPatrolError):
    """Weights cannot be exported."""


@dataclass(frozen=True, slots=True)
class ExportedWeights:
    """What came out of an export.

    Attributes:
        onnx_path: The ONNX file.
        class_names: Every class the model knows, in the order of its output.
        licence: Terms that the weights name, or None.
        precision: The numbers that the weights are stored in.
    """

    onnx_path: Path
    class_names: tuple[str, ...]
    licence: str | None
    precision: ArtefactPrecision


def ultralytics_is_installed() -> bool:
    """Whether weights can be exported here."""
    return all(importlib.util.find_spec(name) is not None for name in ("ultralytics", "onnx"))


def write_onnx(weights_path: Path, input_pixels: int) -> ExportedWeights:
    """Write an ONNX file beside ``weights_path``, for batches of any size.

    Args:
        weights_path: An Ultralytics detection model (.pt), in a folder that can be written.
        input_pixels: Side of the model's square input, a multiple of 32.

    Raises:
        ExportError: The file is no Ultralytics detection model or does not export.
    """
    prepare_ultralytics()
    # Imported late: it takes seconds and brings torch.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ultralytics import YOLO  # noqa: PLC0415

        logging.getLogger("ultralytics").setLevel(logging.ERROR)
        try:
            model = YOLO(weights_path)
        except Exception as error:  # noqa: BLE001 - a broken pickle may raise anything
            raise ExportError(
                f"no Ultralytics model, or damaged: {_reason(error, weights_path)}"
            ) from None
        if hasattr(model.model, "get_visual_pe") and not hasattr(model.model, "pe"):
            raise ExportError("a YOLOE, which must be told what to find: give --prompts FILE")
        if model.task != "detect":
            raise ExportError(f"a model for the task {model.task!r}, not for detection")
        try:
            onnx_path = model.export(
                format="onnx",
                imgsz=input_pixels,
                dynamic=True,
                opset=_OPSET,
                simplify=importlib.util.find_spec("onnxslim") is not None,
                device="cpu",
                verbose=False,
            )
        except Exception as error:  # noqa: BLE001 - the exporter raises whatever its parts raise
            raise ExportError(f"not exportable: {_reason(error, weights_path)}") from None
    parameters = sum(values.numel() for values in model.model.parameters())
    checkpoint = model.ckpt if isinstance(model.ckpt, Mapping) else {}
    licence = checkpoint.get("license")
    return ExportedWeights(
        onnx_path=Path(onnx_path),
        class_names=tuple(str(model.names[index]) for index in range(len(model.names))),
        licence=None if licence is None else str(licence),
        precision=_precision(weights_path, parameters),
    )


def prepare_ultralytics() -> None:
    """Set up Ultralytics for work offline; call it before the first import of Ultralytics.

    What the user has set in the environment stays.
    """
    if "ultralytics" in sys.modules:
        return
    settings_folder = user_cache_path("citypatrol") / "ultralytics"
    settings_folder.mkdir(parents=True, exist_ok=True)
    for name, value in {**_ENVIRONMENT, "YOLO_CONFIG_DIR": str(settings_folder)}.items():
        os.environ.setdefault(name, value)


def _precision(weights_path: Path, parameters: int) -> ArtefactPrecision:
    # Loading widens the numbers to four bytes each, so that only the file's size tells.
    halves = weights_path.stat().st_size < 3 * parameters
    return ArtefactPrecision.FLOAT16 if halves else ArtefactPrecision.FLOAT32


def _reason(error: Exception, weights_path: Path) -> str:
    # Its first sentence says what is wrong; the rest advises to download something.
    sentence = " ".join(str(error).split()).split(". ")[0]
    text = sentence.removeprefix("ERROR ❌️ ").replace(str(weights_path), "the file")
    return f"{type(error).__name__}: {text}"
