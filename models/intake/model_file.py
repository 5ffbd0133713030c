"""A model file that lies anywhere, with its card beside it or its metadata inside it."""

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from models.cards.artefact import Artefact, ArtefactFile
from models.cards.model_card import (
    CARD_FILE_NAME,
    ModelCard,
    ModelCardError,
    ModelClass,
    ModelFileError,
    Preprocessing,
    sha256_of,
)
from models.cards.stored_model import InstalledModel, load_model
from models.intake.file_metadata import FileMetadata, metadata_of
from models.model_version import ModelVersion
from models.visual_class import visual_class_name


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """What somebody says of a model, before what its file says.

    Attributes:
        name: What to call the model, or None for the file's own name.
        version: Its version, or None for the beginning of the file's hash.
        class_names: Its classes in the order of its output; empty to believe the file.
        licence: Terms of the weights, or None to believe the file.
        parent: The version that it was made from, or None.
        summary: What to write into the card beside.
    """

    name: str | None = None
    version: str | None = None
    class_names: tuple[str, ...] = ()
    licence: str | None = None
    parent: ModelVersion | None = None
    summary: str = ""


def load_model_file(path: Path) -> InstalledModel:
    """The model of a file, or of a folder with a card.

    Its card is the ``card.yaml`` beside the file, left with the artefact that the file is;
    without one it is made from the metadata that Ultralytics writes into its exports.

    Raises:
        ModelFileError: The file is missing, is no model, or does not match its card.
        ModelCardError: The card is unreadable.
    """
    if path.is_dir():
        return load_model(path)
    sha256 = file_sha256(path)
    if not path.with_name(CARD_FILE_NAME).is_file():
        return InstalledModel(card_of_file(path, metadata_of(path), GivenFacts()), path.parent)
    stored = load_model(path.parent)
    for artefact in stored.card.artefacts:
        if path.name == artefact.files[0].path:
            card = stored.card.model_copy(update={"artefacts": (artefact,)})
            model = InstalledModel(card, path.parent)
            model.path_of(artefact)
            return model
    raise ModelFileError(
        f"model file {path} with SHA-256 {sha256} is not in the card beside it, "
        f"{path.with_name(CARD_FILE_NAME)}; name one of its files, or move the file away from it"
    )


def card_of_file(path: Path, metadata: FileMetadata, given: GivenFacts) -> ModelCard:
    """A card for one model file, from what was ``given`` and else from its ``metadata``.

    The artefact's paths are the file names.

    Raises:
        ModelFileError: The file cannot be read, or nobody says what it recognises.
        ModelCardError: What is said makes no card.
    """
    names = given.class_names or metadata.class_names
    if not names or metadata.input_size is None:
        lacking = "what it recognises (names)" if not names else "the size of its input (imgsz)"
        raise ModelFileError(
            f"model file {path} says neither beside it ({CARD_FILE_NAME}) nor in its metadata "
            f"{lacking}; add it with `citypatrol models add {path.name} --classes NAME,NAME,…`, "
            f"or write its {CARD_FILE_NAME}"
        )
    files = artefact_files(path)
    width, height = metadata.input_size
    try:
        return ModelCard(
            name=given.name or model_name(path.stem),
            version=given.version or files[0].sha256[:12],
            summary=given.summary,
            classes=tuple(
                ModelClass(name=name, visual_class=visual_class_name(name)) for name in names
            ),
            preprocessing=Preprocessing(input_width=width, input_height=height),
            artefacts=(
                Artefact(format=metadata.format, precision=metadata.precision, files=files),
            ),
            licence=given.licence or metadata.licence,
            parent=given.parent,
        )
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"])) or "its classes"
        raise ModelCardError(
            f"model file {path}: {field} {problem['input']!r:.80}: {problem['msg']}"
        ) from None


def artefact_files(path: Path) -> tuple[ArtefactFile, ...]:
    """A model file and those that belong to it, with their hashes.

    Raises:
        ModelFileError: One cannot be read.
    """
    paths = [path, path.with_suffix(".bin")] if path.suffix.lower() == ".xml" else [path]
    return tuple(ArtefactFile(path=one.name, sha256=file_sha256(one)) for one in paths)


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a model file.

    Raises:
        ModelFileError: It cannot be read.
    """
    try:
        return sha256_of(path)
    except OSError as error:
        raise ModelFileError(
            f"model file {path} cannot be read: {error.strerror or error}"
        ) from None


def model_name(stem: str) -> str:
    """A name for a model whose file is called ``stem``."""
    return re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("._-")[:64] or "model"
