"""A method that an address does not take: the answer lists those that it takes."""

import pytest

from tests.api.running_api import RunningApi


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/cameras", "GET, HEAD, POST"),
        ("/v1/cameras/north-gate", "DELETE, GET, HEAD, PUT"),
        ("/v1/cameras/north-gate/references/first", "DELETE, GET, HEAD, PUT"),
        ("/v1/cases", "GET, HEAD, POST"),
        ("/v1/webhooks/01JD8Z6Q3V5W7X9Y1A3C5E7G9M", "DELETE, PATCH"),
        ("/v1/tokens", "POST"),
        ("/open311/v2/requests.json", "GET, HEAD, POST"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PROPFIND"])
def test_all_methods_of_an_address_are_listed(
    api: RunningApi, method: str, path: str, allowed: str
):
    answer = api.http.request(method, path)
    assert answer.status_code == 405, answer.text
    assert answer.headers["allow"] == allowed
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == (
        f"Method Not Allowed: {method} {path}; allowed are {allowed}"
    )
