"""What rows of one table name in others: units, issue types, cells."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from api.dispatch.organisation import OrganisationUnit
from api.dispatch.responsibility import ANY_ISSUE, MAJOR_DIGITS
from models.catalogue.error import nearest
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import IssueKind

Value = TypeVar("Value")

IN_DATABASE = "in the database"
"""Place of a row that an earlier import brought and that this one leaves."""

_ISSUE_PATTERN = re.compile(r"\*|[0-9]{2}|[0-9]{5}")
_GRID_PREFIX = re.compile(r"[0-9A-Za-z]{1,15}")
_FEWER_DIGITS = re.compile(r"[0-9]{1,4}")
_SCIENTIFIC = re.compile(r"[0-9]+([.][0-9]+)?[eE][+]?[0-9]+")
AS_TEXT = "format the column as text before typing, for a spreadsheet makes numbers of digits"


@dataclass(frozen=True, slots=True)
class Placed(Generic[Value]):
    """A row and where it stands, such as ``line 7``."""

    place: str
    value: Value


@dataclass(frozen=True, slots=True)
class References:
    """What there is to be named.

    Attributes:
        catalogue: The issue types.
        units: The units by their ids, None for those whose own line is wrong; None altogether
            where the organisation could not be read, and nothing can be said of units.
        unit_grids: Codes of all cells, sorted; None where they could not be read.
    """

    catalogue: IssueCatalogue
    units: Mapping[str, OrganisationUnit | None] | None
    unit_grids: Sequence[str] | None

    def unit_fault(self, unit_id: str) -> str | None:
        """Why no matter can be given to a unit, or None if it can."""
        if self.units is None:
            return None
        if unit_id not in self.units:
            return f"is no unit of organisation.csv{nearest(unit_id, self.units)}"
        unit = self.units[unit_id]
        if unit is None or unit.handles:
            return None
        return (
            f"is a {unit.kind}, not a department or station; name one, or give the {unit.kind} "
            "the department_key that it answers for"
        )

    def issue_fault(self, pattern: str) -> str | None:
        """Why an issue pattern fits no matter, or None if it does."""
        if _ISSUE_PATTERN.fullmatch(pattern) is None:
            hint = ""
            if _FEWER_DIGITS.fullmatch(pattern):
                hint = f"{nearest(pattern.zfill(5), self.catalogue.types)}; {AS_TEXT}"
            return f"is no issue: give five digits, two for a major class, or *{hint}"
        if pattern == ANY_ISSUE:
            return None
        fitting = [
            issue for code, issue in self.catalogue.types.items() if code.startswith(pattern)
        ]
        if not fitting:
            thing = "major class" if len(pattern) == MAJOR_DIGITS else "issue type"
            return (
                f"is no {thing} of catalogue {self.catalogue.version}"
                f"{nearest(pattern, self.catalogue.types)}; "
                "`citypatrol catalogue list` shows them, --overlays names a city's own"
            )
        if all(issue.kind is IssueKind.CAMERA for issue in fitting):
            return "is about faults of cameras, which are never dispatched; leave the line out"
        return None

    def prefix_fault(self, prefix: str) -> str | None:
        """Why no cell starts with a prefix, or None if one does."""
        if _GRID_PREFIX.fullmatch(prefix) is None:
            return f"is no beginning of a cell's 15 characters{spreadsheet_hint(prefix)}"
        if self.unit_grids is None:
            return None
        if not self.unit_grids:
            return "cannot be found, as there are no cells; add grids.geojson or name --grids"
        index = bisect_left(self.unit_grids, prefix)
        if index < len(self.unit_grids) and self.unit_grids[index].startswith(prefix):
            return None
        beginnings = sorted({code[: len(prefix)] for code in self.unit_grids})
        return f"begins the code of no cell{nearest(prefix, beginnings)}"


def spreadsheet_hint(value: str) -> str:
    """What to add where a spreadsheet has made a number of many digits, and lost some."""
    return f"; {AS_TEXT}" if _SCIENTIFIC.fullmatch(value) else ""
