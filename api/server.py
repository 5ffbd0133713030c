"""Serves the app: listens, says when it is ready, stops within seconds."""

import contextlib
import gc
import signal
import socket
import sys
from collections.abc import Iterator
from types import FrameType

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from api.app import create_app
from api.console.parts.settings import ConsoleSettings
from api.database.database import serving_database
from api.http.bounded_connections import ConnectionBounds, most_connections
from api.room_settings import RoomSettings
from api.services import Services
from api.settings import ApiSettings
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import RegistrySettings
from streams.kit.child_process import say_ready
from streams.kit.errors import CityPatrolError

# How long a thread with heavy work keeps the interpreter from the event loop. Each request waits
# several times for it: with Python's 5 ms half of those for /health took twice as long.
SWITCH_SECONDS = 0.001

# Connections waiting to be accepted while a batch of workers arrives at once.
BACKLOG = 2048


class ListenError(CityPatrolError):
    """The address to listen on cannot be had."""


class NotStartedError(CityPatrolError):
    """Something went wrong in the app's lifespan."""


def serve(
    settings: ApiSettings,
    console: ConsoleSettings | None = None,
    catalogue: CatalogueSettings | None = None,
    registry: RegistrySettings | None = None,
) -> None:
    """Run the API and the console until SIGTERM or SIGINT; call it in the main thread.

    When it listens it prints one line, ``ready http://HOST:PORT``.

    Args:
        settings: Of the API.
        console: Of the console.
        catalogue: The city's overlays, the same as the workers'.
        registry: Where the cards of live models are.

    Raises:
        CatalogueError: The catalogue or an overlay cannot be used.
        ListenError: The address is taken or is none of this machine.
        CityPatrolError: The database cannot be used, or a setting is wrong.
    """
    # Before a database is made and migrated: what is wrong here is told in a line.
    rooms = RoomSettings.from_environment()
    sys.setswitchinterval(SWITCH_SECONDS)
    # Half a second that no other command should wait for.
    from api.console.mounting import mount  # noqa: PLC0415

    with (
        _ended_by_signals(),
        _listening_socket(settings) as listener,
        serving_database(settings) as url,
    ):
        address = SecretStr(url.render_as_string(hide_password=False))
        opened = settings.model_copy(update={"database_url": address})
        app = create_app(opened, catalogue, registry, rooms)
        mount(app, console or ConsoleSettings())
        maximum = most_connections(settings.maximum_connections)
        config = uvicorn.Config(
            app,
            http=ConnectionBounds(maximum, settings.header_seconds).protocol(),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            backlog=BACKLOG,
        )
        server = _ApiServer(config, app, _address(listener))
        server.run(sockets=[listener])
        if not server.started:
            raise NotStartedError("the API did not start; its log above says why")


class _ApiServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: FastAPI, address: str) -> None:
        super().__init__(config)
        self._app = app
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            # What was imported and read so far stays for good. Looked through again and again, it
            # held up every request for 260 ms at a time while 33,000 cameras were imported.
            gc.collect()
            gc.freeze()
            say_ready(self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Streams never end by themselves, and requests are waited for.
        services: Services = self._app.state.services
        services.changes.end_subscriptions()
        await super().shutdown(sockets)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Leave through all ``with`` blocks at SIGTERM and SIGINT, also while starting.

    uvicorn has its own handlers while it runs, and raises the signal again when it is done.
    """
    numbers = (signal.SIGTERM, signal.SIGINT)

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal calls it
        for one in numbers:
            # One more must not disturb the stopping, which takes some seconds at most.
            signal.signal(one, signal.SIG_IGN)
        sys.exit(0)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listening_socket(settings: ApiSettings) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _listen_error(settings, error) from None
    try:
        # An API that was just stopped may leave its port in TIME_WAIT.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _listen_error(settings, error) from None
    return listener


def _listen_error(settings: ApiSettings, error: OSError) -> ListenError:
    return ListenError(
        f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
        "choose others with --host and --port"
    )


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    # Whoever listens everywhere is reached on this machine at its loopback address.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
