"""Exporting trained weights into the model registry, once."""

import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from models.model_card import CARD_FILE_NAME, ModelCard, sha256_of, write_card
from models.model_file import MODEL_FILE_NAME, InstalledModel, load_model
from models.ultralytics_export import (
    ExportedWeights,
    ExportError,
    ultralytics_is_installed,
    write_onnx,
)

log = structlog.get_logger(__name__)


def export_to_onnx(weights_path: Path, registry: Path, input_pixels: int = 640) -> InstalledModel:
    """Export ``weights_path`` into ``registry``, or return what was exported from it before.

    An entry is named after the weights' content and appears whole or not at all, so several
    processes may export the same weights at once.

    Args:
        weights_path: An Ultralytics detection model (.pt).
        registry: Folder of the installed models; made if missing.
        input_pixels: Side of the model's square input, a multiple of 32.

    Raises:
        ExportError: The weights are unreadable or no detection model, Ultralytics is not
            installed, or the registry cannot be written.
        ModelFileError: The entry that is there was damaged.
    """
    try:
        sha256 = sha256_of(weights_path)
    except OSError as error:
        raise ExportError(
            f"weights {weights_path} cannot be read: {error.strerror or error}"
        ) from None
    entry = registry / f"{_name(weights_path)}-{sha256[:12]}-{input_pixels}"
    if not entry.is_dir():
        _require_ultralytics(weights_path)
        try:
            _make_entry(weights_path, sha256, entry, input_pixels)
        except OSError as error:
            raise ExportError(
                f"model registry {registry} cannot be written: {error.strerror or error}; "
                "choose another folder with --registry"
            ) from None
    return load_model(entry / MODEL_FILE_NAME)


def _name(weights_path: Path) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", weights_path.stem).strip(".-") or "model"


def _require_ultralytics(weights_path: Path) -> None:
    if not ultralytics_is_installed():
        raise ExportError(
            f"weights {weights_path} must be exported first, and Ultralytics is not installed: "
            "pip install 'citypatrol[train]', or give --weights an .onnx file"
        )


def _make_entry(weights_path: Path, sha256: str, entry: Path, input_pixels: int) -> None:
    registry = entry.parent
    registry.mkdir(parents=True, exist_ok=True)
    log.info("model_export_started", weights=str(weights_path), input_pixels=input_pixels)
    # Within the registry, so that the last move is one step; hidden until it is complete.
    with tempfile.TemporaryDirectory(prefix=".export-", dir=registry) as folder:
        # The exporter writes beside the weights, which may lie where nobody may write.
        copy = Path(folder) / f"{_name(weights_path)}.pt"
        shutil.copyfile(weights_path, copy)
        try:
            exported = write_onnx(copy, input_pixels, registry / ".ultralytics")
        except ExportError as error:
            raise ExportError(f"weights {weights_path}: {error}") from None
        draft = Path(folder) / "entry"
        draft.mkdir()
        exported.onnx_path.rename(draft / MODEL_FILE_NAME)
        card = _card(weights_path, sha256, exported, draft / MODEL_FILE_NAME, input_pixels)
        write_card(card, draft / CARD_FILE_NAME)
        _publish(draft, entry)
    log.info("model_exported", folder=str(entry))


def _publish(draft: Path, entry: Path) -> None:
    try:
        draft.rename(entry)
    except OSError:
        # Where another process was faster, its entry holds the same model.
        if not entry.is_dir():
            raise


def _card(
    weights_path: Path, sha256: str, exported: ExportedWeights, onnx_path: Path, input_pixels: int
) -> ModelCard:
    try:
        return ModelCard(
            name=_name(weights_path),
            version=sha256[:12],
            class_names=exported.class_names,
            input_width=input_pixels,
            input_height=input_pixels,
            sha256=sha256_of(onnx_path),
            source_sha256=sha256,
            licence=exported.licence,
            exported_at=datetime.now(UTC),
        )
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        raise ExportError(f"weights {weights_path}: {problem['msg']}") from None
