"""What can be wrong with a catalogue file, told so that its writer finds the place."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from streams.kit.errors import CityPatrolError
from streams.kit.validation import FieldProblem, field_problems

# YAML reads them as numbers otherwise, and 03-01 as something else again.
_QUOTES = "put it in quotes"
# More than so many values are looked up in the documentation, not read in an error.
_FEW = 12


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """One thing wrong in one file.

    Attributes:
        file: The file.
        place: Entry and field, such as ``types entry 3 (06003): rule.zones.0``; empty for the
            file as a whole.
        message: What is wrong, with the value, and the way out where there is one.
    """

    file: Path
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.file), self.place, self.message) if part)


class CatalogueError(CityPatrolError):
    """The catalogue or an overlay cannot be used.

    Attributes:
        problems: Everything that is wrong.
    """

    def __init__(self, problems: Iterable[CatalogueProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


def validation_problems(
    file: Path, content: object, error: ValidationError
) -> tuple[CatalogueProblem, ...]:
    """Everything that a validation found in a file.

    Args:
        file: The file.
        content: What was validated; tells an entry's code or name for its number.
        error: What pydantic raised.
    """
    raised = error.errors(include_url=False)
    return tuple(
        CatalogueProblem(file, _place(content, problem["loc"]), _message(problem, found))
        for problem, found in zip(raised, field_problems(error), strict=True)
        # A list whose every entry is wrong is told to be empty as well.
        if not (problem["type"] == "too_short" and problem["input"])
    )


def nearest(value: object, known: Iterable[str]) -> str:
    """A hint at what was meant: ``; did you mean 'fire_lane'?``, or nothing."""
    close = difflib.get_close_matches(str(value), list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def entry_place(number: int, entry: object) -> str:
    """How an entry of a list is called: ``entry 3 (06003)``."""
    if not isinstance(entry, Mapping):
        return f"entry {number} ({entry!r})"
    return f"entry {number} ({entry.get('code', entry.get('name', 'without code'))})"


def _place(content: object, location: tuple[int | str, ...]) -> str:
    match location:
        case (str() as field, int() as index, *rest) if isinstance(content, dict):
            entry = entry_place(index + 1, content[field][index])
            return ": ".join([f"{field} {entry}", *filter(None, [_dotted(rest)])])
        case _:
            return _dotted(location)


def _dotted(parts: Iterable[int | str]) -> str:
    return ".".join(map(str, parts))


def _message(problem: ErrorDetails, found: FieldProblem) -> str:
    got = "" if found.shown_value is None else f", got {found.shown_value}"
    match problem["type"]:
        case "enum":
            # Of the 82 kinds of zones, only the one that was meant is worth a line.
            allowed = re.findall(r"'([^']+)'", problem["ctx"]["expected"])
            known = f"needs one of {', '.join(allowed)}" if len(allowed) <= _FEW else "is not known"
            return f"{known}{got}{nearest(problem['input'], allowed)}"
        case "value_error":
            # A rule that contradicts itself says with which values; the whole of it says less.
            return found.message
        case "extra_forbidden":
            return f"there is no such field{got}"
        case "string_type":
            return f"{found.message}{got}; {_QUOTES}"
        case _:
            return f"{found.message}{got}"
