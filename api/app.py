"""The API as one ASGI app: routes, middleware and the services behind them."""

import contextlib
import importlib.metadata
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from sqlalchemy.engine import URL

from api.accounts.access_table import load_access_table
from api.accounts.audit_log import AuditLog
from api.accounts.authenticator import Authenticator
from api.accounts.evidence_links import EvidenceLinks
from api.accounts.first_user import make_first_user
from api.accounts.key_store import KeyStore
from api.accounts.known_actors import LOGIN_PATH, KnownActors
from api.accounts.oidc.provider_sign_in import provider_sign_in
from api.accounts.request_limits import RequestLimits
from api.accounts.secret_key import secret_of
from api.accounts.session_store import SessionStore
from api.accounts.token_store import TokenStore
from api.accounts.user_store import UserStore
from api.accounts.worker_clocks import WorkerClocks
from api.cameras.camera_addresses import CameraAddresses
from api.cameras.camera_keys import PURPOSE, address_cipher
from api.cameras.camera_memory_store import CameraMemoryStore
from api.cameras.camera_store import CameraStore
from api.cameras.condition_store import ConditionStore
from api.cameras.preview_store import PreviewStore
from api.cameras.reference_store import ReferenceStore
from api.cases.case_desk import CaseDesk
from api.cases.case_ground import CaseGround
from api.cases.case_watch import CaseWatch
from api.cases.event_intake import EventIntake
from api.cases.stage_limits import StageLimits
from api.cases.thumbnails import CaseThumbnails
from api.clocks.calendar_store import CalendarStore
from api.clocks.service_time import ServiceTime
from api.database.database import Database, latest_migration, serving_database
from api.dispatch.dispatch_store import DispatchStore
from api.events.change_feed import ChangeFeed
from api.events.event_judge import EventJudge
from api.events.event_store import EventStore
from api.events.evidence_store import EVIDENCE_FOLDER, EvidenceFolder, EvidenceStore
from api.events.merge_store import MergeStore
from api.figures.case_figures import CaseFigures
from api.figures.figure_reader import FigureReader
from api.figures.figure_settings import FigureSettings
from api.grids.grid_store import GridStore
from api.http.head_requests import HeadRequests
from api.http.heavy_work import HeavyWork
from api.http.metrics import CountedRequests, Metrics
from api.http.openapi import Protection, complete_openapi
from api.http.problems import add_problem_handlers
from api.http.request_body import LimitedBodies
from api.http.secure_headers import SecureHeaders
from api.live_models.coverage_reader import CoverageReader
from api.live_models.model_store import ModelStore
from api.live_models.report_store import ReportStore
from api.open311.routes import router as open311_router
from api.retention.deletion_records import DeletionReader
from api.retention.hold_store import HoldStore
from api.retention.retention_job import RetentionJob
from api.retention.retention_pass import RetentionPass
from api.retention.retention_settings import RetentionSettings
from api.room_settings import RoomSettings
from api.routes import (
    accounts,
    camera_conditions,
    camera_memories,
    camera_references,
    cameras,
    case_queue,
    cases,
    catalogue,
    events,
    evidence,
    figures,
    grids,
    holds,
    merge_proposals,
    models,
    node,
    previews,
    repair_checks,
    running_models,
    stream,
    verdicts,
    webhooks,
)
from api.routes.access import authorised
from api.routes.answers import FORBIDDEN, TOO_MANY, UNAUTHORIZED
from api.routes.parameters import refuse_unknown_parameters
from api.services import Services
from api.settings import ApiSettings
from api.webhooks.delivery_store import DeliveryStore
from api.webhooks.secret_box import SecretBox
from api.webhooks.webhook_store import WebhookStore
from api.webhooks.webhook_tasks import webhook_tasks
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.shipped_weights import RegistryWithShipped

log = structlog.get_logger(__name__)

_ROUTES = (
    *(events, merge_proposals, evidence, cameras, previews),
    *(camera_conditions, camera_memories, camera_references),
    *(grids, models, running_models, catalogue, stream, node, accounts),
    *(cases, case_queue, repair_checks, verdicts, figures, webhooks, holds),
)

# A login, a password or a token, and where to go next, written for a form; or a matter and its
# place, in up to 1,000 characters.
LARGEST_SIGN_IN_BYTES = 16 * 1024
_SIGN_IN_PATHS = frozenset({"/v1/tokens", LOGIN_PATH})
_OPEN311 = "/open311/"
# Where NiceGUI takes what a form of the console uploads.
_UPLOAD = re.compile(r"/_nicegui/client/[^/]+/upload/[^/]+")
# What a form writes around a file: its name, its type and what parts it from the next.
_FORM_BYTES = 64 * 1024

