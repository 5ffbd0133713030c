"""What a model file says of itself: Ultralytics writes names and sizes into its exports."""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import yaml

from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelFileError

# Longer than the metadata of any model; a length beyond it is no length.
_MOST_HEADER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What a model file says of itself.

    Attributes:
        format: The kind of file.
        precision: The numbers that its weights are stored in.
        class_names: Its classes in the order of its output; empty if it does not say.
        input_size: Width and height of its input, pixels, or None if it does not say.
        licence: Terms that it names, or None.
    """

    format: ArtefactFormat
    precision: ArtefactPrecision
    class_names: tuple[str, ...] = ()
    input_size: tuple[int, int] | None = None
    licence: str | None = None


def metadata_of(path: Path) -> FileMetadata:
    """Read the metadata of an .onnx, .xml or .engine file.

    Raises:
        ModelFileError: It is another kind of file, cannot be read, or is no model.
    """
    match path.suffix.lower():
        case ".onnx":
            return _of_onnx(path)
        case ".xml":
            return _of_openvino(path)
        case ".engine":
            return _of_engine(path)
        case _:
            raise ModelFileError(
                f"model file {path}: needs a file .pt, .onnx, .xml (OpenVINO, with its .bin) or "
                ".engine (TensorRT), or a folder with a card.yaml"
            )


def _of_onnx(path: Path) -> FileMetadata:
    # Late, since an API node and a command that lists models run where OpenVINO is not installed.
    from models.intake.openvino_graph import (  # noqa: PLC0415
        input_size_of_graph,
        metadata_of_graph,
        precision_of_graph,
        read_graph,
    )

    graph = read_graph(path)
    written = metadata_of_graph(graph)
    return FileMetadata(
        format=ArtefactFormat.ONNX,
        precision=precision_of_graph(graph),
        class_names=_class_names(_literal(written.get("names"))),
        input_size=_input_size(_literal(written.get("imgsz"))) or input_size_of_graph(graph),
        licence=written.get("license"),
    )


def _of_openvino(path: Path) -> FileMetadata:
    from models.intake.openvino_graph import (  # noqa: PLC0415 - see _of_onnx
        input_size_of_graph,
        labels_of_graph,
        precision_of_graph,
        read_graph,
    )

    if not path.with_suffix(".bin").is_file():
        raise ModelFileError(
            f"model file {path}: its weights {path.with_suffix('.bin').name} are not beside it"
        )
    graph = read_graph(path)
    written = _yaml_beside(path)
    return FileMetadata(
        format=ArtefactFormat.OPENVINO,
        precision=precision_of_graph(graph),
        class_names=_class_names(written.get("names")) or labels_of_graph(graph),
        input_size=_input_size(written.get("imgsz")) or input_size_of_graph(graph),
        licence=_text(written.get("license")),
    )


def _of_engine(path: Path) -> FileMetadata:
    # Ultralytics puts the length of a JSON text, four bytes, lowest first, and the text itself
    # before the engine. TensorRT's own trtexec does not; then --classes must say.
    try:
        with path.open("rb") as file:
            written = _json_header(file)
    except OSError as error:
        raise ModelFileError(
            f"model file {path} cannot be read: {error.strerror or error}"
        ) from None
    arguments = written.get("args")
    made_with = arguments if isinstance(arguments, Mapping) else {}
    return FileMetadata(
        format=ArtefactFormat.TENSORRT,
        precision=_precision(made_with),
        class_names=_class_names(written.get("names")),
        input_size=_input_size(written.get("imgsz")),
        licence=_text(written.get("license")),
    )


def _json_header(file: BinaryIO) -> Mapping[str, object]:
    length = int.from_bytes(file.read(4), "little")
    if not 0 < length <= _MOST_HEADER_BYTES:
        return {}
    try:
        content = json.loads(file.read(length))
    except ValueError:
        return {}
    return content if isinstance(content, Mapping) else {}


def _precision(arguments: Mapping[str, object]) -> ArtefactPrecision:
    # Newer exporters say quantize: 8, 16 or 32; older ones int8: true, half: true.
    if arguments.get("int8") or str(arguments.get("quantize")) in {"8", "int8"}:
        return ArtefactPrecision.INT8
    if arguments.get("half") or str(arguments.get("quantize")) in {"16", "fp16"}:
        return ArtefactPrecision.FLOAT16
    return ArtefactPrecision.FLOAT32


def _yaml_beside(path: Path) -> Mapping[str, object]:
    beside = path.with_name("metadata.yaml")
    try:
        content = yaml.safe_load(beside.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ModelFileError(f"metadata {beside} cannot be read: {reason}") from None
    return content if isinstance(content, Mapping) else {}


def _literal(text: str | None) -> object:
    try:
        return None if text is None else ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def _class_names(names: object) -> tuple[str, ...]:
    if not isinstance(names, Mapping):
        return ()
    # JSON has no numbers as keys.
    by_number = {str(number): str(name) for number, name in names.items()}
    if set(by_number) != {str(number) for number in range(len(by_number))}:
        return ()
    return tuple(by_number[str(number)] for number in range(len(by_number)))


def _input_size(height_and_width: object) -> tuple[int, int] | None:
    match height_and_width:
        case [int(height), int(width)] | (int(height), int(width)):
            return width, height
        case _:
            return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
