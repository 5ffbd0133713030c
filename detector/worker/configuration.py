"""The configuration of a worker: plain settings, enough to start one on any machine."""

from dataclasses import dataclass, field
from pathlib import Path

from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import ModelSettings
from streams.camera_health.health_settings import HealthSettings
from streams.kit.camera_networks import CameraNetworkSettings
from streams.reading.settings import StreamSettings


@dataclass(frozen=True, slots=True)
class WorkerConfiguration:
    """All settings a worker runs by, and the file that takes its report on leaving."""

    worker: WorkerSettings
    detector: DetectorSettings
    stream: StreamSettings
    model: ModelSettings
    report: Path | None = None
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    confirmation: ConfirmationSettings = field(default_factory=ConfirmationSettings)
    cameras: CameraNetworkSettings = field(default_factory=CameraNetworkSettings)
