"""Reading models with OpenVINO alone, so that a worker needs no onnx package."""

import math
from collections import Counter
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

from models.cards.artefact import ArtefactPrecision
from models.cards.model_card import ModelFileError

_FAILURES = (
    GeneralFailure,
    InitializationFailure,
    NotImplementedFailure,
    OpConversionFailure,
    OpValidationFailure,
    RuntimeError,
)


def read_graph(path: Path) -> openvino.Model:
    """Read the graph of an ONNX file, or of an OpenVINO .xml file with its .bin file.

    Only the reader of its kind sees the file: ``Core.read_model`` offers a broken file to every
    reader it knows, and they print its content.

    Raises:
        ModelFileError: It is no such model, or has operations that OpenVINO does not know.
    """
    kind, framework = ("OpenVINO", "ir") if path.suffix.lower() == ".xml" else ("ONNX", "onnx")
    try:
        reader = FrontEndManager().load_by_framework(framework)
        graph = reader.convert(reader.load(str(path)))
    except _FAILURES as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise ModelFileError(f"model file {path} is no {kind} model: {reason}") from None
    # An empty file is read as an empty model.
    if not graph.inputs:
        raise ModelFileError(f"model file {path} is no {kind} model: it has no input")
    return graph


def metadata_of_graph(model: openvino.Model) -> dict[str, str]:
    """What the exporter wrote into an ONNX file's ``metadata_props``; empty if nothing."""
    if not model.has_rt_info("framework"):
        return {}
    return {key: str(value) for key, value in model.get_rt_info("framework").value.items()}


def labels_of_graph(model: openvino.Model) -> tuple[str, ...]:
    """The class names that an exporter wrote into an OpenVINO .xml file; empty if none."""
    path = ["model_info", "labels"]
    return tuple(str(model.get_rt_info(path).value).split()) if model.has_rt_info(path) else ()


def input_size_of_graph(model: openvino.Model) -> tuple[int, int] | None:
    """Width and height of its input, or None where it takes several."""
    shape = model.inputs[0].get_partial_shape()
    if len(shape) != 4 or shape[2].is_dynamic or shape[3].is_dynamic:
        return None
    return shape[3].get_length(), shape[2].get_length()


def precision_of_graph(model: openvino.Model) -> ArtefactPrecision:
    """The numbers that most of its weights are stored in."""
    values: Counter[str] = Counter()
    for operation in model.get_ops():
        match operation.get_type_name():
            case "FakeQuantize":
                return ArtefactPrecision.INT8
            case "Constant":
                count = math.prod(operation.output(0).get_shape())
                values[operation.get_element_type().get_type_name()] += count
    halves = values["f16"] > values["f32"]
    return ArtefactPrecision.FLOAT16 if halves else ArtefactPrecision.FLOAT32
