"""A model version: one trained state of a model, written NAME@VERSION."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from streams.kit.errors import CityPatrolError

# They become folder names and object keys, also on systems that fold case or forbid signs.
MODEL_NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
MODEL_VERSION_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$"

ModelName = Annotated[str, StringConstraints(pattern=MODEL_NAME_PATTERN)]
VersionText = Annotated[str, StringConstraints(pattern=MODEL_VERSION_PATTERN)]


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
