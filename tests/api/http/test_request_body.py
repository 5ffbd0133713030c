"""Hostile and broken bodies: refused with a clear answer, nothing else disturbed."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator

import httpx
import psutil
import pytest
from structlog.testing import capture_logs

from api.accounts.role import Role
from tests.api.running_api import RunningApi, event
from tests.waiting import wait_until

MEBIBYTE = 1024 * 1024
CHUNK = bytes(MEBIBYTE)
JSON = {"Content-Type": "application/json"}


def chunks(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield CHUNK


def peak_memory_growth(call) -> int:
    """Bytes by which this process, which serves the API, grew at most while ``call`` ran."""
    process = psutil.Process()
    before = process.memory_info().rss
    peak, done = before, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        call()
    finally:
        done.set()
        watcher.join()
    return peak - before


@pytest.mark.parametrize("announced", [True, False], ids=["content-length", "chunked"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/cameras"])
def test_huge_body_is_refused_without_being_held(api: RunningApi, path, announced):
    length = {"Content-Length": str(200 * MEBIBYTE)} if announced else {}
    answers = []

    def send() -> None:
        answers.append(api.http.post(path, content=chunks(200), headers={**JSON, **length}))

    assert peak_memory_growth(send) < 60 * MEBIBYTE
    assert answers[0].status_code == 413
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert "8388608" in answers[0].json()["detail"]
    api.add_camera()
    assert api.post(event())[0]["status"] == "stored"


@pytest.mark.parametrize("announced", [True, False], ids=["content-length", "chunked"])
@pytest.mark.parametrize(
    "path", [f"/v1/evidence/{'0' * 64}", "/v1/cameras/north-gate/references/first"]
)
def test_photo_of_80_megabytes_is_refused_without_being_held(api: RunningApi, path, announced):
    length = {"Content-Length": str(80 * MEBIBYTE)} if announced else {}
    headers = {"Content-Type": "image/jpeg", **length}
    answers = []

    def send() -> None:
        answers.append(api.http.put(path, content=chunks(80), headers=headers))

    assert peak_memory_growth(send) < 40 * MEBIBYTE
    assert answers[0].status_code == 413
    assert answers[0].headers["content-type"] == "application/problem+json"
    assert "bytes allowed at" in answers[0].json()["detail"]


def answer_to_headers(api: RunningApi, *headers: str) -> bytes:
    """Send a request whose body never comes and return the start of the answer."""
    address = httpx.URL(api.url)
    lines = ["POST /v1/events HTTP/1.1", "Host: test", "Content-Type: application/json"]
    length = f"Content-Length: {200 * MEBIBYTE}"
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        text = "\r\n".join([*lines, length, *headers, "", ""])
        connection.sendall(text.encode())
        return connection.recv(1000)


def test_huge_body_that_waits_to_be_asked_for_is_not_asked_for(api: RunningApi):
    answer = answer_to_headers(api, f"Authorization: Bearer {api.key}", "Expect: 100-continue")
    assert answer.startswith(b"HTTP/1.1 413")


def test_huge_picture_is_refused(api: RunningApi):
    headers = {"Content-Type": "image/jpeg"}
    answer = api.http.put(f"/v1/evidence/{'0' * 64}", content=chunks(17), headers=headers)
    assert answer.status_code == 413


def test_without_a_key_a_huge_body_is_not_even_looked_at(api: RunningApi):
    assert answer_to_headers(api).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"type":"FeatureCollection","features":[NaN]}', 400),
        (b'{"type":"FeatureCollection","features":[Infinity]}', 400),
        (b'{"features":["\\ud800"]}', 400),
        (b"[" * 100_000, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'{"features":[{}],"features":[]}', 400),
        (b'{"features":[{"id":"a","id":"b"}]}', 400),
        (b'{"features":' + b"[" * 150 + b"]" * 150 + b"}", 200),
        (b"null", 422),
        (b"7", 422),
        (b"1" * 5000, 400),
    ],
)
def test_broken_json(api: RunningApi, body, status):
    answer = api.http.post("/v1/events", content=body, headers=JSON)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(answer.content) < 2000


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/events", "application/json"), (f"/v1/evidence/{'0' * 64}", "image/jpeg")],
)
def test_coded_body_is_refused_by_its_coding(api: RunningApi, path, kind):
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    method = "POST" if kind == "application/json" else "PUT"
    answer = api.http.request(method, path, content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 415
    assert "'gzip'" in answer.json()["detail"]
    assert answer.headers["accept-encoding"] == "identity"
    plain = api.http.post("/v1/events", content=b"{", headers={**JSON, "Content-Encoding": ""})
    assert plain.status_code == 400


def test_number_too_large_to_be_finite(api: RunningApi):
    api.add_camera()
    feature = json.dumps(event()).replace('"accuracy_m": 5.0', '"accuracy_m": 1e999')
    body = f'{{"type":"FeatureCollection","features":[{feature}]}}'
    answer = api.http.post("/v1/events", content=body, headers=JSON)
    if answer.status_code == 200:
        (receipt,) = answer.json()["receipts"]
        assert receipt["status"] == "rejected"
        assert receipt["errors"][0]["field"] == "properties.accuracy_m"
    else:
        assert answer.status_code == 400
    assert api.stored() == []


@pytest.mark.parametrize(
    "given", ["text/plain", "", "application/x-www-form-urlencoded", "x" * 500]
)
def test_wrong_content_type(api: RunningApi, given):
    answer = api.http.post("/v1/events", content=b"{}", headers={"Content-Type": given})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


def test_geojson_is_json(api: RunningApi):
    api.add_camera()
    body = json.dumps({"type": "FeatureCollection", "features": [event()]})
    headers = {"Content-Type": "application/geo+json; charset=utf-8"}
    assert api.http.post("/v1/events", content=body, headers=headers).status_code == 200


def test_client_that_goes_away_in_the_middle_disturbs_nothing(api: RunningApi):
    def broken() -> Iterator[bytes]:
        yield b'{"type":'
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        api.http.post("/v1/events", content=broken(), headers=JSON)
    api.add_camera()
    assert api.post(event())[0]["status"] == "stored"


@pytest.mark.parametrize("path", ["/nope", "/v1", "/v1/evidences/"])
def test_unknown_path(api: RunningApi, path):
    assert api.nobody.get(path).status_code == 401
    answer = api.reader.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_unknown_method(api: RunningApi):
    answer = api.http.patch("/v1/events")
    assert answer.status_code == 405
    assert answer.json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize(
    "path", ["/health", "/metrics", "/v1/events", "/v1/cameras.geojson", "/v1/stream", "/nope"]
)
def test_head_is_answered_as_get_without_its_body(api: RunningApi, path):
    head = api.reader.head(path)
    with api.reader.stream("GET", path) as got:
        assert head.status_code == got.status_code
        assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


def test_a_parameter_that_a_route_does_not_know_is_named(api: RunningApi):
    paths = api.app.openapi()["paths"]
    assert len(paths) > 20
    everybody = api.user(*Role)
    # The specification of Open311 lets clients send what they like.
    own = {path: methods for path, methods in paths.items() if not path.startswith("/open311/")}
    for path, methods in own.items():
        for method in methods:
            address = path.replace("{sha256}", "0" * 64).replace("{event_id}", event()["id"])
            answer = api.http.request(method, address, params={"bbox": "1,2,3,4"})
            if answer.status_code == 403:
                answer = everybody.request(method, address, params={"bbox": "1,2,3,4"})
            assert answer.status_code == 422, (method, path)
            assert "bbox" in [error["field"] for error in answer.json()["errors"]]
    answer = api.reader.get("/v1/events?bbox=1,2,3,4&limit=1&since=2026-01-01T00:00:00Z")
    assert [error["field"] for error in answer.json()["errors"]] == ["bbox"]
    assert "box" in answer.json()["detail"]


def test_client_that_goes_while_it_sends_is_no_error_of_the_api(api: RunningApi):
    host, port = api.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {api.key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    with capture_logs() as said:
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(head.encode())
        wait_until(
            lambda: any(one["event"] == "client_gone" for one in said), what="word of the client"
        )
    assert not [one for one in said if one["event"] == "request_failed"]
