"""A model file: an ONNX file together with the card that describes it."""

import ast
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from models.model_card import (
    CARD_FILE_NAME,
    ModelCard,
    ModelCardError,
    ModelFileError,
    read_card,
    sha256_of,
)

MODEL_FILE_NAME = "model.onnx"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that is ready to run.

    Attributes:
        card: What it is.
        onnx_path: The model file.
    """

    card: ModelCard
    onnx_path: Path


def load_model(onnx_path: Path) -> InstalledModel:
    """Read the card of an ONNX file and check that it describes this very file.

    The card is the ``card.yaml`` beside it; without one it is made from the metadata that
    Ultralytics writes into the models that it exports.

    Raises:
        ModelFileError: The file is missing, is no model, or does not match its card.
        ModelCardError: The card is unreadable.
    """
    try:
        sha256 = sha256_of(onnx_path)
    except OSError as error:
        raise ModelFileError(
            f"model file {onnx_path} cannot be read: {error.strerror or error}"
        ) from None
    card_path = onnx_path.parent / CARD_FILE_NAME
    if not card_path.is_file():
        return InstalledModel(_card_from_metadata(onnx_path, sha256), onnx_path)
    card = read_card(card_path)
    if card.sha256 != sha256:
        raise ModelFileError(
            f"model file {onnx_path} has SHA-256 {sha256}, but its card {card_path} says "
            f"{card.sha256}: the file was changed or torn; delete its folder and export it again"
        )
    return InstalledModel(card, onnx_path)


def model_folders(registry: Path) -> list[Path]:
    """Folders of the models in a registry, by name; none where there is no registry."""
    return sorted(path.parent for path in registry.glob(f"[!.]*/{CARD_FILE_NAME}"))


def _card_from_metadata(onnx_path: Path, sha256: str) -> ModelCard:
    # Late, since exporting and listing models must work where OpenVINO is not installed.
    from models.onnx_file import onnx_metadata  # noqa: PLC0415

    metadata = onnx_metadata(onnx_path)
    try:
        names = ast.literal_eval(metadata["names"])
        height, width = ast.literal_eval(metadata["imgsz"])
        return ModelCard(
            name=onnx_path.stem,
            version=sha256[:12],
            class_names=tuple(names[index] for index in range(len(names))),
            input_width=width,
            input_height=height,
            sha256=sha256,
            licence=metadata.get("license"),
        )
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"]))
        raise ModelCardError(
            f"model file {onnx_path}: its metadata give {field} {problem['input']!r:.80}: "
            f"{problem['msg']}"
        ) from None
    except (KeyError, ValueError, TypeError, SyntaxError):
        raise ModelFileError(
            f"model file {onnx_path} says neither beside it ({CARD_FILE_NAME}) nor in its "
            "metadata (names, imgsz) what it recognises; export it with `citypatrol models "
            "export` or write the card"
        ) from None
