import socket

import pytest

from streams.reading.camera_check import check_camera, check_cameras
from streams.reading.stream_fault import StreamFault
from tests.streams import lying_servers
from tests.streams.lying_servers import (
    AUDIO_ONLY,
    VIDEO_ONLY,
    answering,
    answering_setup,
    served,
    wanting_password,
)
from tests.streams.made_cameras import IMPATIENT, QUICK, made_camera

SDP = "Content-Type: application/sdp"
SHA_256 = 'WWW-Authenticate: Digest realm="camera", nonce="1", algorithm=SHA-256'
MD5 = 'WWW-Authenticate: Digest realm="camera", nonce="1"'
UDP_ONLY = answering_setup("461 Unsupported Transport", SDP, body=VIDEO_ONLY)


def test_good_camera(server):
    check = check_camera(made_camera("gate", server.url("street")), QUICK)
    assert check.ok
    assert check.line.startswith("camera 'gate' at rtsp://127.0.0.1")
    assert "h264 320x240" in check.line


@pytest.mark.parametrize(
    ("behaviour", "fault", "way_out"),
    [
        (lying_servers.silent, StreamFault.TIMED_OUT, "restart it"),
        (lying_servers.garbage, StreamFault.NOT_RTSP, "usually 554"),
        (lying_servers.web_server, StreamFault.NOT_RTSP, "usually 554"),
        (answering("404 Not Found"), StreamFault.NOT_FOUND, "correct the path"),
        (answering("403 Forbidden"), StreamFault.UNAUTHORISED, "stream_url"),
        (answering("461 Unsupported Transport"), StreamFault.REFUSED, "RTSP over TCP"),
        (answering("503 Service Unavailable"), StreamFault.REFUSED, "further viewer"),
        (answering("200 OK", SDP, body=AUDIO_ONLY), StreamFault.NO_VIDEO, "H.264"),
        (wanting_password("admin", "another"), StreamFault.UNAUTHORISED, "stream_url"),
        (UDP_ONLY, StreamFault.REFUSED, "send over UDP only"),
        (answering("401 Unauthorized", SHA_256), StreamFault.LOGIN_NOT_KNOWN, "(Digest SHA-256)"),
        (
            answering("401 Unauthorized", "WWW-Authenticate: Bearer"),
            StreamFault.LOGIN_NOT_KNOWN,
            "allow Digest with MD5",
        ),
        (answering("401 Unauthorized", SHA_256, MD5), StreamFault.UNAUTHORISED, "stream_url"),
        (answering("401 Unauthorized"), StreamFault.UNAUTHORISED, "stream_url"),
    ],
)
def test_what_is_wrong_with_a_camera(behaviour, fault, way_out):
    with served(behaviour) as port:
        camera = made_camera("gate", f"rtsp://admin:s3cret@127.0.0.1:{port}/live")
        check = check_camera(camera, IMPATIENT)
    assert check.fault is fault, check.line
    assert not check.ok
    assert "'gate'" in check.line
    assert f"rtsp://***@127.0.0.1:{port}/live" in check.line
    assert way_out in check.line
    assert "\n" not in check.line
    assert "s3cret" not in check.line


def test_right_password_is_accepted():
    with served(wanting_password("admin", "p@ss/word")) as port:
        camera = made_camera("gate", f"rtsp://admin:p%40ss%2Fword@127.0.0.1:{port}/live")
        # The server then says that there is no such stream, which needs the password first.
        assert check_camera(camera, QUICK).fault is StreamFault.NOT_FOUND


def test_dead_port():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    check = check_camera(made_camera("gate", f"rtsp://127.0.0.1:{port}/"), QUICK)
    assert check.fault is StreamFault.UNREACHABLE


def test_unknown_host():
    check = check_camera(made_camera("gate", "rtsp://no-such-host.invalid/"), QUICK)
    assert check.fault is StreamFault.UNREACHABLE


def test_dead_camera_does_not_delay_the_others(server):
    with served(lying_servers.silent) as port:
        cameras = [made_camera("mute", f"rtsp://127.0.0.1:{port}/")]
        cameras += [made_camera(f"good-{n}", server.url("street")) for n in range(3)]
        settings = QUICK.model_copy(update={"open_timeout_seconds": 20.0})
        checks = check_cameras(cameras, settings)
        first = [next(checks).camera_id for _ in range(3)]
        assert sorted(first) == ["good-0", "good-1", "good-2"]
    # The server is gone now, which ends the wait for the mute camera.
    assert [check.camera_id for check in checks] == ["mute"]
