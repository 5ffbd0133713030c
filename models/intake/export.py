"""Exporting trained weights into the model registry, once."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat
from models.cards.model_card import CARD_FILE_NAME, ModelCard, sha256_of, write_card
from models.cards.stored_model import InstalledModel
from models.intake.file_metadata import metadata_of
from models.intake.model_file import GivenFacts, card_of_file, model_name
from models.intake.ultralytics_export import (
    ExportError,
    ultralytics_is_installed,
    write_onnx,
)
from models.model_version import ModelVersion, parse_model_version
from models.registry.registry import (
    ModelVersionTakenError,
    Registry,
    RegistryError,
    UnknownModelVersionError,
)

log = structlog.get_logger(__name__)


def export_to_onnx(
    weights_path: Path,
    registry: Registry,
    input_pixels: int = 640,
    given: GivenFacts | None = None,
) -> InstalledModel:
    """Add trained weights and their ONNX export to ``registry``.

    Weights that were added before under the same name and version are not exported again, so
    several processes may add the same weights at once.

    Args:
        weights_path: An Ultralytics detection model (.pt).
        registry: Where to add it.
        input_pixels: Side of the model's square input, a multiple of 32.
        given: What the user says of it; without a version, that is the beginning of the
            weights' hash and ``input_pixels``.

    Raises:
        ExportError: The weights are unreadable or no detection model, or Ultralytics is not
            installed.
        ModelVersionError: The name or the version that was given is none.
        ModelVersionTakenError: Other weights were added under this name and version.
        ModelFileError: The version that is there was damaged.
        RegistryError: The registry cannot be read or written.
    """
    try:
        sha256 = sha256_of(weights_path)
    except OSError as error:
        raise ExportError(
            f"weights {weights_path} cannot be read: {error.strerror or error}"
        ) from None
    given = given or GivenFacts()
    name = given.name or model_name(weights_path.stem)
    version = parse_model_version(f"{name}@{given.version or f'{sha256[:12]}-{input_pixels}'}")
    given = replace(given, name=version.name, version=version.version)
    there = _added_before(registry, version, sha256)
    if there is not None:
        return there
    _require_ultralytics(weights_path)
    log.info("model_export_started", weights=str(weights_path), input_pixels=input_pixels)
    with tempfile.TemporaryDirectory(prefix="citypatrol-export-") as folder:
        _make_draft(weights_path, Path(folder), input_pixels, given)
        added = _add(Path(folder), registry, version, sha256)
    log.info("model_exported", version=str(version), folder=str(added.folder))
    return added


def _added_before(registry: Registry, version: ModelVersion, sha256: str) -> InstalledModel | None:
    try:
        card = registry.card(version)
    except UnknownModelVersionError:
        return None
    return registry.fetch(version) if card.source_sha256 == sha256 else None


def _require_ultralytics(weights_path: Path) -> None:
    if not ultralytics_is_installed():
        raise ExportError(
            f"weights {weights_path} must be exported first, and Ultralytics is not installed: "
            "pip install 'citypatrol[train]', or give an .onnx file"
        )


def _make_draft(weights_path: Path, draft: Path, input_pixels: int, given: GivenFacts) -> None:
    try:
        # The exporter writes beside the weights, which may lie where nobody may write.
        copy = draft / "model.pt"
        shutil.copyfile(weights_path, copy)
        exported = write_onnx(copy, input_pixels)
    except ExportError as error:
        raise ExportError(f"weights {weights_path}: {error}") from None
    except OSError as error:
        raise RegistryError(
            f"weights {weights_path} cannot be exported in {draft}: {error.strerror or error}; "
            "name a folder with room in $TMPDIR"
        ) from None
    metadata = replace(
        metadata_of(exported.onnx_path),
        class_names=exported.class_names,
        licence=exported.licence,
    )
    card = card_of_file(exported.onnx_path, metadata, given)
    weights = Artefact(
        format=ArtefactFormat.ULTRALYTICS,
        precision=exported.precision,
        files=(ArtefactFile(path=copy.name, sha256=sha256_of(copy)),),
    )
    write_card(_with_weights(card, weights), draft / CARD_FILE_NAME)


def _with_weights(card: ModelCard, weights: Artefact) -> ModelCard:
    return card.model_copy(
        update={
            "artefacts": (*card.artefacts, weights),
            "source_sha256": weights.files[0].sha256,
            "created_at": datetime.now(UTC),
        }
    )


def _add(draft: Path, registry: Registry, version: ModelVersion, sha256: str) -> InstalledModel:
    try:
        return registry.add(draft)
    except ModelVersionTakenError:
        # Another process may have been faster, and no two exports have the same bytes.
        there = _added_before(registry, version, sha256)
        if there is None:
            raise
        return there
