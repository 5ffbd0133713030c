"""What the routes and the console share: one of each, made when the app starts."""

from dataclasses import dataclass

from fastapi import Request

from api.camera_memory_store import CameraMemoryStore
from api.camera_store import CameraStore
from api.change_feed import ChangeFeed
from api.coverage_reader import CoverageReader
from api.database import Database
from api.event_store import EventStore
from api.evidence_store import EvidenceStore
from api.grid_store import GridStore
from api.key_store import KeyStore
from api.merge_store import MergeStore
from api.metrics import Metrics
from api.model_store import ModelStore
from api.preview_store import PreviewStore
from api.reference_store import ReferenceStore
from api.settings import ApiSettings
from models.issue_catalogue import IssueCatalogue


@dataclass(frozen=True, slots=True)
class Services:
    """The service layer; at ``app.state.services`` while the app runs.

    Attributes:
        settings: What was set.
        catalogue: The issue types.
        database: The pool of connections.
        events: Events.
        merges: Proposals to merge events.
        cameras: Cameras.
        previews: Newest picture of each camera.
        memories: What workers know of cameras.
        references: What their views should show.
        grids: Management cells.
        keys: Worker keys.
        models: Live model versions.
        coverage: What the live models recognise.
        evidence: Evidence pictures.
        changes: Events as they change.
        metrics: Counters.
    """

    settings: ApiSettings
    catalogue: IssueCatalogue
    database: Database
    events: EventStore
    merges: MergeStore
    cameras: CameraStore
    previews: PreviewStore
    memories: CameraMemoryStore
    references: ReferenceStore
    grids: GridStore
    keys: KeyStore
    models: ModelStore
    coverage: CoverageReader
    evidence: EvidenceStore
    changes: ChangeFeed
    metrics: Metrics


def services_of(request: Request) -> Services:
    """Return the services of the app that a request came to."""
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101 - made by the lifespan
    return services
