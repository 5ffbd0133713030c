"""A district's day in fast motion: matters of all channels through the public API."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic import BaseModel, ConfigDict

from api.cases.transition_table import load_transitions
from api.clocks.city_calendar import city_calendar
from api.clocks.clock_settings import ClockSettings
from api.contract.case_words import CaseState
from benchmarks.simulation.compared_figures import compared_figures
from benchmarks.simulation.matters import Matters
from benchmarks.simulation.played_case import PlayedCase
from benchmarks.simulation.simulated_camera import CAMERA, SimulatedCamera
from benchmarks.simulation.simulated_life import District, SimulatedLife
from benchmarks.simulation.simulated_time import SimulatedTime
from benchmarks.simulation.story import stories_of_a_day
from demo.demo_cameras import GRIDS
from demo.district_processes import ApiAccess, DistrictApi
from demo.district_staff import import_dispatch_tables, make_staff
from demo.staff_client import IDLE_SECONDS, PATIENCE_SECONDS, StaffClient, plain_picture
from models.catalogue.issue_catalogue import load_catalogue
from streams.kit.errors import CityPatrolError

ZONE = ZoneInfo("Asia/Shanghai")
# Matters come from early in the morning until the afternoon; the evening is for what is left.
FIRST_MATTER = time(6, 0)
HOURS_OF_REPORTS = 11.0
# Over half an hour at 600 times the speed; an undisturbed machine takes five minutes.
TIME_TO_PLAY = timedelta(days=14)
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


class DayReport(BaseModel):
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

    model_config = ConfigDict(frozen=True)

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


class SimulatedDay:
    """Plays a day once.

    Args:
        plan: What is asked of it.
    """

    def __init__(self, plan: DayPlan) -> None:
        self._plan = plan
        self._catalogue = load_catalogue()

    def play(self) -> DayReport:
        """Start an API, play the day, stop it and say what became of it.

        Raises:
            CityPatrolError: The API did not start, or refused what a story holds to be allowed.
        """
        starts_at = past_working_morning(datetime.now(UTC))
        with tempfile.TemporaryDirectory(prefix="citypatrol-day-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # the embedded PostgreSQL may run as another user
            environment = {
                "CITYPATROL_CLOCK_SPEED": str(self._plan.speed),
                "CITYPATROL_CLOCK_SIMULATED_START": starts_at.isoformat(),
            }
            with DistrictApi(folder / "api", 0, environment=environment) as api:
                import_dispatch_tables(folder / "api")
                passwords = make_staff(folder / "api")
                api.put_cameras([CAMERA])
                return asyncio.run(self._play(api.access, passwords))

    async def _play(self, access: ApiAccess, passwords: Mapping[str, str]) -> DayReport:
        headers = {"Authorization": f"Bearer {access.keys.worker}"}
        async with (
            StaffClient(access.url, passwords) as staff,
            httpx.AsyncClient(
                base_url=access.url,
                headers=headers,
                trust_env=False,
                timeout=PATIENCE_SECONDS,
                limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
            ) as http,
        ):
            clock = await _clock_of(staff, self._plan.speed)
            district = District(
                staff=staff,
                camera=SimulatedCamera(http, self._catalogue.version),
                time=clock,
                matters=Matters(self._catalogue, GRIDS),
                picture=await staff.upload("collector", plain_picture(128)),
            )
            await self._live(district)
            return await self._report(staff, clock)

    async def _live(self, district: District) -> None:
        stories = stories_of_a_day(self._plan.matters)
        begins = district.time.now()
        pause = timedelta(hours=HOURS_OF_REPORTS) / len(stories)
        refused: BaseExceptionGroup[CityPatrolError] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for number, story in enumerate(stories):
                    life = SimulatedLife(district, district.matters.of(number, story))
                    group.create_task(life.live(begins + number * pause))
        except* CityPatrolError as several:
            refused = several
        if refused is not None:
            raise refused.exceptions[0]

    async def _report(self, staff: StaffClient, clock: SimulatedTime) -> DayReport:
        documents = await staff.cases("evaluator")
        played = [
            PlayedCase(document, await staff.history("evaluator", document.case_id))
            for document in documents
        ]
        comparison = await compared_figures(staff, played)
        table = load_transitions()
        used = {step.action for one in played for step in one.history.flow} & table.keys()
        registered = [one for one in documents if one.registered_at is not None]
        closed = [one for one in registered if one.state in _REGISTERED_ENDS]
        dispatched = [one for one in documents if one.dispatched_at is not None]
        automatic = [one for one in dispatched if one.auto_dispatched]
        return DayReport(
            cases=len(documents),
            registered=len(registered),
            closed_share=round(len(closed) / len(registered), 4),
            automatic_share=round(len(automatic) / len(dispatched), 4),
            transitions_used=len(used),
            transitions_total=len(table),
            unused=tuple(sorted(table.keys() - used)),
            figures_match=not comparison.differing,
            figures_compared=comparison.compared,
            differing=comparison.differing,
            seconds=round(clock.real_seconds(), 1),
        )


async def _clock_of(staff: StaffClient, speed: float) -> SimulatedTime:
    """The API's time, as its own answer tells it."""
    probe = await staff.report(
        "collector",
        {"issue_code": "06010", "lon": 0.0, "lat": 0.0, "source": "collector"},
    )
    await staff.act(
        "acceptor", probe.case_id, "reject", {"reason": "测试", "verdict_reason": "test"}
    )
    return SimulatedTime(probe.reported_at, speed)


def past_working_morning(now: datetime) -> datetime:
    """Return when a day begins whose every hour is over, however slowly it is played.

    Events of the future are refused, and what is played at 600 times the speed on a busy machine
    goes days beyond its own.
    """
    calendar = city_calendar(ClockSettings())
    day = (now - TIME_TO_PLAY).astimezone(ZONE).date()
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, FIRST_MATTER, ZONE)
