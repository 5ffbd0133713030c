"""The model card: what a model file is, what it knows and where it came from."""

import hashlib
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from streams.errors import CityPatrolError

CARD_FILE_NAME = "card.yaml"
"""The card lies beside the one model file that it describes."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Smaller shows nothing; larger is a mistyped number that would exhaust memory.
InputPixels = Annotated[int, Field(ge=32, le=4096)]


class ModelCardError(CityPatrolError):
    """A model card is missing, unreadable or does not describe its model file."""


class ModelFileError(CityPatrolError):
    """A model file cannot be read, is no detection model or is not what its card says."""


class ModelCard(BaseModel):
    """Describes one ONNX detection model.

    Attributes:
        name: What people call it.
        version: Tells apart models of the same name.
        class_names: Every visual class it knows, in the order of its output.
        input_width: Width of its input picture, pixels.
        input_height: Height of its input picture, pixels.
        sha256: Of the ONNX file, so that a swapped or torn file is noticed.
        source_sha256: Of the weights file that it was exported from, or None if unknown.
        licence: Terms of the weights, or None if unknown.
        exported_at: When the ONNX file was made, or None if unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]
    version: Annotated[str, Field(min_length=1, max_length=100)]
    class_names: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
    input_width: InputPixels
    input_height: InputPixels
    sha256: Sha256
    source_sha256: Sha256 | None = None
    licence: str | None = None
    exported_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _class_names_are_unique(self) -> Self:
        twice = sorted({name for name in self.class_names if self.class_names.count(name) > 1})
        if twice:
            raise ValueError(f"class_names lists {twice} more than once")
        return self


def write_card(card: ModelCard, path: Path) -> None:
    """Write ``card`` as YAML to ``path``."""
    text = yaml.safe_dump(
        card.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100
    )
    path.write_text(text, encoding="utf-8")


def read_card(path: Path) -> ModelCard:
    """Read a card that ``write_card`` wrote.

    Raises:
        ModelCardError: The file cannot be read or a field is missing or wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise ModelCardError(f"model card {path} cannot be read: {reason}") from None
    try:
        return ModelCard.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'card'}: {problem['msg']}, "
            f"got {problem['input']!r:.80}"
            for problem in error.errors(include_url=False)
        )
        raise ModelCardError(f"model card {path}: {problems}") from None


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
