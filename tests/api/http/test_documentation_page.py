"""The API's documentation opens without the internet."""

import re

import pytest

from tests.api.running_api import RunningApi


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_everything_a_page_loads_comes_from_the_api(api: RunningApi, page: str):
    html = api.reader.get(page).text

    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert any(address.endswith(".js") for address in loaded)
    for address in loaded:
        assert address.startswith("/"), f"{page} loads {address}"
        assert api.reader.get(address).status_code == 200
