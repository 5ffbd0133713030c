"""The dispatcher: from a matter to the department and the person on duty."""

from dataclasses import dataclass

from api.dispatch.component_finder import ComponentFinder, NearComponent
from api.dispatch.duty_roster import DutyRoster
from api.dispatch.organisation import Organisation, OrganisationUnit
from api.dispatch.resolution import (
    Assignment,
    Ground,
    Matter,
    Unresolved,
    UnresolvedReason,
)
from api.dispatch.responsibility import ResponsibilityTable
from api.grids.grid_store import GridIndex
from models.catalogue.issue_catalogue import IssueCatalogue
from models.catalogue.issue_type import IssueType
from models.words import IssueKind


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """What was imported, but for cells and components.

    Attributes:
        organisation: The units; None before the first import.
        responsibilities: Who handles what.
        roster: Who is on duty.
    """

    organisation: Organisation | None
    responsibilities: ResponsibilityTable
    roster: DutyRoster


@dataclass(frozen=True, slots=True)
class _Located:
    """A matter of which everything but its department is known."""

    matter: Matter
    issue: IssueType
    unit_grid: str
    area: OrganisationUnit
    component: NearComponent | None


@dataclass(frozen=True, slots=True)
class _Chosen:
    department: OrganisationUnit
    ground: Ground


class Dispatcher:
    """Resolves matters by one state of the tables.

    The cell of the place comes first, and by the cell's code the smallest area it is a part of.
    The component is the nearest one of a kind that the matter can be about: the kind of the issue
    type itself, where it is about components, and what the responsibilities for it tell apart.
    Then the department is what the most specific row of the responsibilities says; without one,
    whoever keeps the component; without one, the nearest unit upwards from the area that answers
    for the catalogue's department of the issue type. Last comes who is on duty there.

    Args:
        catalogue: The issue types.
        rules: The tables.
        cells: The cells.
        components: Looks for components.
    """

    def __init__(
        self,
        catalogue: IssueCatalogue,
        rules: DispatchRules,
        cells: GridIndex,
        components: ComponentFinder,
    ) -> None:
        self._catalogue = catalogue
        self._rules = rules
        self._cells = cells
        self._components = components

    async def resolve(self, matter: Matter) -> Assignment | Unresolved:
        """Find out who handles a matter, or why nobody is found."""
        issue = self._catalogue.types.get(matter.issue_code)
        if issue is None:
            return Unresolved(
                UnresolvedReason.UNKNOWN_ISSUE_TYPE,
                f"issue type {matter.issue_code!r} is not in catalogue {self._catalogue.version}; "
                "name the overlay that has it with --overlays",
            )
        if issue.kind is IssueKind.CAMERA:
            return Unresolved(
                UnresolvedReason.CAMERA_FAULT,
                f"issue type {issue.code} is a fault of a camera, which is never dispatched",
            )
        organisation = self._rules.organisation
        if organisation is None:
            return Unresolved(
                UnresolvedReason.NO_ORGANISATION,
                "there is no organisation yet; `citypatrol dispatch import` brings it",
            )
        unit_grid = matter.unit_grid or self._cells.unit_grids([(matter.lon, matter.lat)])[0]
        if unit_grid is None:
            return Unresolved(
                UnresolvedReason.OUTSIDE_GRIDS,
                f"no cell holds the place {matter.lon}, {matter.lat} (longitude, latitude)",
            )
        area = organisation.area_of(unit_grid)
        component = await self._component(matter, issue)
        return self._assign(organisation, _Located(matter, issue, unit_grid, area, component))

    async def _component(self, matter: Matter, issue: IssueType) -> NearComponent | None:
        types = set(self._rules.responsibilities.component_types(issue.code))
        if issue.kind is IssueKind.COMPONENT:
            types.add(issue.code)
        found = await self._components.nearest(matter.lon, matter.lat, types)
        return found[0] if found else None

    def _assign(self, organisation: Organisation, located: _Located) -> Assignment | Unresolved:
        chosen = self._department(organisation, located)
        if isinstance(chosen, Unresolved):
            return chosen
        shift = self._rules.roster.on_duty(chosen.department.unit_id, located.matter.moment)
        on_duty = Ground.NOBODY_ON_DUTY if shift is None else Ground.ON_DUTY
        return Assignment(
            unit_grid=located.unit_grid,
            area=located.area,
            component=located.component,
            department=chosen.department,
            person=None if shift is None else shift.person,
            how=(chosen.ground, on_duty),
        )

    def _department(self, organisation: Organisation, located: _Located) -> _Chosen | Unresolved:
        found = located.component
        row = self._rules.responsibilities.find(
            located.issue.code,
            located.unit_grid,
            None if found is None else found.component.type_code,
            located.matter.moment,
        )
        if row is not None:
            return _Chosen(organisation.unit(row.unit_id), Ground.RESPONSIBILITY_ROW)
        owner = None if found is None else found.component.unit_id
        if owner is not None and located.issue.kind is IssueKind.COMPONENT:
            return _Chosen(organisation.unit(owner), Ground.COMPONENT_OWNER)
        departments = organisation.departments_for(located.issue.department, located.area)
        if departments:
            return _Chosen(departments[0], Ground.CATALOGUE_DEPARTMENT)
        return _without_department(organisation, located)


def _without_department(organisation: Organisation, located: _Located) -> Unresolved:
    key = located.issue.department
    area = located.area.unit_id
    if organisation.answers_anywhere(key):
        reason = UnresolvedReason.NO_DEPARTMENT
        missing = f"no unit of area {area!r} or above it answers for its department {key!r}"
    else:
        reason = UnresolvedReason.NO_RESPONSIBILITY
        missing = f"no unit at all answers for its department {key!r}"
    return Unresolved(
        reason,
        f"no responsibility covers issue type {located.issue.code} in cell {located.unit_grid}, "
        f"and {missing}; add a row to responsibilities.csv, or the department_key to a unit",
        located.unit_grid,
    )
