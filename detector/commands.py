"""Commands of the detector: run a worker."""

import signal
from pathlib import Path
from typing import Annotated

import structlog
import typer

from detector.openvino_backend import OpenVinoBackend
from detector.settings import DetectorSettings
from detector.worker import Worker, WorkerConfiguration
from detector.worker_settings import WorkerSettings
from models.installed_model import find_model
from models.settings import ModelSettings
from streams.child_process import say_ready
from streams.settings import StreamSettings
from streams.settings_options import settings_options
from streams.stage_costs import StageCosts

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the detector's commands to the command line."""
    app.command("worker")(run_worker)


@settings_options(WorkerSettings, DetectorSettings, StreamSettings, ModelSettings)
def run_worker(
    worker: WorkerSettings,
    detector: DetectorSettings,
    stream: StreamSettings,
    model: ModelSettings,
    report: Annotated[
        Path | None, typer.Option(help="Write what the worker did to this JSON file on stopping.")
    ] = None,
) -> None:
    """Visit the API's cameras, find issues and post events, until stopped."""
    installed = find_model(model)
    costs = StageCosts()
    configuration = WorkerConfiguration(worker, detector, stream, report)
    with OpenVinoBackend(installed, detector, costs) as backend:
        patrol = Worker(configuration, backend, costs)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: patrol.stop())
        log.info("worker_started", api=worker.api_url, model=installed.card.name)
        with patrol:
            say_ready(worker.api_url)
            patrol.run()
    log.info("worker_stopped")
