"""A provider of accounts, a console that sends people to it, and a browser."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest

from api.console.parts.page_head import LANGUAGE_COOKIE
from api.console.parts.settings import ConsoleSettings
from api.console.sign_in.sign_in_routes import SignInRoutes
from api.database.embedded_postgres import EmbeddedPostgres
from api.settings import ApiSettings
from tests.api.accounts.oidc.small_provider import CLIENT_ID, CLIENT_SECRET, SmallProvider
from tests.api.conftest import new_database
from tests.api.running_api import RunningApi

GROUPS = """
- {group: /city/dispatch, roles: [dispatcher, viewer], unit: u1}
- {group: /city/cameras, roles: [operator], unit: u1}
- {group: /city/chiefs, roles: [administrator]}
"""


@contextlib.contextmanager
def signing_in(
    settings: ApiSettings, provider: SmallProvider, folder: Path
) -> Iterator[RunningApi]:
    """An API whose console sends people to a provider."""
    groups = folder / "groups.yaml"
    groups.write_text(GROUPS, encoding="utf-8")
    environment = {
        "CITYPATROL_OIDC_ISSUER": provider.url,
        "CITYPATROL_OIDC_CLIENT_ID": CLIENT_ID,
        "CITYPATROL_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "CITYPATROL_OIDC_CONSOLE_URL": "https://console.example/",
        "CITYPATROL_OIDC_GROUPS": str(groups),
        "CITYPATROL_OIDC_ALLOWED_NETWORKS": "127.0.0.0/8",
        "CITYPATROL_OIDC_TIMEOUT_SECONDS": "5",
    }
    # Read as the app is made; other tests have an environment of their own.
    with mock.patch.dict(os.environ, environment):
        api = RunningApi(settings)
    api.app.include_router(SignInRoutes(ConsoleSettings()).router)
    with api:
        yield api


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[SmallProvider]:
    with SmallProvider() as running:
        yield running


@pytest.fixture(scope="module")
def shared_console(
    postgres: EmbeddedPostgres, shared_provider: SmallProvider, tmp_path_factory: Any
) -> Iterator[RunningApi]:
    folder = tmp_path_factory.mktemp("provider")
    with (
        new_database(postgres) as url,
        signing_in(ApiSettings(database_url=url, data_dir=folder), shared_provider, folder) as api,
    ):
        yield api


@pytest.fixture
def provider(shared_provider: SmallProvider) -> SmallProvider:
    shared_provider.begin_anew()
    return shared_provider


@pytest.fixture
def console(shared_console: RunningApi, provider: SmallProvider) -> RunningApi:
    shared_console.empty()
    return shared_console


@pytest.fixture
def own_provider() -> Iterator[SmallProvider]:
    """A provider of which nobody knows anything yet, and which may go."""
    with SmallProvider() as running:
        yield running


@pytest.fixture
def own_console(
    settings: ApiSettings, own_provider: SmallProvider, tmp_path: Path
) -> Iterator[RunningApi]:
    with signing_in(settings, own_provider, tmp_path) as api:
        yield api


@pytest.fixture
def own_browser(own_console: RunningApi) -> Iterator[httpx.Client]:
    with opened(own_console.url) as client:
        yield client


@pytest.fixture
def browser(console: RunningApi) -> Iterator[httpx.Client]:
    with opened(console.url) as client:
        yield client


def opened(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, cookies={LANGUAGE_COOKIE: "en"}, trust_env=False)
