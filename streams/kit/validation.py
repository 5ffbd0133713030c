"""What is wrong with given data, field by field, without repeating secrets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import BaseModel, SecretStr, ValidationError

from streams.kit.stream_address import redacted

SECRET_FIELDS = frozenset({"stream_url"})
"""Fields of a camera whose value is shown without credentials only."""

_ALTERNATIVES = "Input should be '"
_ALTERNATIVE = re.compile(r"'([^']*)'")
# As many are read at a glance.
_MOST_ALTERNATIVES = 12
_NEAREST = 3
# Long enough to recognise a value, short enough for one line.
_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field.

    Attributes:
        field: Path of the field, its parts joined by dots; empty for the thing as a whole.
        message: What is wrong.
        shown_value: The value in a form that can be shown, or None if none was given.
    """

    field: str
    message: str
    shown_value: str | None

    def __str__(self) -> str:
        got = "" if self.shown_value is None else f", got {self.shown_value}"
        return f"{self.field}: {self.message}{got}" if self.field else f"{self.message}{got}"


def field_problems(
    error: ValidationError, secret_fields: frozenset[str] = SECRET_FIELDS
) -> list[FieldProblem]:
    """List what a validation found, for people to read.

    Pydantic's own text quotes inputs, which may hold the password of a stream; this does not:
    a secret is shown as a redacted address, also inside a larger value, and an address anywhere
    else is redacted as well, e.g. when columns were mixed up.

    Args:
        error: What pydantic raised.
        secret_fields: Names of fields that are secret, at any depth.
    """
    return [
        FieldProblem(
            field=".".join(str(part) for part in problem["loc"]),
            message=problem_message(problem["msg"], problem["input"]),
            shown_value=_shown(problem["input"], problem["loc"], problem["type"], secret_fields),
        )
        for problem in error.errors(include_url=False, include_context=False)
    ]


def problem_message(said: str, value: object) -> str:
    """What pydantic says of a value, with the nearest names instead of a list of very many.

    Args:
        said: Its message.
        value: The value that it refuses.

    Example:
        >>> problem_message("Value error, a is not b", "a")
        'a is not b'
    """
    names = _ALTERNATIVE.findall(said)
    if not said.startswith(_ALTERNATIVES) or len(names) <= _MOST_ALTERNATIVES:
        return said.removeprefix("Value error, ")
    nearest = get_close_matches(str(value), names, _NEAREST, cutoff=0.0)
    return f"is none of the {len(names)} known; the nearest are {', '.join(map(repr, nearest))}"


def problems_text(error: ValidationError) -> str:
    """Everything a validation found, in one line; see ``field_problems``."""
    return "; ".join(str(problem) for problem in field_problems(error))


def repeated(values: Sequence[str]) -> list[str]:
    """What stands in ``values`` more than once, sorted, for validators to name."""
    return sorted({value for value in values if values.count(value) > 1})


def shown(value: object, secret_fields: frozenset[str] = SECRET_FIELDS) -> str:
    """A short form of ``value`` that holds no secret."""
    text = repr(_without_secrets(value, secret_fields))
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _shown(
    value: object, place: tuple[int | str, ...], kind: str, secret_fields: frozenset[str]
) -> str | None:
    if kind == "missing" or not place:
        # What was given instead is the whole thing, which helps nobody.
        return None
    if secret_fields.intersection(str(part) for part in place):
        return repr(_redacted_secret(value))
    return shown(value, secret_fields)


def _without_secrets(value: object, secret_fields: frozenset[str]) -> object:
    match value:
        case str():
            return redacted(value) if "://" in value else value
        case bytes():
            return _without_secrets(value.decode("utf-8", errors="replace"), secret_fields)
        case BaseModel():
            return _without_secrets(dict(value), secret_fields)
        case Mapping():
            return {
                name: _redacted_secret(item)
                if name in secret_fields
                else _without_secrets(item, secret_fields)
                for name, item in value.items()
            }
        case list() | tuple():
            return [_without_secrets(item, secret_fields) for item in value]
        case _:
            return value


def _redacted_secret(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    # What is no address at all may be the password alone.
    return redacted(value) if isinstance(value, str) and "://" in value else "***"
