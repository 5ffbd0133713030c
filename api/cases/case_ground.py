"""What cases stand on: one of each, shared by all who do something with them."""

from dataclasses import dataclass

from api.cases.case_settings import CaseSettings
from api.cases.stage_limits import StageLimits
from api.clocks.calendar_store import CalendarStore
from api.clocks.service_time import ServiceTime
from api.database.database import Database
from api.dispatch.dispatch_store import DispatchStore
from api.grids.grid_store import GridStore
from models.catalogue.issue_catalogue import IssueCatalogue


@dataclass(frozen=True, slots=True)
class CaseGround:
    """What cases stand on.

    Attributes:
        database: Where they are.
        catalogue: Their types.
        settings: How matters become cases.
        calendars: Working time.
        limits: How long each stage may take.
        cells: Where they lie.
        dispatch: The organisation, and who handles what.
        time: What time it is for them.
    """

    database: Database
    catalogue: IssueCatalogue
    settings: CaseSettings
    calendars: CalendarStore
    limits: StageLimits
    cells: GridStore
    dispatch: DispatchStore
    time: ServiceTime
