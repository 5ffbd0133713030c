import json
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.finding import Finding
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.look_faults import stream_findings
from streams.frame import Frame
from streams.kit.child_process import ChildProcess
from streams.kit.stage_costs import StageCosts
from streams.reading.camera_clock import wall_clock
from streams.reading.latest_frames import LatestFrames
from streams.reading.stream_reader import StreamReader
from streams.replay.replay_server import ReplayServer
from tests.streams.made_cameras import QUICK, made_camera
from tests.waiting import wait_until

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NTP_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)


def told(moment: datetime) -> bytes:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return struct.pack("=qi4x", microseconds, 24)


@pytest.mark.parametrize(
    ("data", "moment"),
    [
        (told(NEW_YEAR), NEW_YEAR),
        # A camera whose clock was never set says 1970, which is wrong and not unknown.
        (told(datetime(1970, 1, 1, 0, 5, tzinfo=UTC)), datetime(1970, 1, 1, 0, 5, tzinfo=UTC)),
        (told(NTP_EPOCH + timedelta(days=3)), None),
        (told(datetime(1968, 1, 20, 3, 14, 7, tzinfo=UTC)), None),
        (struct.pack("=q", 2**63 - 1), None),
        (struct.pack("=q", -(2**63)), None),
    ],
)
def test_time_of_day_is_told_from_time_since_the_start(data, moment):
    assert wall_clock(data) == moment


def frame_with_clock(url: str) -> Frame:
    frames = LatestFrames()
    reader = StreamReader(made_camera("gate", url), QUICK, frames, StageCosts())
    told_frames: list[Frame] = []

    def has_clock() -> bool:
        taken = frames.take(1, 0.5)
        told_frames.extend(one for one in taken if one.facts.camera_clock is not None)
        return bool(told_frames)

    reader.start()
    try:
        wait_until(has_clock, timeout=30)
    finally:
        reader.stop()
        assert reader.join(30)
    return told_frames[0]


def clock_finding(frame: Frame) -> Finding:
    findings = stream_findings(
        frame.facts, frame.width * frame.height, frame.captured_at, HealthSettings()
    )
    return findings[CameraFault.CLOCK_WRONG]


def test_clock_that_is_right(server: ReplayServer):
    frame = frame_with_clock(server.url("street"))
    assert abs(frame.facts.camera_clock - frame.captured_at) < timedelta(seconds=30)
    finding = clock_finding(frame)
    assert finding == Finding.of(finding.measured, faulty=False)


def test_clock_that_is_two_hours_ahead(clip):
    server = ChildProcess(
        [
            *(sys.executable, "-m", "tests.streams.wrong_clock_server", "7200"),
            *("--files", json.dumps({"street": str(clip)})),
        ],
        name="server with a wrong clock",
        stderr=subprocess.DEVNULL,
    )
    server.start()
    try:
        frame = frame_with_clock(f"rtsp://127.0.0.1:{server.ready_message}/street")
    finally:
        server.stop()
    ahead = frame.facts.camera_clock - frame.captured_at
    assert abs(ahead - timedelta(hours=2)) < timedelta(seconds=30)
    finding = clock_finding(frame)
    assert finding == Finding.of(finding.measured, faulty=True)
    assert "120 min ahead" in finding.measured
    assert "a wrong time zone?" in finding.measured
