"""The log says what happened and never a password."""

import json
import subprocess
import sys

import pytest

from streams.kit.structured_log import without_credentials

LOGGING = """
import structlog
from streams.kit.structured_log import LogFormat, LogSettings, start_logging
start_logging(LogSettings(log_format=LogFormat.JSON))
structlog.get_logger("x").warning("stream_failed", url="rtsp://admin:secret@host/1", looks=3)
structlog.get_logger("x").debug("not_shown")
"""


@pytest.mark.parametrize(
    "value",
    [
        "rtsp://admin:secret@host:554/live",
        "cannot open rtsp://admin:secret@host/live: refused",
        ["rtsp://admin:secret@host/1", "rtsps://admin:secret@host/2"],
        ("postgresql://admin:secret@host/db",),
    ],
)
def test_credentials_in_addresses_are_blanked(value: object):
    fields = without_credentials(None, "info", {"event": "x", "value": value})

    assert "secret" not in str(fields)
    assert "host" in str(fields)


def test_json_lines_have_event_name_fields_and_time():
    done = subprocess.run(
        [sys.executable, "-c", LOGGING], capture_output=True, text=True, timeout=60, check=True
    )

    (line,) = done.stderr.splitlines()
    said = json.loads(line)
    assert said["event"] == "stream_failed"
    assert said["level"] == "warning"
    assert said["looks"] == 3
    assert said["url"] == "rtsp://***@host/1"
    assert said["timestamp"].endswith("Z")
    assert done.stdout == ""
