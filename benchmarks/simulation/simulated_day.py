"""A district's day in fast motion: matters of all channels through the public API."""

import asyncio
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from api.cases.transition_table import load_transitions
from api.commands.dispatch_commands import import_tables_into
from api.contract.case_words import CaseState
from api.contract.cases import CaseDocument, CaseHistory
from api.settings import ApiSettings
from benchmarks.simulation.matters import Matters
from benchmarks.simulation.simulated_camera import CAMERA, SimulatedCamera
from benchmarks.simulation.simulated_life import District, SimulatedLife
from benchmarks.simulation.simulated_time import SimulatedTime
from benchmarks.simulation.story import stories_of_a_day
from demo.demo_cameras import GRIDS
from demo.district_processes import ApiAccess, DistrictApi
from demo.district_staff import DISPATCH_TABLES, make_staff
from demo.staff_client import StaffClient, plain_picture
from models.catalogue.issue_catalogue import load_catalogue

ZONE = ZoneInfo("Asia/Shanghai")
# Matters come from early in the morning until the afternoon; the evening is for what is left.
FIRST_MATTER = time(6, 0)
HOURS_OF_REPORTS = 11.0
_REGISTERED_ENDS = frozenset({CaseState.CLOSED, CaseState.FORCED_CLOSE})


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What is asked of a simulated day.

    Attributes:
        matters: How many matters come up.
        speed: Seconds that go by in a second.
    """

    matters: int
    speed: float


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """A case at the end of the day.

    Attributes:
        document: The case.
        history: What was done with it.
    """

    document: CaseDocument
    history: CaseHistory


@dataclass(frozen=True, slots=True)
class DayReport:
    """What became of a day.

    Attributes:
        cases: How many cases there were, twins and repeated ones too.
        registered: How many of them were registered.
        closed_share: How many of those were closed.
        automatic_share: How many of the dispatched ones a rule had dispatched.
        transitions_used: How many transitions of the table were used.
        transitions_total: How many the table has.
        unused: Those that were not.
        figures_match: Whether the API's figures equal those recomputed from its cases.
        figures_compared: How many figures were compared.
        differing: Those that differ, with both values.
        seconds: How long it took.
    """

    cases: int
    registered: int
    closed_share: float
    automatic_share: float
    transitions_used: int
    transitions_total: int
    unused: tuple[str, ...]
    figures_match: bool
    figures_compared: int
    differing: tuple[str, ...]
    seconds: float
