"""Commands of the detector: run a worker."""

import signal
from pathlib import Path
from typing import Annotated

import structlog
import typer

from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from detector.worker.configuration import WorkerConfiguration
from detector.worker.worker import Worker
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import ModelSettings
from streams.camera_health.health_settings import HealthSettings
from streams.kit.camera_networks import CameraNetworkSettings
from streams.kit.child_process import say_ready
from streams.kit.settings_options import settings_options
from streams.reading.settings import StreamSettings

log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the detector's commands to the command line."""
    app.command("worker")(run_worker)


@settings_options(
    WorkerSettings,
    DetectorSettings,
    StreamSettings,
    ModelSettings,
    CatalogueSettings,
    HealthSettings,
    ConfirmationSettings,
    CameraNetworkSettings,
)
def run_worker(  # noqa: PLR0913, PLR0917 - one parameter per group of settings
    worker: WorkerSettings,
    detector: DetectorSettings,
    stream: StreamSettings,
    model: ModelSettings,
    catalogue: CatalogueSettings,
    health: HealthSettings,
    confirmation: ConfirmationSettings,
    cameras: CameraNetworkSettings,
    report: Annotated[
        Path | None, typer.Option(help="Write what the worker did to this JSON file on stopping.")
    ] = None,
) -> None:
    """Visit the API's cameras, find issues and post events, until stopped."""
    patrol = Worker(
        WorkerConfiguration(
            worker, detector, stream, model, report, catalogue, health, confirmation, cameras
        )
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: patrol.stop())
    with patrol:
        log.info("worker_started", api=worker.api_url, models=patrol.report().models)
        say_ready(worker.api_url)
        patrol.run()
    log.info("worker_stopped")
