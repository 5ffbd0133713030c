"""Reading ONNX files with OpenVINO alone, so that a worker needs no onnx package."""

from pathlib import Path

import openvino
from openvino.frontend import (
    FrontEndManager,
    GeneralFailure,
    InitializationFailure,
    NotImplementedFailure,
    OpConversionFailure,
    OpValidationFailure,
)

from models.model_card import ModelFileError

_FAILURES = (
    GeneralFailure,
    InitializationFailure,
    NotImplementedFailure,
    OpConversionFailure,
    OpValidationFailure,
    RuntimeError,
)


def read_onnx(path: Path) -> openvino.Model:
    """Read the graph of an ONNX file.

    Only the ONNX reader sees the file: ``Core.read_model`` offers a broken file to every
    reader it knows, and they print its content.

    Raises:
        ModelFileError: It is no ONNX model, or has operations that OpenVINO does not know.
    """
    reader = FrontEndManager().load_by_framework("onnx")
    try:
        return reader.convert(reader.load(str(path)))
    except _FAILURES as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise ModelFileError(f"model file {path} is no ONNX model: {reason}") from None


def onnx_metadata(path: Path) -> dict[str, str]:
    """What the exporter wrote into the file's ``metadata_props``; empty if nothing.

    Raises:
        ModelFileError: See ``read_onnx``.
    """
    model = read_onnx(path)
    if not model.has_rt_info("framework"):
        return {}
    return {key: str(value) for key, value in model.get_rt_info("framework").value.items()}
