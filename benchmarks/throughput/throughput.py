"""Throughput: frames analysed per second, CPU per frame and stage, delay to the stored event.

The whole product runs: a replay server process serves N RTSP cameras, an API process with its
PostgreSQL stores the events, and the worker runs inside the benchmark, whose counters are read at
both ends of the measured window.
"""

import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, SecretStr
from rich.table import Table

from benchmarks.machine import machine_name
from benchmarks.process_use import process_use
from benchmarks.throughput.delay_recorder import DelayRecorder, Delays
from benchmarks.throughput.replayed_cameras import replayed_cameras
from demo.demo_cameras import GRIDS, OVERLAY
from demo.district_processes import LOOPBACK, DistrictApi
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from detector.worker.configuration import WorkerConfiguration
from detector.worker.worker import Worker
from detector.worker.worker_report import WorkerReport
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import ModelSettings
from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.health_settings import HealthSettings
from streams.kit.camera_networks import CameraNetworkSettings
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import Stage
from streams.reading.settings import StreamSettings

# Every lasting event is sent again this often, so that the delay is measured on many looks.
REFRESH_SECONDS = 2.0
# Cameras connect one after another; this is how long the last of many may take.
CONNECT_SECONDS = 60.0
WARM_UP_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class ThroughputPlan:
    """What to measure.

    Attributes:
        cameras: Number of RTSP cameras, each looked at once a second.
        seconds: Length of the measured window.
        weights: Model weights instead of the installed ones.
    """

    cameras: int
    seconds: float
    weights: Path | None = None


class ThroughputFigures(BaseModel):
    """What was measured.

    Attributes:
        machine: Processor and cores.
        measured_at: When.
        model: Name of the model.
        cameras: Cameras asked for.
        cameras_streaming: Cameras that sent pictures at the end.
        seconds: Length of the measured window.
        frames_analysed: Frames that went through model and rules in it.
        frames_per_second: The same per second.
        dropped_frames: Frames not analysed in the window, per cause.
        cpu_seconds_per_frame: Worker CPU per analysed frame and stage; ``other`` is what the
            process spends outside all stages.
        worker_cores: CPU cores the worker kept busy.
        replay_cores: CPU cores the replay server kept busy, which real cameras would not.
        api_cores: CPU cores API and PostgreSQL kept busy.
        delays: From a frame's arrival to its event in the database, seconds.
    """

    machine: str
    measured_at: datetime
    model: str
    cameras: int
    cameras_streaming: int
    seconds: float
    frames_analysed: int
    frames_per_second: float
    dropped_frames: dict[str, int]
    cpu_seconds_per_frame: dict[str, float]
    worker_cores: float
    replay_cores: float
    api_cores: float
    delays: Delays


@dataclass(frozen=True, slots=True)
class _Reading:
    """All counters at one moment, so that a window is the difference of two."""

    at: float
    report: WorkerReport
    replay_seconds: float
    api_seconds: float


@dataclass(frozen=True, slots=True)
class _Subject:
    worker: Worker
    replay_pid: int
    api_pid: int

    def read(self) -> _Reading:
        return _Reading(
            at=time.monotonic(),
            report=self.worker.report(),
            replay_seconds=process_use(self.replay_pid).seconds,
            api_seconds=process_use(self.api_pid).seconds,
        )


