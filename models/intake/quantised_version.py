"""A new version of a model with an INT8 artefact beside those that it had."""

import shutil
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

import structlog

from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import CARD_FILE_NAME, ModelCard, write_card
from models.cards.stored_model import InstalledModel, files_of
from models.intake.quantisation import InputTensor, QuantisationError, quantise
from models.model_version import parse_model_version
from models.registry.registry import Registry, RegistryError

log = structlog.get_logger(__name__)

INT8_FILE_NAME = "model-int8.xml"
"""The OpenVINO graph of an INT8 artefact; a .bin file of the same name holds its weights."""

_SOURCES = tuple(
    (form, precision)
    for precision in (ArtefactPrecision.FLOAT32, ArtefactPrecision.FLOAT16)
    for form in (ArtefactFormat.ONNX, ArtefactFormat.OPENVINO)
)


def add_quantised_version(
    model: InstalledModel,
    pictures: Collection[InputTensor],
    registry: Registry,
    version: str | None = None,
) -> InstalledModel:
    """Quantise a model and add it as a new version, since a version never changes.

    The new card says what the old one said, results of the float artefacts included, and names
    the old version as its parent.

    Args:
        model: A version with a float artefact that OpenVINO reads.
        pictures: What to calibrate with, see ``quantise``.
        registry: Where to add the new version.
        version: What to call it; its own with "-int8" behind if None.

    Raises:
        QuantisationError: The model has no such artefact, is INT8 already, or see ``quantise``.
        ModelVersionError: ``version`` is none.
        ModelFileError: A file of the model is damaged.
        RegistryError: There is no room, or the registry cannot be written.
    """
    card = model.card
    source = model.path_of(float_artefact(card))
    name = parse_model_version(f"{card.name}@{version or f'{card.version}-int8'}")
    log.info("quantisation_started", model=str(card.model_version), pictures=len(pictures))
    with tempfile.TemporaryDirectory(prefix="citypatrol-quantise-") as folder:
        draft = Path(folder)
        artefact = quantise(source, pictures, draft / INT8_FILE_NAME)
        new = card.model_copy(
            update={
                "version": name.version,
                "parent": card.model_version,
                "created_at": datetime.now(UTC),
                "artefacts": (*card.artefacts, artefact),
            }
        )
        try:
            for file in files_of(card):
                (draft / file.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(model.checked(file), draft / file.path)
            write_card(new, draft / CARD_FILE_NAME)
        except OSError as error:
            raise RegistryError(
                f"model {card.model_version} cannot be copied to {draft}: "
                f"{error.strerror or error}; name a folder with room in $TMPDIR"
            ) from None
        added = registry.add(draft)
    log.info("quantisation_done", model=str(added.card.model_version))
    return added


def float_artefact(card: ModelCard) -> Artefact:
    """The artefact to quantise, and to compare the quantised one with.

    Raises:
        QuantisationError: There is none, or the model has an INT8 artefact already.
    """
    if card.artefact(ArtefactFormat.OPENVINO, ArtefactPrecision.INT8) is not None:
        raise QuantisationError(f"model {card.model_version} has an INT8 artefact already")
    for form, precision in _SOURCES:
        artefact = card.artefact(form, precision)
        if artefact is not None:
            return artefact
    there = ", ".join(f"{one.format} {one.precision}" for one in card.artefacts)
    raise QuantisationError(
        f"model {card.model_version} has only {there}: quantising needs onnx or openvino in "
        "float; add the trained weights with `citypatrol models add FILE.pt`"
    )
