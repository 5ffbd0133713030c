"""The issue catalogue: every issue type CityPatrol can be asked to watch for, as data."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import ValidationError

from models.issue_type import IssueType
from streams.errors import CityPatrolError

BUILT_IN_CATALOGUE = Path(__file__).with_name("catalogue") / "issue_types.yaml"


class CatalogueError(CityPatrolError):
    """A catalogue file cannot be used; the text names file, entry, field and value."""


class UnknownIssueTypeError(CityPatrolError):
    """A code that the catalogue does not hold."""


@dataclass(frozen=True, slots=True)
class IssueCatalogue:
    """The issue types of one catalogue version.

    Which of them a camera watches for is the camera's own choice (``Camera.issue_types``): no
    type, and above all none that looks at people, is on by being listed here.

    Attributes:
        version: Version of the catalogue, kept with every event.
        types: Issue types by their five-digit code, in the order of the file.
    """

    version: str
    types: Mapping[str, IssueType]

    def issue_type(self, code: str) -> IssueType:
        """The issue type with this code.

        Raises:
            UnknownIssueTypeError: The catalogue has no such code.
        """
        try:
            return self.types[code]
        except KeyError:
            raise UnknownIssueTypeError(
                f"issue type {code!r} is not in catalogue {self.version}; "
                "`citypatrol catalogue list` shows the codes it has"
            ) from None


@functools.cache
def load_catalogue(path: Path = BUILT_IN_CATALOGUE) -> IssueCatalogue:
    """Read a catalogue file, once per process and path.

    Args:
        path: YAML with ``catalogue_version`` and ``types``, a list of ``IssueType`` entries.

    Raises:
        CatalogueError: The file cannot be read, is no YAML, or an entry is wrong; every wrong
            field of every entry is named.
    """
    content = _read_yaml(path)
    version = content.get("catalogue_version")
    if not isinstance(version, str) or not version.strip():
        raise CatalogueError(
            f"{path}: catalogue_version is {version!r}, needs text; "
            'write it in quotes, like catalogue_version: "2026.1"'
        )
    unknown = sorted(set(content) - {"catalogue_version", "types"}, key=str)
    if unknown:
        raise CatalogueError(
            f"{path}: {unknown} not known; a catalogue has catalogue_version and types"
        )
    entries = content.get("types")
    if not isinstance(entries, list) or not entries:
        raise CatalogueError(f"{path}: types is {entries!r}, needs a list of issue types")
    issue_types = _read_entries(path, entries)
    _refuse_repeats(path, "code", (issue.code for issue in issue_types))
    _refuse_repeats(path, "slug", (issue.slug for issue in issue_types))
    return IssueCatalogue(version, MappingProxyType({issue.code: issue for issue in issue_types}))


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(
            f"{path}: catalogue cannot be read ({error.strerror}); name a file that can be"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: catalogue is no YAML in UTF-8: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(
            f"{path}: holds {type(content).__name__}, needs catalogue_version and types"
        )
    return content


def _read_entries(path: Path, entries: list[Any]) -> list[IssueType]:
    issue_types: list[IssueType] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            issue_types.append(IssueType.model_validate(entry))
        except ValidationError as error:
            code = entry.get("code", "without code") if isinstance(entry, dict) else repr(entry)
            problems += [
                f"entry {number} ({code}): {'.'.join(map(str, problem['loc'])) or 'entry'}: "
                f"{problem['msg']}, got {problem['input']!r}"
                for problem in error.errors(include_url=False)
            ]
    if problems:
        raise CatalogueError(
            f"{path}: "
            + "; ".join(problems)
            + " (codes and hours must stand in quotes, or YAML reads them as numbers)"
        )
    return issue_types


def _refuse_repeats(path: Path, field: str, values: Iterable[str]) -> None:
    first_entry: dict[str, int] = {}
    for number, value in enumerate(values, start=1):
        if value in first_entry:
            raise CatalogueError(
                f"{path}: entry {number}: {field} {value!r} is already that of entry "
                f"{first_entry[value]}; each {field} may stand once"
            )
        first_entry[value] = number
