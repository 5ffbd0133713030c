"""The organisation: who is whose part, which ground is whose, who answers for what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from streams.kit.errors import CityPatrolError

# GB/T 2260 and what is built on it: county, street, community.
DIVISION_LENGTHS = (12, 9, 6)


class UnitKind(StrEnum):
    """What an organisation unit is."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    """A town or a sub-district."""
    DEPARTMENT = "department"
    STATION = "station"
    """A part of a department, or of an area, that handles on site."""


AREA_KINDS = frozenset({UnitKind.CITY, UnitKind.DISTRICT, UnitKind.TOWN})
"""Units that have ground of their own."""


@dataclass(frozen=True, slots=True)
class OrganisationUnit:
    """A unit of the organisation.

    Attributes:
        unit_id: Its id.
        name_zh: Chinese name.
        name_en: English name.
        kind: What it is.
        parent_id: The unit that it is a part of; None for the root.
        division_code: For an area: 6, 9 or 12 digits that the codes of its cells start with.
        department_key: The catalogue's department that it answers for, if any.
    """

    unit_id: str
    name_zh: str
    name_en: str
    kind: UnitKind
    parent_id: str | None = None
    division_code: str | None = None
    department_key: str | None = None

    @property
    def is_area(self) -> bool:
        """Whether it has ground of its own."""
        return self.kind in AREA_KINDS

    @property
    def handles(self) -> bool:
        """Whether matters can be given to it: an area only where it answers for a department."""
        return not self.is_area or self.department_key is not None


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """One thing wrong with one unit among several.

    Attributes:
        position: Which of them, counted from 0.
        field: Which of its attributes.
        value: What that is.
        message: What is wrong, and the way out.
    """

    position: int
    field: str
    value: str | None
    message: str

    def __str__(self) -> str:
        return f"{self.field} {self.value!r} {self.message}"


class OrganisationError(CityPatrolError):
    """Units that make no organisation.

    Attributes:
        problems: Everything that is wrong.
    """

    def __init__(self, problems: Sequence[UnitProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"these units make no organisation: {'; '.join(map(str, problems))}")


class UnknownUnitError(CityPatrolError):
    """An id that no unit has."""


class Organisation:
    """The whole tree of units; checked when it is made and never changed.

    Args:
        units: All units, in any order.

    Raises:
        OrganisationError: They are no tree under one root, or two of them claim the same.
    """

    def __init__(self, units: Sequence[OrganisationUnit]) -> None:
        problems = unit_problems(units)
        if problems:
            raise OrganisationError(problems)
        self.units = tuple(units)
        self._by_id = {unit.unit_id: unit for unit in units}
        self.root = next(unit for unit in units if unit.parent_id is None)
        self._areas = {unit.division_code: unit for unit in units if unit.division_code}
        self._answering = {
            (_area_id(unit, self._by_id), unit.department_key): unit
            for unit in units
            if unit.department_key is not None
        }

    def unit(self, unit_id: str) -> OrganisationUnit:
        """The unit with this id.

        Raises:
            UnknownUnitError: There is none.
        """
        try:
            return self._by_id[unit_id]
        except KeyError:
            raise UnknownUnitError(
                f"organisation unit {unit_id!r}: there is none; import the tables that have it"
            ) from None

    def path_of(self, unit_id: str) -> str:
        """The ids from the root down to a unit: ``/city/district/town/``.

        Raises:
            UnknownUnitError: There is no such unit.
        """
        way = [unit.unit_id for unit in _upwards(self.unit(unit_id), self._by_id)]
        return "/".join(["", *reversed(way), ""])

    def area_of(self, unit_grid: str) -> OrganisationUnit:
        """The smallest area that a cell lies in, by their codes; the root if none has it."""
        found = (self._areas.get(unit_grid[:length]) for length in DIVISION_LENGTHS)
        return next((area for area in found if area is not None), self.root)

    def departments_for(
        self, department_key: str, area: OrganisationUnit
    ) -> tuple[OrganisationUnit, ...]:
        """Who answers for a department of the catalogue in an area, the nearest first.

        First comes what is the area's own, then what is that of the areas above it. No area has
        two units that answer for the same department.
        """
        found = (
            self._answering.get((above.unit_id, department_key))
            for above in _upwards(area, self._by_id)
        )
        return tuple(unit for unit in found if unit is not None)

    def answers_anywhere(self, department_key: str) -> bool:
        """Whether any unit answers for a department of the catalogue."""
        return any(key == department_key for _, key in self._answering)


def unit_problems(units: Sequence[OrganisationUnit]) -> list[UnitProblem]:
    """Everything that keeps units from being an organisation."""
    problems = list(_repeats(units))
    by_id: dict[str, OrganisationUnit] = {}
    for unit in units:
        by_id.setdefault(unit.unit_id, unit)
    problems += _wrong_parents(units, by_id)
    problems += _cycles(units, by_id)
    problems += _wrong_roots(units)
    if not problems:
        problems += _clashes(units, by_id)
    return sorted(problems, key=lambda problem: problem.position)


def _upwards(
    unit: OrganisationUnit, by_id: dict[str, OrganisationUnit]
) -> Iterator[OrganisationUnit]:
    above: OrganisationUnit | None = unit
    while above is not None:
        yield above
        above = None if above.parent_id is None else by_id[above.parent_id]


def _area_id(unit: OrganisationUnit, by_id: dict[str, OrganisationUnit]) -> str:
    """The area that a unit belongs to; itself, if it is one."""
    return next(above.unit_id for above in _upwards(unit, by_id) if above.is_area)


def _repeats(units: Sequence[OrganisationUnit]) -> Iterator[UnitProblem]:
    seen: set[str] = set()
    codes: dict[str, str] = {}
    for position, unit in enumerate(units):
        if unit.unit_id in seen:
            yield UnitProblem(
                position, "unit_id", unit.unit_id, "is there twice; give each unit its own"
            )
        seen.add(unit.unit_id)
        code = unit.division_code
        if code is None:
            continue
        if not unit.is_area:
            message = f"belongs to a {unit.kind}, which has no ground; leave it empty"
            yield UnitProblem(position, "division_code", code, message)
        elif code in codes:
            message = f"is that of unit {codes[code]!r}, too; each ground has one owner"
            yield UnitProblem(position, "division_code", code, message)
        codes.setdefault(code, unit.unit_id)


def _wrong_parents(
    units: Sequence[OrganisationUnit], by_id: dict[str, OrganisationUnit]
) -> Iterator[UnitProblem]:
    for position, unit in enumerate(units):
        if unit.parent_id is None:
            continue
        parent = by_id.get(unit.parent_id)
        if parent is None:
            message = "is no unit of the organisation; add that unit or correct the id"
            yield UnitProblem(position, "parent_id", unit.parent_id, message)
        elif unit.is_area and not parent.is_area:
            message = f"is a {parent.kind}; a {unit.kind} is a part of a city, district or town"
            yield UnitProblem(position, "parent_id", unit.parent_id, message)


def _cycles(
    units: Sequence[OrganisationUnit], by_id: dict[str, OrganisationUnit]
) -> Iterator[UnitProblem]:
    settled: set[str] = set()
    for position, unit in enumerate(units):
        way: dict[str, None] = {}
        above: OrganisationUnit | None = unit
        while above is not None and above.unit_id not in settled:
            if above.unit_id in way:
                ids = list(way)
                circle = ids[ids.index(above.unit_id) :]
                message = (
                    f"closes a circle: {' → '.join([*circle, above.unit_id])}; "
                    "give one of them a parent outside of it"
                )
                yield UnitProblem(position, "parent_id", unit.parent_id, message)
                break
            way[above.unit_id] = None
            above = by_id.get(above.parent_id) if above.parent_id is not None else None
        settled.update(way)


def _wrong_roots(units: Sequence[OrganisationUnit]) -> Iterator[UnitProblem]:
    roots = [position for position, unit in enumerate(units) if unit.parent_id is None]
    if not roots:
        message = "is empty nowhere; exactly one unit, the root, has no parent"
        yield UnitProblem(0, "parent_id", None, message)
        return
    first = units[roots[0]]
    if not first.is_area:
        message = "is that of the root, which must be a city, district or town"
        yield UnitProblem(roots[0], "kind", first.kind, message)
    for position in roots[1:]:
        message = f"is empty, but unit {first.unit_id!r} is the root already; name its parent"
        yield UnitProblem(position, "parent_id", None, message)


def _clashes(
    units: Sequence[OrganisationUnit], by_id: dict[str, OrganisationUnit]
) -> Iterator[UnitProblem]:
    answering: dict[tuple[str, str], str] = {}
    for position, unit in enumerate(units):
        if unit.department_key is None:
            continue
        area = _area_id(unit, by_id)
        other = answering.setdefault((area, unit.department_key), unit.unit_id)
        if other != unit.unit_id:
            message = (
                f"is answered for by {other!r} in {area!r} already; leave it to one of them, and "
                "tell the others' share by responsibilities"
            )
            yield UnitProblem(position, "department_key", unit.department_key, message)