DESCRIPTION = """\
Workers watch street cameras and post what they find as events; they become cases here, which are
dispatched and followed to their closing.

Every request is somebody's: send `Authorization: Bearer …` with a key (made with
`citypatrol keys create`) or with an access token (`POST /v1/tokens`). What each role and each
scope of a key may do is in docs/access.md.
Times are RFC 3339 with a zone, places WGS-84 longitude and latitude in degrees. Every error is
an RFC 9457 problem that names the field and the value.
"""


def create_app(
    settings: ApiSettings,
    catalogue_settings: CatalogueSettings | None = None,
    registry_settings: RegistrySettings | None = None,
    rooms: RoomSettings | None = None,
) -> FastAPI:
    """Make the app; while it runs, its ``Services`` are at ``app.state.services``.

    Its lifespan opens the database (starting the embedded one if none is set), migrates it and
    closes everything again.

    Args:
        settings: What was set.
        catalogue_settings: The city's overlays, the same as the workers'; else as the
            environment says.
        registry_settings: Where the cards of live models are; else as the environment says.
        rooms: Of the rooms; else as the environment says.

    Raises:
        CatalogueError: The catalogue or an overlay cannot be used.
        RegistryError: The registry's address is none.
        CityPatrolError: A setting of a room is wrong in the environment.
    """
    metrics = Metrics()
    known = _Known(
        rooms or RoomSettings.from_environment(),
        load_catalogue(catalogue_settings or CatalogueSettings()),
        open_registry(registry_settings or RegistrySettings()),
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Blocks the loop, which serves nobody yet: the embedded server must be the child of a
        # thread that stays.
        with serving_database(settings) as url:
            # Kept from now on: reading the migrations takes longer than /health may.
            latest_migration()
            async with _services(settings, known, url, metrics) as services:
                app.state.services = services
                yield

    # The documentation's scripts come with the package: a city's network may reach no CDN.
    app = FastAPIOffline(
        title="CityPatrol",
        version=importlib.metadata.version("citypatrol"),
        summary="Urban-management events from street cameras.",
        description=DESCRIPTION,
        lifespan=lifespan,
    )
    for module in _ROUTES:
        app.include_router(
            module.router, dependencies=[Depends(authorised), Depends(refuse_unknown_parameters)]
        )
    # By the specification's rules: what it does not know it ignores, and it refuses in its own way.
    app.include_router(open311_router)
    add_problem_handlers(app)
    refusals = {**UNAUTHORIZED, **FORBIDDEN}
    complete_openapi(app, Protection(load_access_table().public, refusals, TOO_MANY))
    app.add_middleware(
        LimitedBodies, limit=_BodyLimit(settings), pause_seconds=settings.body_pause_seconds
    )
    app.add_middleware(KnownActors, table=load_access_table())
    app.add_middleware(CountedRequests, metrics=metrics)
    app.add_middleware(HeadRequests)
    app.add_middleware(SecureHeaders, tile_host=_host(settings.tile_url))
    return app


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read before anything opens: settings, what to recognise, and what can do it."""

    rooms: RoomSettings
    catalogue: IssueCatalogue
    registry: RegistryWithShipped


@contextlib.asynccontextmanager
async def _services(
    settings: ApiSettings, known: _Known, url: URL, metrics: Metrics
) -> AsyncIterator[Services]:
    database = Database(url, settings.database_connections)
    grid_store = GridStore(database)
    model_store, reports = ModelStore(database), ReportStore(database)
    judge = EventJudge(known.catalogue, settings.clock_skew_seconds)
    event_store = EventStore(database, known.catalogue, judge, grid_store)
    feed = ChangeFeed(url, event_store, settings.subscriber_queue, metrics)
    if settings.guest is not None:
        log.warning("guest_is_let_in", login=settings.guest, advice="for demonstrations only")
    given = settings.secret_key
    secret = secret_of(settings.data_dir, None if given is None else given.get_secret_value())
    keys, users = KeyStore(database), UserStore(database)
    sessions, tokens = SessionStore(database), TokenStore(database, secret)
    await make_first_user(users)
    ground = _case_ground(database, known, grid_store)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        heavy = stack.enter_context(HeavyWork())
        cipher = address_cipher(settings, secret.for_purpose(PURPOSE))
        camera_store = CameraStore(database, heavy, cipher, grid_store)
        await camera_store.seal_all()
        audit = await stack.enter_async_context(AuditLog(database))
        provider = await stack.enter_async_context(
            provider_sign_in(known.rooms.oidc, database, secret, audit)
        )
        desk = CaseDesk(ground, audit)
        changes = await stack.enter_async_context(feed)
        intake = EventIntake(ground, desk.transitions, event_store, changes)
        await stack.enter_async_context(intake)
        await stack.enter_async_context(CaseWatch(ground, desk.transitions))
        box, webhook_settings = SecretBox(secret), known.rooms.webhooks
        await stack.enter_async_context(webhook_tasks(database, desk.reader, box, webhook_settings))
        folder = EvidenceFolder(settings.data_dir / EVIDENCE_FOLDER)
        evidence = EvidenceStore(database, folder)
        retention = RetentionPass(database, folder, known.rooms.retention)
        await stack.enter_async_context(
            _retention_job(retention, known.rooms.retention, ground.time, metrics)
        )
        yield Services(
            settings=settings,
            catalogue=known.catalogue,
            database=database,
            events=event_store,
            merges=MergeStore(database),
            cameras=camera_store,
            camera_addresses=CameraAddresses(known.rooms.camera_networks.allowed),
            previews=PreviewStore(database),
            conditions=ConditionStore(database),
            memories=CameraMemoryStore(database),
            references=ReferenceStore(database),
            grids=grid_store,
            keys=keys,
            users=users,
            sessions=sessions,
            tokens=tokens,
            provider=provider,
            authenticator=Authenticator(keys, tokens, sessions, users, settings.guest),
            request_limits=RequestLimits(settings, metrics),
            desk=desk,
            dispatch=ground.dispatch,
            calendars=ground.calendars,
            webhooks=WebhookStore(database, box, webhook_settings.allowed),
            deliveries=DeliveryStore(database),
            audit=audit,
            evidence_links=EvidenceLinks(secret),
            models=model_store,
            model_reports=reports,
            coverage=CoverageReader(known.catalogue, known.registry, model_store, reports),
            evidence=evidence,
            thumbnails=CaseThumbnails(ground, desk.reader, evidence, heavy),
            deletions=DeletionReader(database),
            holds=HoldStore(database),
            changes=changes,
            figures=FigureReader(database, known.catalogue),
            case_figures=_case_figures(ground, known.rooms.figures),
            worker_clocks=WorkerClocks(metrics),
            metrics=metrics,
            heavy=heavy,
        )


def _case_ground(database: Database, known: _Known, cells: GridStore) -> CaseGround:
    clocks = known.rooms.clocks
    return CaseGround(
        database=database,
        catalogue=known.catalogue,
        settings=known.rooms.cases,
        calendars=CalendarStore(database, clocks),
        limits=StageLimits(clocks),
        cells=cells,
        dispatch=DispatchStore(database, cells, known.catalogue, known.rooms.dispatch),
        time=ServiceTime(clocks.speed, clocks.simulated_start),
    )


def _case_figures(ground: CaseGround, settings: FigureSettings) -> CaseFigures:
    zone = ZoneInfo(ground.limits.settings.time_zone)
    return CaseFigures(ground.database, ground.catalogue, settings, zone, ground.time)


def _retention_job(
    retention: RetentionPass, settings: RetentionSettings, time: ServiceTime, metrics: Metrics
) -> contextlib.AbstractAsyncContextManager[object]:
    if time.is_simulated:
        # Its cases are of another time than its pictures.
        log.warning("retention_is_off", reason="the time of cases is simulated")
        return contextlib.nullcontext()
    return RetentionJob(retention, settings.pause_minutes, metrics)


def _host(tile_url: str | None) -> str:
    if tile_url is None:
        return ""
    parts = urlsplit(tile_url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


class _BodyLimit:
    """Largest body of a request, by what it carries."""

    def __init__(self, settings: ApiSettings) -> None:
        self._settings = settings

    def __call__(self, method: str, path: str) -> int:
        if path in _SIGN_IN_PATHS or path.startswith(_OPEN311):
            # Of anybody, before anything is known of them.
            return LARGEST_SIGN_IN_BYTES
        if _UPLOAD.fullmatch(path):
            return self._settings.maximum_evidence_bytes + _FORM_BYTES
        return self._put(path) if method == "PUT" else self._settings.maximum_body_bytes

    def _put(self, path: str) -> int:
        if path.startswith("/v1/evidence/") or "/references/" in path:
            return self._settings.maximum_evidence_bytes
        if path.endswith("/preview"):
            return self._settings.maximum_preview_bytes
        if path.endswith("/memory"):
            return self._settings.maximum_memory_bytes
        if path == "/v1/grids":
            return self._settings.maximum_grids_bytes
        return self._settings.maximum_body_bytes
