"""The model card: what a model version is, what it knows and where it came from."""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.self_test import SelfTest
from models.cards.training_record import SetResult, TrainingSet
from models.model_version import ModelVersion
from models.words import ModelName, Sha256, VersionText, VisualClass
from streams.kit.errors import CityPatrolError
from streams.kit.validation import problems_text, repeated

CARD_FILE_NAME = "card.yaml"
"""The card lies in the folder of the files that it describes."""

# Smaller shows nothing; larger is a mistyped number that would exhaust memory.
InputPixels = Annotated[int, Field(ge=32, le=4096)]


class ModelCardError(CityPatrolError):
    """A model card is missing, unreadable or does not describe its model file."""


class ModelFileError(CityPatrolError):
    """A model file cannot be read, is no detection model or is not what its card says."""


class ModelTask(StrEnum):
    """What a model does."""

    DETECTION = "detection"
    OPEN_VOCABULARY_DETECTION = "open_vocabulary_detection"
    """Detection of what its prompts describe."""


class ModelClass(BaseModel):
    """One class of a model, in the order of its output.

    Attributes:
        name: What the model's makers call it.
        visual_class: The catalogue's word for it.
        prompts: Texts that describe it to an open-vocabulary model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    visual_class: VisualClass
    prompts: tuple[str, ...] = ()


class Preprocessing(BaseModel):
    """How a picture becomes the model's input.

    Attributes:
        input_width: Width of the input, pixels.
        input_height: Height of the input, pixels.
        colours: Order of the channels.
        resize: "letterbox" keeps the aspect ratio and pads with grey 114.
        scale: Each channel value is multiplied by it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_width: InputPixels
    input_height: InputPixels
    colours: Annotated[str, Field(pattern="^rgb$")] = "rgb"
    resize: Annotated[str, Field(pattern="^letterbox$")] = "letterbox"
    scale: Annotated[float, Field(gt=0)] = 1 / 255


class ModelCard(BaseModel):
    """Describes one version of one model.

    Attributes:
        name: What people call the model.
        version: Tells apart versions of the same name.
        task: What it does.
        summary: What it is for, how it was trained and where it fails, in Markdown.
        classes: Every class it knows, in the order of its output.
        preprocessing: How a picture becomes its input.
        artefacts: Its files.
        licence: Terms of the weights, or None if unknown.
        parent: The version that it was trained from, or None.
        created_at: When this version was made, or None if unknown.
        training_sets: What it learned from.
        results: How well it does.
        thresholds: Score from which a box of a visual class should count, where one was chosen.
        self_test: What it must find before it is let to work, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ModelName
    version: VersionText
    task: ModelTask = ModelTask.DETECTION
    summary: str = ""
    classes: Annotated[tuple[ModelClass, ...], Field(min_length=1)]
    preprocessing: Preprocessing
    artefacts: Annotated[tuple[Artefact, ...], Field(min_length=1)]
    licence: str | None = None
    parent: ModelVersion | None = None
    source_sha256: Sha256 | None = None
    created_at: AwareDatetime | None = None
    training_sets: tuple[TrainingSet, ...] = ()
    results: tuple[SetResult, ...] = ()
    thresholds: dict[str, Annotated[float, Field(ge=0, le=1)]] = {}
    self_test: SelfTest | None = None

    @model_validator(mode="after")
    def _names_nothing_twice(self) -> Self:
        for what, names in (
            ("classes lists the visual class", [entry.visual_class for entry in self.classes]),
            ("artefacts lists", [f"{form.format} {form.precision}" for form in self.artefacts]),
        ):
            twice = repeated(names)
            if twice:
                raise ValueError(f"{what} {twice} more than once")
        return self

    @model_validator(mode="after")
    def _thresholds_are_of_its_classes(self) -> Self:
        unknown = sorted(set(self.thresholds) - set(self.class_names))
        if unknown:
            raise ValueError(f"thresholds names {unknown}, which are no visual classes of it")
        return self

    @property
    def class_names(self) -> tuple[str, ...]:
        """Visual classes in the order of the model's output."""
        return tuple(entry.visual_class for entry in self.classes)

    @property
    def model_version(self) -> ModelVersion:
        """Its name and version."""
        return ModelVersion(name=self.name, version=self.version)

    def artefact(self, form: ArtefactFormat, precision: ArtefactPrecision) -> Artefact | None:
        """Its artefact of this form and precision, or None."""
        for artefact in self.artefacts:
            if (artefact.format, artefact.precision) == (form, precision):
                return artefact
        return None


def write_card(card: ModelCard, path: Path) -> None:
    """Write ``card`` as YAML to ``path``."""
    content = card.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")


def read_card(path: Path) -> ModelCard:
    """Read a card that ``write_card`` wrote.

    Raises:
        ModelCardError: The file cannot be read or a field is missing or wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelCardError(f"model card {path} cannot be read: {error}") from None
    return parse_card(text, str(path))


def parse_card(text: str, place: str) -> ModelCard:
    """Read a card's YAML.

    Args:
        text: What ``write_card`` wrote.
        place: Where it lies, for the error.

    Raises:
        ModelCardError: It is no YAML, or a field is missing or wrong.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ModelCardError(f"model card {place} cannot be read: {reason}") from None
    try:
        return ModelCard.model_validate(content)
    except ValidationError as error:
        raise ModelCardError(f"model card {place}: {problems_text(error)}") from None


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
