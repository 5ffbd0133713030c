"""What no client would send, to every operation of the description: refused, never an error."""

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.api.http.described_operations import Description
from tests.api.running_api import RunningApi

JSON = {"Content-Type": "application/json"}
PROBLEM = "application/problem+json"
NUL = "a\x00b"
VALUES = [NUL, "\u202e\ufeff\U0001f4a9" * 2000, 10**30, {}]
BROKEN = [
    b"",
    b"{",
    b"null",
    b"7",
    b"[]",
    b'"text"',
    b"\xff\xfe{\x00}\x00",
    b'{"a": NaN}',
    b'{"a": -Infinity}',
    b'{"a": "\\ud800"}',
    b"[" * 10_000 + b"]" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'{"a": 1, "a": 2}',
    b"9" * 5000,
    '{"login": "李"}'.encode("gbk"),
]
TEXTS = ["\x00", "%", "'; DROP TABLE cases; --", "9" * 400, "../../etc/passwd"]
RAW = ["%FF", "%ED%A0%80", "%0d%0aX-Injected:1", "x" * 3000]


def check(answer: httpx.Response, sent: object) -> None:
    """A refusal is a problem that says something; there is no error of the API's own."""
    assert answer.status_code < 500, (str(answer.request.url)[:200], sent, answer.text)
    if answer.status_code < 400 or "/open311/" in str(answer.request.url):
        return
    assert answer.headers["content-type"] == PROBLEM, (str(answer.request.url)[:200], sent)
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["detail"]
    assert len(answer.content) < 20_000
    if answer.status_code == 422:
        assert told["errors"], (str(answer.request.url)[:200], sent, told)
        assert all(error["message"] for error in told["errors"])


def changed(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places in a document that hold something."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from changed(item, (*path, name))
    if isinstance(value, list):
        for index, item in enumerate(value[:1]):
            yield from changed(item, (*path, index))


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


@pytest.fixture
def description(api: RunningApi) -> Description:
    api.add_camera()
    return Description(api)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
def test_any_value_in_any_field_of_a_body(description: Description, value: object):
    for operation in description.operations():
        example = operation.json_example
        if example is None:
            continue
        client = description.client(operation)
        places = {
            *changed(example),
            *((name,) for name in description.fields(operation.json_schema)),
        }
        for place in sorted(places, key=str):
            document = operation.json_example
            put(document, place, value)
            body = json.dumps(document)
            check(
                client.request(operation.method, operation.address(), content=body, headers=JSON),
                (operation.method, place),
            )


def test_broken_bodies(description: Description):
    for operation in description.operations():
        if operation.json_example is None:
            continue
        client = description.client(operation)
        for body in BROKEN:
            answer = client.request(
                operation.method, operation.address(), content=body, headers=JSON
            )
            check(answer, body[:40])
            # A list of cameras may be empty.
            assert answer.status_code >= 400 or body == b"[]", (operation.path, body[:40])


def test_any_text_as_a_parameter(description: Description):
    for operation in description.operations():
        if operation.method != "GET":
            continue
        client = description.client(operation)
        for name in operation.query_parameters:
            for text in TEXTS:
                check(client.get(operation.address(), params={name: text}), (name, text[:20]))
            for raw in RAW:
                check(client.get(f"{operation.address()}?{name}={raw}"), (name, raw[:20]))


def test_any_text_in_a_path(description: Description):
    for operation in description.operations():
        client = description.client(operation)
        for name in operation.path_parameters:
            for part in [*RAW, *(quote(text, safe="") for text in TEXTS)]:
                address = operation.address(**{name: part})
                check(
                    client.request(operation.method, address, content=b"{}", headers=JSON),
                    (name, part[:20]),
                )


@pytest.mark.parametrize("kind", ["multipart/form-data", "\xe9", ""])
def test_wrong_content_type_says_what_is_taken(description: Description, kind: str):
    for operation in description.operations():
        if operation.json_example is None:
            continue
        answer = description.client(operation).request(
            operation.method,
            operation.address(),
            content=b"{}",
            headers={"Content-Type": kind.encode("latin-1")},
        )
        assert answer.status_code == 415, (operation.path, answer.text)
        assert "application/json" in answer.json()["detail"]


def test_a_megabyte_of_address(api: RunningApi):
    address = httpx.URL(api.url)
    lines = [
        f"GET /v1/cases?text={'x' * 1_000_000} HTTP/1.1",
        f"Authorization: Bearer {api.key}",
        *("Host: test", "Connection: close", "", ""),
    ]
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 4"), answer[:200]
    assert len(answer) < 5000
