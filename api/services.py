"""What the routes and the console share: one of each, made when the app starts."""

from dataclasses import dataclass

from fastapi import Request

from api.accounts.audit_log import AuditLog
from api.accounts.authenticator import Authenticator
from api.accounts.evidence_links import EvidenceLinks
from api.accounts.key_store import KeyStore
from api.accounts.oidc.provider_sign_in import ProviderSignIn
from api.accounts.request_limits import RequestLimits
from api.accounts.session_store import SessionStore
from api.accounts.token_store import TokenStore
from api.accounts.user_store import UserStore
from api.accounts.worker_clocks import WorkerClocks
from api.cameras.camera_addresses import CameraAddresses
from api.cameras.camera_memory_store import CameraMemoryStore
from api.cameras.camera_store import CameraStore
from api.cameras.condition_store import ConditionStore
from api.cameras.preview_store import PreviewStore
from api.cameras.reference_store import ReferenceStore
from api.cases.case_desk import CaseDesk
from api.cases.thumbnails import CaseThumbnails
from api.clocks.calendar_store import CalendarStore
from api.database.database import Database
from api.dispatch.dispatch_store import DispatchStore
from api.events.change_feed import ChangeFeed
from api.events.event_store import EventStore
from api.events.evidence_store import EvidenceStore
from api.events.merge_store import MergeStore
from api.figures.case_figures import CaseFigures
from api.figures.figure_reader import FigureReader
from api.grids.grid_store import GridStore
from api.http.heavy_work import HeavyWork
from api.http.metrics import Metrics
from api.live_models.coverage_reader import CoverageReader
from api.live_models.model_store import ModelStore
from api.live_models.report_store import ReportStore
from api.retention.deletion_records import DeletionReader
from api.retention.hold_store import HoldStore
from api.settings import ApiSettings
from api.webhooks.delivery_store import DeliveryStore
from api.webhooks.webhook_store import WebhookStore
from models.catalogue.issue_catalogue import IssueCatalogue


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
        camera_addresses: Where cameras may be.
        previews: Newest picture of each camera.
        conditions: What is wrong with cameras.
        memories: What workers know of cameras.
        references: What their views should show.
        grids: Management cells.
        keys: Keys of machines.
        users: People who sign in.
        sessions: Of the console.
        tokens: Of the REST API.
        provider: Signing in with the city's own accounts, or None if that is not set.
        authenticator: Who sends a request.
        request_limits: How many they may send.
        audit: Who did what.
        desk: Cases.
        dispatch: The organisation, and who handles what.
        calendars: Working time.
        evidence_links: Links to evidence for those without credentials.
        webhooks: Whom the life of cases is told.
        deliveries: What they are told, and how it went.
        models: Live model versions.
        model_reports: What workers say they run.
        coverage: What those models recognise.
        evidence: Evidence pictures.
        deletions: What became of those that are not there any more.
        holds: Legal holds.
        changes: Events as they change.
        figures: What the head of a page counts.
        case_figures: Counters and indicators of cases.
        worker_clocks: How far they are off.
        metrics: Counters.
        thumbnails: Small pictures of cases.
        heavy: Does what would hold up the event loop.
    """

    settings: ApiSettings
    catalogue: IssueCatalogue
    database: Database
    events: EventStore
    merges: MergeStore
    cameras: CameraStore
    camera_addresses: CameraAddresses
    previews: PreviewStore
    conditions: ConditionStore
    memories: CameraMemoryStore
    references: ReferenceStore
    grids: GridStore
    keys: KeyStore
    users: UserStore
    sessions: SessionStore
    tokens: TokenStore
    provider: ProviderSignIn | None
    authenticator: Authenticator
    request_limits: RequestLimits
    audit: AuditLog
    desk: CaseDesk
    dispatch: DispatchStore
    calendars: CalendarStore
    evidence_links: EvidenceLinks
    webhooks: WebhookStore
    deliveries: DeliveryStore
    models: ModelStore
    model_reports: ReportStore
    coverage: CoverageReader
    evidence: EvidenceStore
    deletions: DeletionReader
    holds: HoldStore
    changes: ChangeFeed
    figures: FigureReader
    case_figures: CaseFigures
    worker_clocks: WorkerClocks
    metrics: Metrics
    thumbnails: CaseThumbnails
    heavy: HeavyWork


def services_of(request: Request) -> Services:
    """Return the services of the app that a request came to."""
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101 - made by the lifespan
    return services
