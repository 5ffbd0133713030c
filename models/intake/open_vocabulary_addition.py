"""Adding open-vocabulary models to the registry, their prompts put in."""

import hashlib
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat
from models.cards.model_card import CARD_FILE_NAME, ModelClass, ModelTask, sha256_of, write_card
from models.cards.stored_model import InstalledModel
from models.intake.file_metadata import metadata_of
from models.intake.model_file import GivenFacts, card_of_file, model_name
from models.intake.open_vocabulary import put_in_prompts
from models.intake.prompts import read_prompts
from models.intake.text_encoder import TextEncoder, load_text_encoder
from models.intake.ultralytics_export import ExportError, ultralytics_is_installed, write_onnx
from models.registry.registry import Registry, RegistryError

log = structlog.get_logger(__name__)


def add_open_vocabulary(
    weights_path: Path,
    prompts_path: Path,
    registry: Registry,
    input_pixels: int,
    given: GivenFacts,
    text_encoder: Path | None = None,
) -> InstalledModel:
    """Put prompts into open-vocabulary weights, export them to ONNX and add both.

    Args:
        weights_path: YOLO-World or YOLOE weights (.pt).
        prompts_path: File of prompts, see ``read_prompts``.
        registry: Where to add the version.
        input_pixels: Side of the model's square input, a multiple of 32.
        given: What the user says of it; without a version, that is the beginning of a hash of
            weights and prompts, and ``input_pixels``.
        text_encoder: Weights of the text encoder; those beside ``weights_path`` if None.

    Raises:
        ExportError: Ultralytics is not installed, or the weights are no open-vocabulary model
            or do not export.
        PromptsError: The file of prompts cannot be read.
        TextEncoderError: The text encoder is missing or damaged.
        ModelVersionTakenError: Another model was added under this name and version.
        RegistryError: The registry cannot be written.
    """
    if not ultralytics_is_installed():
        raise ExportError(
            f"weights {weights_path} take prompts with Ultralytics only, which is not installed: "
            "pip install 'citypatrol[train,open-vocabulary]'"
        )
    classes = read_prompts(prompts_path)

    def encoder_for(file_name: str) -> TextEncoder:
        return load_text_encoder(text_encoder or weights_path.with_name(file_name))

    try:
        source_sha256 = sha256_of(weights_path)
        given = replace(
            given,
            name=given.name or model_name(weights_path.stem),
            version=given.version or _version(source_sha256, classes, input_pixels),
            class_names=tuple(one.name for one in classes),
        )
        with tempfile.TemporaryDirectory(prefix="citypatrol-prompts-") as folder:
            weights = Path(folder) / "model.pt"
            put_in_prompts(weights_path, classes, encoder_for, weights)
            _complete_draft(weights, input_pixels, given, classes, source_sha256)
            added = registry.add(Path(folder))
    except OSError as error:
        raise RegistryError(
            f"weights {weights_path} cannot be read, or there is no room in $TMPDIR: "
            f"{error.strerror or error}"
        ) from None
    log.info("open_vocabulary_added", model=str(added.card.model_version), classes=len(classes))
    return added


def _version(source_sha256: str, classes: tuple[ModelClass, ...], input_pixels: int) -> str:
    told = "\n".join([source_sha256, *(one.model_dump_json() for one in classes)])
    return f"{hashlib.sha256(told.encode()).hexdigest()[:12]}-{input_pixels}"


def _complete_draft(
    weights: Path,
    input_pixels: int,
    given: GivenFacts,
    classes: tuple[ModelClass, ...],
    source_sha256: str,
) -> None:
    exported = write_onnx(weights, input_pixels)
    metadata = replace(metadata_of(exported.onnx_path), licence=exported.licence)
    card = card_of_file(exported.onnx_path, metadata, given)
    trained = Artefact(
        format=ArtefactFormat.ULTRALYTICS,
        precision=exported.precision,
        files=(ArtefactFile(path=weights.name, sha256=sha256_of(weights)),),
        note="prompts put in",
    )
    card = card.model_copy(
        update={
            "task": ModelTask.OPEN_VOCABULARY_DETECTION,
            "classes": classes,
            "artefacts": (*card.artefacts, trained),
            "source_sha256": source_sha256,
            "created_at": datetime.now(UTC),
        }
    )
    write_card(card, weights.with_name(CARD_FILE_NAME))
