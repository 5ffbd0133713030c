"""One PostgreSQL for the whole run, a fresh database and a real HTTP server per test."""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.database.database import database_address, migrate
from api.database.embedded_postgres import DATABASE, EmbeddedPostgres
from api.settings import ApiSettings
from tests.api.running_api import RunningApi

_numbers = itertools.count()


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that the user PostgreSQL runs as can reach; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="citypatrol-test-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(open_folder / "shared") as server:
        migrate(database_address(server.url))
        yield server


@pytest.fixture
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A migrated, empty database."""
    with new_database(postgres) as url:
        yield url


@contextlib.contextmanager
def new_database(postgres: EmbeddedPostgres) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    maintenance = postgres.url.replace(f"///{DATABASE}?", "///postgres?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
        yield postgres.url.replace(f"///{DATABASE}?", f"///{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> ApiSettings:
    return ApiSettings(database_url=database_url, data_dir=tmp_path, stream_ping_seconds=1)


@pytest.fixture
def fresh_api(settings: ApiSettings) -> Iterator[RunningApi]:
    """An API of this test alone, with a database of its own."""
    with RunningApi(settings) as running:
        yield running


@pytest.fixture(scope="session")
def shared_api(postgres: EmbeddedPostgres, open_folder: Path) -> Iterator[RunningApi]:
    with new_database(postgres) as url:
        settings = ApiSettings(
            database_url=url, data_dir=open_folder / "data", stream_ping_seconds=1
        )
        with RunningApi(settings) as running:
            yield running


@pytest.fixture
def api(shared_api: RunningApi) -> RunningApi:
    """An API with an empty database."""
    shared_api.empty()
    return shared_api


@pytest.fixture
def own_folder(open_folder: Path) -> Path:
    """A data folder of this test alone, for an embedded server of its own."""
    return open_folder / f"own-{next(_numbers)}"
