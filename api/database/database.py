"""The way to the database: its address, its migrations and its pool of connections."""

import contextlib
import functools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic_core import from_json, to_json
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from api.database.embedded_postgres import EmbeddedPostgres, has_cluster, running_or_temporary
from api.settings import ApiSettings
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
# Numbers of PostgreSQL's advisory locks; any will do as long as they differ.
MIGRATION_LOCK = 4_701_001


class DatabaseError(CityPatrolError):
    """The database cannot be used."""


class Database:
    """The pool of connections of one API process; belongs to its event loop."""

    def __init__(self, url: URL, connections: int) -> None:
        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            # Ten times as fast as Python's own; most of what is read of cameras is JSON.
            json_serializer=_json,
            json_deserializer=from_json,
        )

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection to read with."""
        async with self._engine.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction, committed when the block ends without an error."""
        async with self._engine.begin() as connection:
            yield connection

    async def migration(self) -> str | None:
        """Return the migration the database stands at; reaches the database to ask."""
        async with self.reading() as connection:
            return await connection.run_sync(_present_migration)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _json(value: object) -> str:
    return to_json(value).decode()


@functools.cache
def latest_migration() -> str | None:
    """Return the migration this program was written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


@contextlib.contextmanager
def serving_database(settings: ApiSettings) -> Iterator[URL]:
    """Give the address of the migrated database, for as long as an API serves from it.

    Without a ``database_url`` the embedded server runs meanwhile; enter it in the main thread.

    Raises:
        DatabaseError: The address is wrong or nothing answers there.
        FolderInUseError: Another API runs on the data folder.
        EmbeddedPostgresError: The embedded server did not start.
    """
    with contextlib.ExitStack() as stack:
        if settings.database_url is None:
            address = stack.enter_context(EmbeddedPostgres(settings.data_dir)).url
        else:
            address = settings.database_url.get_secret_value()
        url = database_address(address)
        migrate(url)
        yield url


@contextlib.contextmanager
def visited_database(settings: ApiSettings) -> Iterator[URL]:
    """Give the address of the migrated database to a command that needs it for a moment.

    Raises:
        DatabaseError: The address is wrong or nothing answers there.
    """
    with contextlib.ExitStack() as stack:
        if settings.database_url is None:
            address = stack.enter_context(running_or_temporary(settings.data_dir))
        else:
            address = settings.database_url.get_secret_value()
        url = database_address(address)
        migrate(url)
        yield url


def refuse_missing_database(settings: ApiSettings) -> None:
    """See to it that a command that only reads finds something: a new database proves nothing.

    Raises:
        DatabaseError: The data folder has no database, as one whose name is mistyped.
    """
    if settings.database_url is None and not has_cluster(settings.data_dir):
        raise DatabaseError(
            f"data_dir {settings.data_dir} has no database of CityPatrol: "
            "name the folder that `citypatrol serve` uses with --data-dir"
        )


def database_address(address: str) -> URL:
    """Read a postgresql:// address.

    Raises:
        DatabaseError: It is none; the address is not repeated, for it may hold a password.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in {"postgresql", "postgres"}:
        scheme = address.partition(":")[0] if "://" in address else "no scheme"
        raise DatabaseError(
            f"database_url ({scheme}) is no PostgreSQL address; "
            "write postgresql://user:password@host:port/database"
        )
    return url.set(drivername="postgresql+psycopg")


def migrate(url: URL) -> None:
    """Bring the database to ``latest_migration``; processes that start together take turns.

    Raises:
        DatabaseError: Nothing answers at the address.
    """
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            _upgrade(connection)
    except OperationalError as error:
        raise DatabaseError(
            f"the database at {url.render_as_string(hide_password=True)} does not answer: "
            f"{' '.join(str(error.orig).split())}; check --database-url"
        ) from error
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    present = _present_migration(connection)
    scripts = ScriptDirectory(str(MIGRATIONS))
    known = {script.revision for script in scripts.walk_revisions()}
    if present is not None and present not in known:
        raise DatabaseError(
            f"the database stands at migration {present!r}, which this version does not know; "
            "it was used by a newer CityPatrol: start that one"
        )
    if present == scripts.get_current_head():
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    log.info("database_migrated", before=present, now=scripts.get_current_head())


def _present_migration(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
