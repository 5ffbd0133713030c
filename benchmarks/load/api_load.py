"""A loaded API with its embedded PostgreSQL: events, listeners, lists and figures in one run."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from pydantic import BaseModel, ConfigDict
from rich.table import Table

from api.database.database import database_address, migrate
from api.database.embedded_postgres import EmbeddedPostgres
from benchmarks.load.list_queries import UNITS_THAT_ASK, ListTime, time_lists
from benchmarks.load.load_access import LoadAccess, bearer_of, make_access
from benchmarks.load.many_cases import fill_with_cases
from benchmarks.load.month_figures import FigureTime, time_figures
from benchmarks.load.posted_events import (
    LoadCameras,
    Posting,
    PostingPlan,
    flood_events,
    post_events,
)
from benchmarks.load.stream_listeners import HeardEvents, StreamListeners
from benchmarks.machine import machine_name
from benchmarks.process_use import ProcessUse, process_use
from demo.district_processes import DistrictApi
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.words import STREET_KINDS

log = structlog.get_logger(__name__)

WANTED_EVENTS_PER_SECOND = 1500.0
BATCH = 50
STREAMED_EVENTS_PER_SECOND = 100.0
STREAMED_BATCH = 10
# Types whose events go round; those at the end of the year's come seldom.
ISSUE_TYPES = 120
WARM_UP_SECONDS = 3.0
# Figures of a month may take longer than any other answer before they are made fast.
PATIENCE_SECONDS = 300.0
SHOWN_LISTS = 5


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What is asked of an API.

    Attributes:
        cases: How many it has to begin with.
        seconds: How long each kind of load lasts.
        listeners: How many follow the events.
        folder: Where its data lie; used again if there are any. None for a folder of this run.
    """

    cases: int
    seconds: float
    listeners: int
    folder: Path | None


