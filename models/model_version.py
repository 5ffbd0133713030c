"""A model version: one trained state of a model, written NAME@VERSION."""

import re

from pydantic import BaseModel, ConfigDict

from models.words import MODEL_NAME_PATTERN, MODEL_VERSION_PATTERN, ModelName, VersionText
from streams.kit.errors import CityPatrolError


class ModelVersionError(CityPatrolError):
    """A text is no NAME@VERSION."""


class ModelVersion(BaseModel):
    """Names one version of one model.

    Example:
        >>> str(parse_model_version("street@2026.11"))
        'street@2026.11'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ModelName
    version: VersionText

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


def parse_model_version(text: str) -> ModelVersion:
    """Read what a user typed.

    Raises:
        ModelVersionError: It is no NAME@VERSION.
    """
    name, sign, version = text.partition("@")
    if (
        not sign
        or not re.fullmatch(MODEL_NAME_PATTERN, name)
        or not re.fullmatch(MODEL_VERSION_PATTERN, version)
    ):
        raise ModelVersionError(
            f"model version {text!r}: write NAME@VERSION, such as street@2026.11; a name has "
            "lower-case letters, digits, '.', '_' and '-'"
        )
    return ModelVersion(name=name, version=version)