def measure_throughput(plan: ThroughputPlan) -> ThroughputFigures:
    """Run the plan on this machine and return its figures.

    Raises:
        CityPatrolError: A part did not start, or no camera sent a picture.
    """
    with tempfile.TemporaryDirectory(prefix="citypatrol-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)  # the embedded PostgreSQL may run as another user
        api = stack.enter_context(DistrictApi(folder / "api", port=0, overlays=[OVERLAY]))
        replayed = stack.enter_context(replayed_cameras(plan.cameras))
        api.put_grids(GRIDS)
        api.put_cameras(replayed.cameras)
        settings = WorkerSettings.model_validate(
            {
                "api": api.access.url,
                "key": SecretStr(api.access.keys.worker),
                "data_dir": folder / "worker",
                "refresh_seconds": REFRESH_SECONDS,
            }
        )
        configuration = WorkerConfiguration(
            settings,
            DetectorSettings(),
            StreamSettings(),
            ModelSettings(weights=plan.weights),
            catalogue=CatalogueSettings(overlays=(OVERLAY,)),
            # Replayed clips show quiet places for minutes.
            health=HealthSettings(unwatched_faults=frozenset({CameraFault.FROZEN})),
            cameras=CameraNetworkSettings.model_validate({"networks": LOOPBACK}),
        )
        worker = stack.enter_context(Worker(configuration))
        subject = _Subject(worker, replayed.server.pid, api.child.pid)
        with DelayRecorder(api.access) as recorder, _running(worker):
            _wait_for_cameras(worker, plan.cameras)
            recorder.start_over()
            first = subject.read()
            time.sleep(plan.seconds)
            last = subject.read()
            delays = recorder.delays()
    return _figures(plan, (first, last), delays)


def throughput_table(figures: ThroughputFigures) -> Table:
    """The figures as people read them."""
    table = Table(title=f"{figures.cameras} cameras, {figures.model}, {figures.machine}")
    table.add_column("what")
    table.add_column("figure", justify="right")
    table.add_row("cameras streaming", f"{figures.cameras_streaming} of {figures.cameras}")
    table.add_row("frames analysed per second", f"{figures.frames_per_second:.1f}")
    for cause, count in sorted(figures.dropped_frames.items()):
        table.add_row(f"frames dropped, {cause}", str(count))
    for stage, seconds in figures.cpu_seconds_per_frame.items():
        table.add_row(f"CPU per frame, {stage}", f"{seconds * 1000:.2f} ms")
    table.add_row("cores busy: worker", f"{figures.worker_cores:.2f}")
    table.add_row("cores busy: replay server", f"{figures.replay_cores:.2f}")
    table.add_row("cores busy: API and PostgreSQL", f"{figures.api_cores:.2f}")
    delays = figures.delays
    table.add_row("delay frame to stored event, p50", _seconds(delays.p50_seconds))
    table.add_row("delay frame to stored event, p95", _seconds(delays.p95_seconds))
    table.add_row("event revisions measured", str(delays.count))
    return table


def _seconds(value: float | None) -> str:
    return "none seen" if value is None else f"{value:.3f} s"


class _running:  # noqa: N801 - reads as a phrase in `with`
    """Runs the worker's loop in a thread of its own while the block lasts."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._thread = threading.Thread(target=worker.run, name="worker")

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exception: object) -> None:
        self._worker.stop()
        self._thread.join()


def _wait_for_cameras(worker: Worker, wanted: int) -> None:
    deadline = time.monotonic() + CONNECT_SECONDS
    while time.monotonic() < deadline and worker.report().cameras_streaming < wanted:
        time.sleep(0.2)
    if worker.report().cameras_streaming == 0:
        faults = "; ".join(worker.report().camera_faults) or "no fault was reported"
        raise CityPatrolError(f"none of {wanted} cameras sent a picture: {faults}")
    time.sleep(WARM_UP_SECONDS)


def _figures(
    plan: ThroughputPlan, window: tuple[_Reading, _Reading], delays: Delays
) -> ThroughputFigures:
    first, last = window
    seconds = last.at - first.at
    frames = last.report.frames_analysed - first.report.frames_analysed
    if frames == 0:
        raise CityPatrolError(f"no frame was analysed in {seconds:.0f} s; see the log")
    total = last.report.cpu_seconds_total - first.report.cpu_seconds_total
    dropped = last.report.dropped_frames - first.report.dropped_frames
    return ThroughputFigures(
        machine=machine_name(),
        measured_at=datetime.now(UTC),
        model=", ".join(last.report.models),
        cameras=plan.cameras,
        cameras_streaming=last.report.cameras_streaming,
        seconds=seconds,
        frames_analysed=frames,
        frames_per_second=frames / seconds,
        dropped_frames=dict(dropped),
        cpu_seconds_per_frame={
            stage: spent / frames for stage, spent in _stages(first, last, total).items()
        },
        worker_cores=total / seconds,
        replay_cores=(last.replay_seconds - first.replay_seconds) / seconds,
        api_cores=(last.api_seconds - first.api_seconds) / seconds,
        delays=delays,
    )


def _stages(first: _Reading, last: _Reading, total: float) -> dict[str, float]:
    spent = {
        str(stage): last.report.cpu_seconds[stage] - first.report.cpu_seconds[stage]
        for stage in Stage
    }
    return {**spent, "other": max(0.0, total - sum(spent.values())), "total": total}
