"""Watch standards: what all cameras of a worker are judged by."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.catalogue.issue_catalogue import IssueCatalogue
from streams.camera_health.health_settings import HealthSettings


@dataclass(frozen=True, slots=True)
class WatchStandards:
    """What all cameras of a worker are judged by.

    Attributes:
        catalogue: What issue types mean.
        time_zone: Where the hours of rules are meant.
        health: What counts as a faulty camera.
    """

    catalogue: IssueCatalogue
    time_zone: ZoneInfo
    health: HealthSettings
