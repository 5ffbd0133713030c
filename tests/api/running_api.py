"""An API behind a real socket, in a thread, with keys."""

import asyncio
import functools
import hashlib
import itertools
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx
import psycopg
import uvicorn
from psycopg.types.json import Jsonb
from tenacity import retry, retry_if_exception_type, stop_after_attempt
from ulid import ULID

from api.accounts.actor import Actor, ActorKind
from api.accounts.key_store import KeyStore
from api.accounts.passwords import PasswordHashing
from api.accounts.role import KeyScope, Role
from api.accounts.secret_key import secret_of
from api.accounts.session_store import SessionStore
from api.accounts.token_store import TokenStore
from api.accounts.user import User
from api.accounts.user_store import UserStore
from api.app import create_app
from api.database.database import Database, database_address
from api.database.schema import metadata
from api.database.tables import worker_keys
from api.routes.examples import CAMERA, ISSUE_CODE, MODEL_SHA256
from api.settings import ApiSettings
from tests.events import small_jpeg
from tests.waiting import wait_until

PASSWORD = "rivers run down to the sea"
_numbers = itertools.count()
JPEG = small_jpeg()
JPEG_SHA256 = hashlib.sha256(JPEG).hexdigest()
START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


class RunningApi:
    """Serves in a thread.

    ``http`` is a client with a key for everything, ``reader`` one with a key to read,
    ``nobody`` one with none.
    """

    def __init__(self, settings: ApiSettings) -> None:
        self.settings = settings
        self.app = create_app(settings)
        config = uvicorn.Config(
            self.app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._clients: list[httpx.Client] = []

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(
            lambda: self._server.started or not self._thread.is_alive(), what="start of the API"
        )
        assert self._server.started
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        address = self.settings.database_url.get_secret_value()
        self.key = make_key(address, "worker")
        self.reading_key = make_key(address, "reader", KeyScope.READ)
        self.http = self.client(self.key)
        self.reader = self.client(self.reading_key)
        self.nobody = self._client({})
        return self

    def client(self, bearer: str) -> httpx.Client:
        """A client with a key or an access token."""
        return self._client({"Authorization": f"Bearer {bearer}"})

    def _client(self, headers: dict[str, str]) -> httpx.Client:
        made = httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=20)
        self._clients.append(made)
        return made

    def user(self, *roles: Role) -> httpx.Client:
        """A client with the access token of a new user who has these roles."""
        made = make_user(self.settings.database_url.get_secret_value(), *roles)
        secret = secret_of(self.settings.data_dir, None)

        async def issue() -> str:
            async with database_of(self.settings) as database:
                return (await TokenStore(database, secret).issue(made)).access

        return self.client(asyncio.run(issue()))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in self._clients:
            client.close()
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()

    def user_named(self, login: str, *roles: Role, unit_id: str | None = None) -> httpx.Client:
        """A client with an access token of a user, whom the database need not know."""
        actor = Actor(login, ActorKind.USER, roles=frozenset(roles), unit_id=unit_id)
        return self.client(self.app.state.services.tokens.access_token(actor))

    # The API may still be at work for a client that went away; where it locks the tables in
    # another order, the database ends this one.
    @retry(
        retry=retry_if_exception_type(psycopg.errors.DeadlockDetected), stop=stop_after_attempt(5)
    )
    def empty(self) -> None:
        """Delete all but the keys."""
        address = self.settings.database_url.get_secret_value()
        tables = [name for name in metadata.tables if name != worker_keys.name]
        # Most are empty, and to truncate one costs three times what it costs to look. Whatever is
        # still being written comes before the look.
        looks = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables
        )
        with psycopg.connect(address) as connection:
            connection.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
            filled = [name for (name,) in connection.execute(looks)]
            if filled:
                # Whatever else is tested, some of them refuse it.
                connection.execute("SET LOCAL session_replication_role = replica")
                connection.execute(f"TRUNCATE {', '.join(filled)}")
            connection.execute("DELETE FROM worker_keys WHERE name NOT IN ('worker', 'reader')")

    def add_camera(self, **changes: Any) -> dict[str, Any]:
        """Add the example camera, with changes."""
        camera = {**CAMERA, **changes}
        answer = self.http.put(f"/v1/cameras/{camera['camera_id']}", json=camera)
        assert answer.is_success, answer.text
        return answer.json()

    def add_evidence(self, jpeg: bytes = JPEG) -> str:
        """Upload a picture and return its name."""
        name = hashlib.sha256(jpeg).hexdigest()
        answer = self.http.put(
            f"/v1/evidence/{name}", content=jpeg, headers={"Content-Type": "image/jpeg"}
        )
        assert answer.is_success, answer.text
        return name

    def post(self, *features: Any) -> list[dict[str, Any]]:
        """Post a batch and return its receipts."""
        answer = self.http.post("/v1/events", json=batch(*features))
        assert answer.status_code == 200, answer.text
        return answer.json()["receipts"]

    def stored(self, query: str = "") -> list[dict[str, Any]]:
        """Return the first page of events."""
        answer = self.reader.get(f"/v1/events{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["features"]


@asynccontextmanager
async def database_of(settings: ApiSettings) -> AsyncIterator[Database]:
    """Open the database of an API beside it."""
    database = Database(database_address(settings.database_url.get_secret_value()), connections=1)
    try:
        yield database
    finally:
        await database.close()


@functools.cache
def _password_hash() -> str:
    # Slow by design, and the same for all.
    return asyncio.run(PasswordHashing().hash(PASSWORD))


def make_user(database_url: str, *roles: Role, login: str | None = None, **columns: Any) -> User:
    """Make a user with the password ``PASSWORD`` straight in the database."""
    row = {
        "user_id": str(ULID()),
        "login": login or f"user-{next(_numbers)}",
        "name": "李娜",
        "password_hash": _password_hash(),
        "roles": Jsonb(sorted(roles)),
        **columns,
    }
    names = ", ".join(row)
    places = ", ".join(f"%({name})s" for name in row)
    with psycopg.connect(database_url) as connection:
        connection.execute(f"INSERT INTO users ({names}) VALUES ({places})", row)

    async def read() -> User:
        database = Database(database_address(database_url), connections=1)
        try:
            user = await UserStore(database).get(row["login"])
            assert user is not None
            return user
        finally:
            await database.close()

    return asyncio.run(read())


def begin_session(database_url: str, *roles: Role) -> str:
    """Sign a new user in and return what the console's cookie holds."""
    user = make_user(database_url, *roles)

    async def begin() -> str:
        database = Database(database_address(database_url), connections=1)
        try:
            return await SessionStore(database).begin(user)
        finally:
            await database.close()

    return asyncio.run(begin())


def make_key(database_url: str, name: str, *scopes: KeyScope) -> str:
    """Make a key straight in the database; without scopes it is good for everything."""

    async def make() -> str:
        database = Database(database_address(database_url), connections=1)
        try:
            return await KeyStore(database).create(name, scopes or tuple(KeyScope))
        finally:
            await database.close()

    return asyncio.run(make())


def event_id(number: int) -> str:
    """Return the id of the test's event ``number``."""
    return f"01JD8Z6Q3V5W7X9Y1A3C{number:06d}"


def event(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return an event as a worker posts it; ``changes`` go to its properties."""
    properties = {
        "catalogue_version": "1",
        "revision": 1,
        "issue_code": ISSUE_CODE,
        "camera_id": "north-gate",
        "first_seen": (START + timedelta(seconds=number)).isoformat(),
        "last_seen": (START + timedelta(seconds=number + 10)).isoformat(),
        "observed_count": 3,
        "score": 0.8,
        "location_source": "camera",
        "accuracy_m": 5.0,
        "model": {"name": "m", "version": "1", "sha256": MODEL_SHA256},
    }
    return {
        "type": "Feature",
        "id": event_id(number),
        "geometry": {"type": "Point", "coordinates": [113.9413, 22.5403]},
        "properties": {**properties, **changes},
    }


def batch(*features: Any) -> dict[str, Any]:
    """Return the body of a post."""
    return {"type": "FeatureCollection", "features": list(features)}


@contextmanager
def stream(api: "RunningApi", **options: Any) -> Iterator[Iterator[str]]:
    """Open the event stream and give its lines once it is connected."""
    with (
        api.client(api.reading_key) as client,
        client.stream("GET", "/v1/stream", **options) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        lines = answer.iter_lines()
        assert next(lines) == ": connected"
        yield lines
