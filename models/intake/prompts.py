"""Prompts: what an open-vocabulary model is told to look for, in words."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError

from models.cards.model_card import ModelClass
from models.words import VisualClass
from streams.kit.errors import CityPatrolError

# Text encoders read 77 tokens and cut off the rest without a word; these are fewer.
_Prompt = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Prompts = Annotated[
    tuple[_Prompt, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    Field(min_length=1, max_length=20),
]
_FILE = TypeAdapter(Annotated[dict[VisualClass, _Prompts], Field(min_length=1, max_length=300)])


class PromptsError(CityPatrolError):
    """A file of prompts cannot be read."""


def read_prompts(path: Path) -> tuple[ModelClass, ...]:
    """Read a YAML file of visual classes and the texts that describe each.

    Example of a file:

        shopping_trolley: [abandoned shopping trolley, supermarket cart on a pavement]
        mattress: mattress lying in the street

    Returns:
        One class per visual class, in the order of the file.

    Raises:
        PromptsError: The file cannot be read or says something else.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise PromptsError(f"prompts {path} cannot be read: {reason}") from None
    try:
        prompts = _FILE.validate_python(content)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in problem["loc"] if part != "[key]") or "the file"
        raise PromptsError(
            f"prompts {path}: {place}: {problem['msg']}, got {problem['input']!r:.80}; write one "
            "visual_class: [TEXT, TEXT] a line"
        ) from None
    return tuple(
        ModelClass(name=name, visual_class=name, prompts=texts) for name, texts in prompts.items()
    )
