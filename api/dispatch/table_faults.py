"""What is wrong with tables that a city gives, told so that whoever wrote them finds the place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import ValidationError

from streams.kit.errors import CityPatrolError
from streams.kit.validation import field_problems

# More of one file are not read at a time; what is put right first often settles the rest.
FAULTS_TOLD = 20
# Long enough to recognise a value, short enough for one line.
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TableFault:
    """One thing wrong in one file.

    Attributes:
        file: Name of the file.
        place: Where in it, such as ``line 7`` or ``feature 3``; empty for all of it.
        column: Which column or field; empty for the whole line.
        value: What stands there, or None.
        message: What is wrong with it, and the way out.
    """

    file: str
    place: str
    column: str
    value: str | None
    message: str

    def __str__(self) -> str:
        where = " ".join(part for part in (self.file, self.place) if part)
        value = None if self.value is None else repr(_short(self.value))
        what = " ".join(part for part in (self.column, value) if part)
        return f"{where}: {what} {self.message}" if what else f"{where}: {self.message}"


class TableFaultsError(CityPatrolError):
    """Files that cannot be used as they are; nothing of them was.

    Attributes:
        faults: Everything that is wrong with them.
    """

    def __init__(self, what: str, faults: Iterable[TableFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n  ".join([f"{what} cannot be used, nothing was changed:", *self._told]))

    @property
    def _told(self) -> list[str]:
        by_file: dict[str, list[TableFault]] = {}
        for fault in self.faults:
            by_file.setdefault(fault.file, []).append(fault)
        told = []
        for file, several in by_file.items():
            told += [str(fault) for fault in several[:FAULTS_TOLD]]
            more = len(several) - FAULTS_TOLD
            if more > 0:
                told.append(f"{file}: … and {more} more")
        return told


@dataclass(slots=True)
class FaultList:
    """Gathers what is wrong with one file while it is read.

    Attributes:
        file: Its name.
        faults: What was found so far.
    """

    file: str
    faults: list[TableFault] = field(default_factory=list)

    def add(self, place: str, column: str, value: str | None, message: str) -> None:
        """Note one more."""
        self.faults.append(TableFault(self.file, place, column, value, message))

    def add_problems(self, place: str, error: ValidationError) -> None:
        """Note everything that a validation found in one place."""
        for problem in field_problems(error):
            got = "" if problem.shown_value is None else f", got {problem.shown_value}"
            self.add(place, problem.field, None, f"{problem.message}{got}")


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_SHOWN else f"{value[: _LONGEST_SHOWN - 1]}…"
