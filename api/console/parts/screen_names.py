"""What the things of a district are called on a page, so that its script need not ask."""

from dataclasses import dataclass
from typing import Any

from api.cases.transition_table import load_transitions
from api.console.parts.translations import Texts
from api.dispatch.organisation import Organisation
from api.services import Services
from models.catalogue.issue_catalogue import IssueCatalogue


@dataclass(frozen=True, slots=True)
class ScreenNames:
    """Names of a district in one language.

    Attributes:
        issue_types: By code.
        units: By id, of the organisation.
        handling_units: Ids of those that handle cases.
        actions: What can be done with a case, by its word.
    """

    issue_types: dict[str, str]
    units: dict[str, str]
    handling_units: tuple[str, ...]
    actions: dict[str, str]

    def document(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return {
            "issueTypes": self.issue_types,
            "units": self.units,
            "handlingUnits": list(self.handling_units),
            "actions": self.actions,
        }


async def screen_names(services: Services, texts: Texts) -> ScreenNames:
    """Read the names as they are now."""
    async with services.database.reading() as connection:
        organisation = await services.dispatch.organisation(connection)
    return _names(services.catalogue, organisation, texts)


def _names(
    catalogue: IssueCatalogue, organisation: Organisation | None, texts: Texts
) -> ScreenNames:
    units = () if organisation is None else organisation.units
    return ScreenNames(
        issue_types={
            code: texts.choose(issue.name_zh, issue.name_en)
            for code, issue in catalogue.types.items()
        },
        units={unit.unit_id: texts.choose(unit.name_zh, unit.name_en) for unit in units},
        handling_units=tuple(unit.unit_id for unit in units if unit.handles),
        actions={
            action: texts.choose(transition.name.zh, transition.name.en)
            for action, transition in load_transitions().items()
        },
    )
