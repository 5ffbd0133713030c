"""A district whose API may send to this machine, and tries again within moments."""

import asyncio
import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest

from api.accounts.role import Role
from api.database.embedded_postgres import EmbeddedPostgres
from api.settings import ApiSettings
from tests.api.cases.conftest import ORGANISATION, District, cells, import_folder
from tests.api.conftest import new_database
from tests.api.running_api import RunningApi
from tests.api.webhooks.receiver import Receiver
from tests.waiting import wait_until

ENVIRONMENT = {
    "CITYPATROL_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    "CITYPATROL_WEBHOOK_RETRY_DELAYS": "0.01,0.02",
    "CITYPATROL_WEBHOOK_SOURCE": "/districts/demo",
    "CITYPATROL_WEBHOOK_TIMEOUT_SECONDS": "5",
}


class WebhookDistrict(District):
    """A district with webhooks, which an administrator looks after."""

    def __init__(self, api: RunningApi) -> None:
        super().__init__(api)
        self.administrator = api.user_named("admin", Role.ADMINISTRATOR)

    def hook(self, url: str, **changes: Any) -> dict[str, Any]:
        answer = self.administrator.post("/v1/webhooks", json={"url": url, **changes})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def deliveries(self, hook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
        answer = self.administrator.get(f"/v1/webhooks/{hook['webhook_id']}/deliveries{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["deliveries"]

    def wait_for(self, hook: dict[str, Any], state: str, count: int = 1) -> list[dict[str, Any]]:
        """The messages of a webhook that have come so far, once there are so many."""

        def there() -> list[dict[str, Any]]:
            found = self.deliveries(hook, f"?state={state}")
            return found if len(found) >= count else []

        return wait_until(there, what=f"{count} {state} messages")


@contextlib.contextmanager
def running(settings: ApiSettings, **environment: str) -> Iterator[WebhookDistrict]:
    with contextlib.ExitStack() as stack:
        # Read as the API starts; other tests have an environment of their own.
        with mock.patch.dict(os.environ, {**ENVIRONMENT, **environment}):
            api = stack.enter_context(RunningApi(settings))
        yield WebhookDistrict(api)
    # An API that starts again on the same database makes keys of the same names.
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        connection.execute("DELETE FROM worker_keys")


def add_tables(address: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "organisation.csv").write_text(ORGANISATION, encoding="utf-8")
    (folder / "grids.geojson").write_text(json.dumps(cells()), encoding="utf-8")
    asyncio.run(import_folder(folder, address))


@pytest.fixture(scope="package")
def shared_district(postgres: EmbeddedPostgres, open_folder: Path) -> Iterator[WebhookDistrict]:
    with new_database(postgres) as url:
        settings = ApiSettings(database_url=url, data_dir=open_folder / "webhooks")
        with running(settings) as found:
            yield found


@pytest.fixture
def district(shared_district: WebhookDistrict, tmp_path: Path) -> WebhookDistrict:
    """A district without cases."""
    api = shared_district.api
    api.empty()
    add_tables(api.settings.database_url.get_secret_value(), tmp_path / "tables")
    return shared_district


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found
