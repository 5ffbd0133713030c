"""The demo: a small district with everything that a large one has, on one machine."""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import structlog
from platformdirs import user_cache_path
from rich.console import Console

from api.contract.case_words import CaseState
from api.contract.cases import CaseDocument, CasePage
from api.contract.events import EventPage, StoredEventFeature
from demo.demo_cameras import (
    GRIDS,
    OVERLAY,
    STREETS,
    ClipPart,
    demo_camera,
    general_camera,
    parts_at_hand,
)
from demo.demo_report import DemoReport
from demo.district_accounts import GUEST, make_guest
from demo.district_processes import ApiAccess, DistrictApi, DistrictWorker
from demo.district_staff import import_dispatch_tables, make_staff
from demo.simulated_department import SimulatedDepartment
from detector.worker.worker_report import WorkerReport
from streams.camera import Camera
from streams.kit.child_process import ChildFailedError, ChildProcess
from streams.kit.errors import CityPatrolError
from streams.kit.stream_address import SCHEMES, redacted
from streams.replay.footage import embedded_footage, media_sources, prepare_clip
from streams.replay.replay_server import ReplayServer

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
CONSOLE_OPTIONS = (
    *("--base-map", str(STREETS)),
    *("--district-zh", "沙坪坝示范片区", "--district-en", "Shapingba demo district"),
)
PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What a demo is asked to do.

    Attributes:
        media: Files, folders and RTSP addresses to show; empty for the embedded footage.
        port: Port of the API and console.
        seconds: How long it runs, or None until it is stopped.
        worker_options: Further options of ``citypatrol worker``.
    """

    media: Sequence[str]
    port: int
    seconds: float | None
    worker_options: Sequence[str] = ()


@dataclass(slots=True)
class _Sightings:
    """What the demo has seen arrive at the API."""

    started: float
    first_after: float | None = None
    events: dict[str, StoredEventFeature] = field(default_factory=dict)


class CityDemo:
    """Runs the demo once; ``stop`` ends it early from a signal handler or another thread."""

    def __init__(self, plan: DemoPlan, console: Console) -> None:
        self._plan = plan
        self._console = console
        self._stopping = threading.Event()
        self._seen = _Sightings(time.monotonic())

    def stop(self) -> None:
        """Ask ``run`` to end; it stops every process it started before it returns."""
        self._stopping.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody ended it; then it owes no event."""
        return self._stopping.is_set()

    def run(self) -> DemoReport:
        """Start everything, wait, stop everything.

        Raises:
            CityPatrolError: A medium cannot be read, or a process ended by itself.
        """
        with tempfile.TemporaryDirectory(prefix="citypatrol-demo-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # the embedded PostgreSQL may run as another user
            with ExitStack() as stack:
                parts = stack.enter_context(prepared_parts(self._plan.media))
                self._console.print("Starting PostgreSQL and the API …")
                api = stack.enter_context(
                    DistrictApi(
                        folder / "api",
                        self._plan.port,
                        options=(*CONSOLE_OPTIONS, "--guest", GUEST),
                        overlays=[OVERLAY],
                    )
                )
                make_guest(folder / "api")
                import_dispatch_tables(folder / "api")
                staff = make_staff(folder / "api")
                stack.enter_context(SimulatedDepartment(api.access.url, staff))
                self._console.print(f"Console and API: [bold]{api.access.url}[/]")
                if parts.done():
                    parts.result()  # a medium that cannot be read is known before more is started
                worker = DistrictWorker(
                    api.access, folder / "worker", self._plan.worker_options, [OVERLAY]
                )
                with worker:
                    cameras = self._show_cameras(stack, api, parts.result())
                    self._watch(api.access, [api.child, worker.child])
                self._collect(api.access)
                return self._report(cameras, worker.report(), _cases(api.access))

    def _show_cameras(
        self, stack: ExitStack, api: DistrictApi, parts: Sequence[ClipPart]
    ) -> list[Camera]:
        cameras = []
        if parts:
            files = {part.camera_id: part.path for part in parts}
            replay = stack.enter_context(ReplayServer(files))
            cameras = [
                general_camera(part.name, replay.url(part.camera_id), index)
                if self._plan.media
                else demo_camera(part.camera_id, replay.url(part.camera_id))
                for index, part in enumerate(parts)
            ]
        addresses = [medium for medium in self._plan.media if _is_stream(medium)]
        for index, address in enumerate(addresses, start=len(cameras)):
            cameras.append(general_camera(redacted(address), address, index))
        api.put_grids(GRIDS)
        api.put_cameras(cameras)
        names = "、".join(camera.name for camera in cameras)
        self._console.print(f"{len(cameras)} cameras: {names}")
        if self._plan.media:
            self._console.print(
                "No zones are drawn in these pictures, so parked vehicles and bicycles are not "
                "judged; the console says what to draw, docs/cameras.md how."
            )
        return cameras

    def _watch(self, access: ApiAccess, children: Sequence[ChildProcess]) -> None:
        until = None if self._plan.seconds is None else self._seen.started + self._plan.seconds
        while not self._stopping.wait(POLL_SECONDS):
            for child in children:
                if child.exit_status is not None:
                    raise ChildFailedError(
                        f"{child.name} ended by itself with status {child.exit_status}; "
                        "its log above says why"
                    )
            self._collect(access)
            if until is not None and time.monotonic() >= until:
                return

    def _collect(self, access: ApiAccess) -> None:
        for event in _stored_events(access):
            if event.id not in self._seen.events:
                self._announce(event)
            self._seen.events[event.id] = event

    def _announce(self, event: StoredEventFeature) -> None:
        after = time.monotonic() - self._seen.started
        if self._seen.first_after is None:
            self._seen.first_after = after
        said = event.properties
        self._console.print(
            f"[dim]{after:6.1f} s[/]  {said.issue_code} {said.issue_name_zh} "
            f"{said.issue_name_en} · {said.camera_name}",
            highlight=False,
        )

    def _report(
        self, cameras: Sequence[Camera], worker: WorkerReport, cases: Sequence[CaseDocument]
    ) -> DemoReport:
        events = self._seen.events.values()
        errors = list(worker.camera_faults)
        if worker.events_refused:
            errors.append(f"the API refused {worker.events_refused} events")
        first = self._seen.first_after
        return DemoReport(
            cameras=len(cameras),
            visits=worker.visits,
            frames_analysed=worker.frames_analysed,
            detections=worker.detections,
            events_posted=worker.events_posted,
            events_stored=len(events),
            cases=len(cases),
            cases_dispatched=sum(case.dispatched_at is not None for case in cases),
            cases_closed=sum(case.state is CaseState.CLOSED for case in cases),
            issue_types=dict(Counter(event.properties.issue_code for event in events)),
            seconds_to_first_event=None if first is None else round(first, 1),
            errors=errors,
        )


def _is_stream(medium: str) -> bool:
    return medium.partition("://")[0].lower() in SCHEMES


@contextmanager
def prepared_parts(media: Sequence[str]) -> "Iterator[Future[list[ClipPart]]]":
    """Make clips ready for replay beside whatever else is being started."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="clips") as pool:
        yield pool.submit(_prepare_all, _parts(media))


def _parts(media: Sequence[str]) -> list[ClipPart]:
    if not media:
        return parts_at_hand(embedded_footage())
    files = [medium for medium in media if not _is_stream(medium)]
    for medium in files:
        if "://" in medium:
            raise CityPatrolError(
                f"{redacted(medium)} is neither a file nor an RTSP address; "
                "give paths or rtsp://user:password@host:port/path"
            )
    footage = media_sources([Path(medium) for medium in files])
    return [
        ClipPart(f"clip-{number:02d}", clip.name, clip.path)
        for number, clip in enumerate(footage, start=1)
    ]


def _prepare_all(parts: Sequence[ClipPart]) -> list[ClipPart]:
    folder = user_cache_path("citypatrol") / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    return [replace(part, path=prepare_clip(part.path, folder, part.span)) for part in parts]


def _cases(access: ApiAccess) -> list[CaseDocument]:
    answer = httpx.get(
        f"{access.url}/v1/cases?limit={PAGE_SIZE}",
        headers=access.headers,
        timeout=30,
        trust_env=False,
    )
    answer.raise_for_status()
    return CasePage.model_validate_json(answer.content).cases


def _stored_events(access: ApiAccess) -> Iterator[StoredEventFeature]:
    cursor: str | None = None
    while True:
        parameters = {"limit": str(PAGE_SIZE)} | ({"cursor": cursor} if cursor else {})
        answer = httpx.get(
            f"{access.url}/v1/events",
            params=parameters,
            headers=access.headers,
            timeout=30,
            trust_env=False,
        )
        answer.raise_for_status()
        page = EventPage.model_validate_json(answer.content)
        yield from page.features
        cursor = page.next_cursor
        if cursor is None:
            return
