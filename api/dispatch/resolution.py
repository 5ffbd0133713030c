"""What is asked of the dispatcher, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.dispatch.component_finder import NearComponent
from api.dispatch.organisation import OrganisationUnit


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be handled, whoever reported it.

    Attributes:
        issue_code: Five digits of its type.
        lon: Longitude, WGS-84 degrees.
        lat: Latitude.
        moment: When, with its zone.
        unit_grid: Code of its cell, where that is known already.
    """

    issue_code: str
    lon: float
    lat: float
    moment: datetime
    unit_grid: str | None = None


class Ground(StrEnum):
    """Why a matter went where it went."""

    RESPONSIBILITY_ROW = "responsibility_row"
    """A row of the responsibilities names the department."""
    COMPONENT_OWNER = "component_owner"
    """The register names who keeps the component."""
    CATALOGUE_DEPARTMENT = "catalogue_department"
    """The catalogue names the department of the issue type."""
    ON_DUTY = "on_duty"
    """The roster names the person."""
    NOBODY_ON_DUTY = "nobody_on_duty"
    """The roster has nobody of the department for that moment."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a matter goes.

    Attributes:
        unit_grid: Code of the cell that it lies in.
        area: The smallest area that the cell is a part of.
        component: The registered component that it is about, if one was found.
        department: The unit that handles it.
        person: Login name of who is on duty there, or None if nobody is.
        how: What led to the department, then what led to the person.
    """

    unit_grid: str
    area: OrganisationUnit
    component: NearComponent | None
    department: OrganisationUnit
    person: str | None
    how: tuple[Ground, ...]


class UnresolvedReason(StrEnum):
    """Why a matter goes nowhere by itself."""

    UNKNOWN_ISSUE_TYPE = "unknown_issue_type"
    """The catalogue has no such issue type."""
    CAMERA_FAULT = "camera_fault"
    """It is about a camera: for operators, never for dispatch."""
    NO_ORGANISATION = "no_organisation"
    """No tables were imported yet."""
    OUTSIDE_GRIDS = "outside_grids"
    """It lies in no cell."""
    NO_RESPONSIBILITY = "no_responsibility"
    """No row covers it, and no unit at all answers for the catalogue's department."""
    NO_DEPARTMENT = "no_department"
    """No row covers it, and who answers for the catalogue's department does so elsewhere."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A matter that a person must dispatch, or nobody.

    Attributes:
        reason: Why.
        detail: The same in words, with the values and the way out.
        unit_grid: Code of the cell that it lies in, if that was found.
    """

    reason: UnresolvedReason
    detail: str
    unit_grid: str | None = None
