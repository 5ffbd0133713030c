"""A worker opens a camera where it may be, and follows it nowhere else."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from streams.camera import Camera
from streams.kit.allowed_networks import AllowedNetworks
from streams.reading.allowed_stream import allowed_streams
from streams.reading.rtsp_stream import RtspStream
from streams.reading.stream_fault import StreamError, StreamFault
from streams.replay.replay_server import ReplayServer
from tests.streams.lying_servers import served
from tests.streams.made_cameras import QUICK, made_camera

HERE = AllowedNetworks((ipaddress.ip_network("127.0.0.0/8"),))
PRIVATE = AllowedNetworks()
TIMEOUT = 5.0
SETTINGS = QUICK


def camera_at(url: str) -> Camera:
    return made_camera("gate", url)


@contextmanager
def redirecting(location: str) -> Iterator[int]:
    def redirect(connection: socket.socket) -> None:
        connection.recv(4096)
        answer = f"RTSP/1.0 302 Moved Temporarily\r\nCSeq: 1\r\nLocation: {location}\r\n\r\n"
        connection.sendall(answer.encode())

    with served(redirect) as port:
        yield port


@contextmanager
def counted() -> Iterator[tuple[int, list[bytes]]]:
    asked: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        asked.append(connection.recv(4096))
        connection.sendall(b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n")

    with served(answer) as port:
        yield port, asked


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "169.254.169.254", "8.8.8.8", "localhost", "0.0.0.0", "2130706433"],
)
def test_a_camera_where_none_may_be_is_not_connected_to(host: str):
    camera = camera_at(f"rtsp://viewer:secret@{host}:554/live")
    with (
        pytest.raises(StreamError, match="is, or sends on to, where no camera may be") as refused,
        RtspStream(camera, SETTINGS, PRIVATE),
    ):
        pass
    assert refused.value.fault is StreamFault.FORBIDDEN_ADDRESS
    assert "CITYPATROL_CAMERA_NETWORKS" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_nothing_is_asked_of_a_forbidden_address():
    with counted() as (port, asked):
        with pytest.raises(StreamError):
            allowed_streams(camera_at(f"rtsp://127.0.0.1:{port}/"), PRIVATE, TIMEOUT)
        assert asked == []


def test_a_name_is_given_to_ffmpeg_as_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch):
    with counted() as (port, asked):
        real = socket.getaddrinfo
        answers = iter(["127.0.0.1", "169.254.169.254", "169.254.169.254"])

        def rebinding(host, *arguments, **options):
            # A name that leads elsewhere from the second time on.
            return real(next(answers) if host == "camera.test" else host, *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        camera = camera_at(f"rtsp://viewer:se%40cret@camera.test:{port}/live?a=1")
        found = allowed_streams(camera, HERE, TIMEOUT)
        assert found == (f"rtsp://viewer:se%40cret@127.0.0.1:{port}/live?a=1",)
        assert b"secret" not in asked[0]
        with pytest.raises(StreamError) as refused:
            allowed_streams(camera, HERE, TIMEOUT)
        assert refused.value.fault is StreamFault.FORBIDDEN_ADDRESS


def test_a_name_that_is_unknown_cannot_be_reached():
    with pytest.raises(StreamError, match="cannot be found") as refused:
        allowed_streams(camera_at("rtsp://no-such-camera.invalid/"), HERE, TIMEOUT)
    assert refused.value.fault is StreamFault.UNREACHABLE


@pytest.mark.parametrize(
    "location", ["rtsp://169.254.169.254/x", "rtsp://8.8.8.8:554/x", "rtsp://[::1]/x"]
)
def test_a_redirect_to_where_none_may_be_is_not_followed(location: str):
    with redirecting(location) as port:
        camera = camera_at(f"rtsp://viewer:secret@127.0.0.1:{port}/live")
        with pytest.raises(StreamError) as refused:
            allowed_streams(camera, HERE, TIMEOUT)
    assert refused.value.fault is StreamFault.FORBIDDEN_ADDRESS


def test_a_redirect_to_where_one_may_be_is_opened_there():
    with counted() as (port, _), redirecting(f"rtsp://127.0.0.1:{port}/other") as first:
        camera = camera_at(f"rtsp://viewer:secret@127.0.0.1:{first}/live")
        found = allowed_streams(camera, HERE, TIMEOUT)
        assert found == (f"rtsp://viewer:secret@127.0.0.1:{port}/other",)


@pytest.mark.parametrize(
    "location", ["http://127.0.0.1/", "file:///etc/passwd", "rtsp://", "rtsp://h:x/"]
)
def test_a_redirect_to_what_is_no_stream_is_refused(location: str):
    with redirecting(location) as port, pytest.raises(StreamError) as refused:
        allowed_streams(camera_at(f"rtsp://127.0.0.1:{port}/"), HERE, TIMEOUT)
    assert refused.value.fault is StreamFault.REFUSED


def test_redirects_that_go_on_and_on_end():
    ports: list[int] = []

    def redirect(connection: socket.socket) -> None:
        connection.recv(4096)
        location = f"rtsp://127.0.0.1:{ports[0]}/"
        connection.sendall(f"RTSP/1.0 301 Moved\r\nLocation: {location}\r\n\r\n".encode())

    with served(redirect) as port:
        ports.append(port)
        with pytest.raises(StreamError, match="more than 3 redirects") as refused:
            allowed_streams(camera_at(f"rtsp://127.0.0.1:{port}/"), HERE, TIMEOUT)
    assert refused.value.fault is StreamFault.REFUSED


def test_a_stream_that_may_be_opened_gives_pictures(server: ReplayServer):
    with RtspStream(camera_at(server.url("street")), SETTINGS, HERE) as stream:
        assert next(stream.packets()).size > 0