class LoadReport(BaseModel):
    """What an API did under load.

    Attributes:
        machine: Where.
        cases: How many it had to begin with.
        events_per_second: How many it took, sent as fast as it takes them.
        p99_ms: At the wanted rate, from when a batch was due to its answer: what one batch in a
            hundred exceeds.
        cpu_ms_per_event: CPU time of the API at that rate, cases that are opened included.
        database_cpu_ms_per_event: The same of its PostgreSQL.
        listeners_complete: How many listeners got every event once.
        listener_p95_s: From when an event was due until a listener had it.
        list_p95_ms: Of the slowest list of cases or events.
        slowest_lists: The slowest ones.
        figures_s: Of the slowest question for a month.
        slowest_figures: The slowest ones.
        memory_growth_mib: How much more memory the API held after all events than before.
    """

    model_config = ConfigDict(frozen=True)

    machine: str
    cases: int
    events_per_second: float
    p99_ms: float
    cpu_ms_per_event: float
    database_cpu_ms_per_event: float
    listeners_complete: int
    listener_p95_s: float
    list_p95_ms: float
    slowest_lists: dict[str, float]
    figures_s: float
    slowest_figures: dict[str, float]
    memory_growth_mib: float


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came of events alone."""

    flood: Posting
    steady: Posting
    before: ProcessUse
    after: ProcessUse
    begin_mebibytes: float


def measure_load(plan: LoadPlan) -> LoadReport:
    """Fill a database, start an API on it and load it; 20 minutes for millions of cases.

    Raises:
        CityPatrolError: The API did not start or refused something.
    """
    catalogue = load_catalogue()
    with _folder(plan) as folder:
        _make_cases(folder, plan.cases, _issue_codes(catalogue))
        access = make_access(folder, UNITS_THAT_ASK)
        with DistrictApi(folder, 0, access.keys) as api:
            api.put_cameras(LoadCameras.cameras())
            return asyncio.run(_Load(plan, api, access, catalogue).measure())


class _Load:
    def __init__(
        self, plan: LoadPlan, api: DistrictApi, access: LoadAccess, catalogue: IssueCatalogue
    ) -> None:
        self._plan = plan
        self._api = api
        self._access = access
        self._catalogue = catalogue
        self._codes = _issue_codes(catalogue)

    async def measure(self) -> LoadReport:
        async with contextlib.AsyncExitStack() as stack:
            worker = await stack.enter_async_context(self._client(self._access.keys.worker))
            own = await stack.enter_async_context(self._client(self._access.keys.own))
            readers: dict[str | None, httpx.AsyncClient] = {None: own}
            for unit, (login, password) in self._access.people.items():
                bearer = await bearer_of(own, login, password)
                readers[unit] = await stack.enter_async_context(self._client(bearer))
            log.info("load_lists")
            lists = await self._lists(readers)
            log.info("load_figures")
            figures = await time_figures(own) if self._plan.cases else []
            log.info("load_listeners")
            heard = await self._listen(worker)
            log.info("load_events")
            taken = await self._take(worker)
        return self._report(lists, figures, heard, taken)

    async def _lists(self, readers: Mapping[str | None, httpx.AsyncClient]) -> list[ListTime]:
        if not self._plan.cases:
            return []
        return await time_lists(readers, self._codes[0], self._codes[-1])

    async def _listen(self, worker: httpx.AsyncClient) -> HeardEvents:
        cameras = LoadCameras(self._codes, self._catalogue.version, new_share=1.0)
        plan = PostingPlan(STREAMED_EVENTS_PER_SECOND, STREAMED_BATCH, self._plan.seconds)
        url, key = self._api.access.url, self._access.keys.own
        async with StreamListeners(url, key, self._plan.listeners) as listeners:
            return await listeners.heard(await post_events(worker, cameras, plan))

    async def _take(self, worker: httpx.AsyncClient) -> _Taken:
        cameras = LoadCameras(self._codes, self._catalogue.version)
        rate, pid = WANTED_EVENTS_PER_SECOND, self._api.child.pid
        await post_events(worker, cameras, PostingPlan(rate / 5, BATCH, WARM_UP_SECONDS))
        begin = process_use(pid)
        flood = await flood_events(worker, cameras, PostingPlan(rate, BATCH, self._plan.seconds))
        before = process_use(pid)
        steady = await post_events(worker, cameras, PostingPlan(rate, BATCH, self._plan.seconds))
        return _Taken(flood, steady, before, process_use(pid), begin.own_mebibytes)

    def _report(
        self, lists: list[ListTime], figures: list[FigureTime], heard: HeardEvents, taken: _Taken
    ) -> LoadReport:
        events = len(taken.steady.event_ids)
        used = taken.after.own_seconds - taken.before.own_seconds
        database = taken.after.database_seconds - taken.before.database_seconds
        return LoadReport(
            machine=machine_name(),
            cases=self._plan.cases,
            events_per_second=round(taken.flood.events_per_second, 1),
            p99_ms=round(taken.steady.p99_seconds * 1000, 1),
            cpu_ms_per_event=round(used / events * 1000, 3),
            database_cpu_ms_per_event=round(database / events * 1000, 3),
            listeners_complete=heard.complete,
            listener_p95_s=round(heard.p95_seconds, 3),
            list_p95_ms=max((round(one.p95_seconds * 1000, 1) for one in lists), default=0.0),
            slowest_lists={
                one.name: round(one.p95_seconds * 1000, 1) for one in lists[:SHOWN_LISTS]
            },
            figures_s=max((round(one.seconds, 3) for one in figures), default=0.0),
            slowest_figures={one.name: round(one.seconds, 3) for one in figures},
            memory_growth_mib=round(taken.after.own_mebibytes - taken.begin_mebibytes, 1),
        )

    @contextlib.asynccontextmanager
    async def _client(self, bearer: str) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(
            base_url=self._api.access.url,
            headers={"Authorization": f"Bearer {bearer}"},
            timeout=PATIENCE_SECONDS,
            trust_env=False,
        ) as http:
            yield http


def load_table(report: LoadReport) -> Table:
    """Show what an API did under load."""
    table = Table(title=f"API under load, {report.machine}")
    table.add_column("measure")
    table.add_column("value", justify="right")
    for name, value in report.model_dump(exclude={"machine"}).items():
        shown = value if not isinstance(value, dict) else _lines(value)
        table.add_row(name, str(shown))
    return table


def _lines(values: Mapping[str, float]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in values.items())


def _issue_codes(catalogue: IssueCatalogue) -> list[str]:
    street = [code for code, one in catalogue.types.items() if one.kind in STREET_KINDS]
    return sorted(street)[:ISSUE_TYPES]


@contextlib.contextmanager
def _folder(plan: LoadPlan) -> Iterator[Path]:
    if plan.folder is not None:
        plan.folder.mkdir(parents=True, exist_ok=True)
        yield plan.folder
        return
    with tempfile.TemporaryDirectory(prefix="citypatrol-load-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded PostgreSQL may run as another user
        yield folder


def _make_cases(folder: Path, cases: int, issue_codes: list[str]) -> None:
    with EmbeddedPostgres(folder) as server:
        migrate(database_address(server.url))
        if cases:
            fill_with_cases(server.url, cases, issue_codes)
