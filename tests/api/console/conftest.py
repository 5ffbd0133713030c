"""A real API process with its console, and a real browser to look at it."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from api.accounts.role import Role
from api.settings import ApiSettings
from streams.kit.child_process import ChildProcess
from tests.api.cases.conftest import ORGANISATION, cells, import_folder
from tests.api.console.district import District
from tests.api.console.looker import PATIENCE_MS, Looker
from tests.api.console.office import OFFICE
from tests.api.running_api import make_key

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPOSITORY = Path(__file__).parents[3]


# Playwright keeps an event loop running in this thread, which other modules' tests need free.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=BROWSER_OPTIONS)
        yield launched
        launched.close()


@pytest.fixture
def district(settings: ApiSettings, tmp_path: Path) -> Iterator[District]:
    address = settings.database_url.get_secret_value()
    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        key = beside_the_browsers_loop.submit(make_key, address, "worker").result()
    base_map = REPOSITORY / "demo" / "streets.geojson"

    def api_process(port: int) -> ChildProcess:
        return ChildProcess(
            [
                *(sys.executable, "citypatrol.py", "serve"),
                *("--port", str(port), "--data-dir", str(tmp_path)),
                *("--base-map", str(base_map)),
            ],
            name="API with console",
            environment={**os.environ, "CITYPATROL_API_DATABASE_URL": address},
        )

    with District(api_process, key, address) as running:
        yield running


@pytest.fixture
def looker(browser: Browser, district: District) -> Iterator[Looker]:
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies([district.cookie(Role.VIEWER)])
    yield Looker(context, district)
    context.close()


@pytest.fixture
def office(browser: Browser, district: District, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser of somebody who does everything, in a district with an organisation."""
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "organisation.csv").write_text(ORGANISATION, encoding="utf-8")
    (tables / "grids.geojson").write_text(json.dumps(cells()), encoding="utf-8")
    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        imported = import_folder(tables, district.address)
        beside_the_browsers_loop.submit(asyncio.run, imported).result()
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=district.url)
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([district.cookie(*OFFICE)])
    yield context
    context.close()
