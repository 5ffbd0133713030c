"""The demo command does what the README promises, on the user's own media."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from demo.district_accounts import GUEST_ROLES
from streams.replay.footage import embedded_footage
from tests.end_to_end.conftest import Street, street_clip
from tests.waiting import wait_until

# A machine under load takes ten times as long as a free one; pytest's own limit comes last.
PATIENCE_SECONDS = 240
DEMO = [sys.executable, "-m", "citypatrol", "demo", "--port", "0"]


@pytest.fixture
def environment(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Caches and temporary folders of the demo lie in the test's folders."""
    # A short name: PostgreSQL's socket lies within, and the path of a socket is 107 bytes at most.
    folder = tmp_path_factory.mktemp("t")
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(folder)}


def written(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def run_demo(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *arguments],
        env=environment,
        cwd=environment["TMPDIR"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def test_own_media_give_events_and_a_report(
    tmp_path: Path, colour_weights: Path, environment: dict[str, str]
):
    clip, report = street_clip(tmp_path, Street("gate")), tmp_path / "report.json"
    # A type that needs no zone, about something that the colour model knows.
    overlay = tmp_path / "city.yaml"
    overlay.write_text(
        'overlay_version: city-1\ntypes: [{code: "10990", rule: {classes: [car]}}]\n',
        encoding="utf-8",
    )
    environment |= {"CITYPATROL_CATALOGUE_OVERLAYS": str(overlay)}
    options = ["--media", str(clip), "--report", str(report), "--weights", str(colour_weights)]
    with (tmp_path / "said.txt").open("w+", encoding="utf-8") as stderr:
        demo = subprocess.Popen([*DEMO, *options], env=environment, cwd=tmp_path, stderr=stderr)
        try:
            wait_until(
                lambda: demo.poll() is not None or "10990" in written(stderr.name),
                timeout=PATIENCE_SECONDS,
            )
            said = written(stderr.name)
            url = re.search(r"Console and API: (\S+)", said)
            # Whoever opens the demo need not sign in.
            guest = httpx.get(f"{url[1]}/v1/me", trust_env=False).json() if url else {}
        finally:
            demo.send_signal(signal.SIGINT)
            status = demo.wait(PATIENCE_SECONDS)

    assert status == 0, written(stderr.name)
    assert (guest["name"], len(guest["roles"])) == ("demo", len(GUEST_ROLES))
    said = json.loads(report.read_text())
    assert said["cameras"] == 1
    assert said["events_stored"] == said["events_posted"] == 1
    assert said["issue_types"] == {"10990": 1}
    assert said["seconds_to_first_event"] > 0
    assert said["frames_analysed"] <= said["visits"]
    assert said["errors"] == []


def test_cars_where_no_zone_is_drawn_park_nowhere_and_no_event_is_a_failure(
    tmp_path: Path, colour_weights: Path, environment: dict[str, str]
):
    clip = street_clip(tmp_path, Street("gate"))

    done = run_demo(
        ["--media", str(clip), "--for", "12", "--weights", str(colour_weights)], environment
    )

    assert done.returncode == 1
    assert "no event was stored" in done.stderr
    assert "No zones are drawn" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("medium", "said"),
    [
        ("/no/such/file.mp4", "there is no file or folder"),
        ("http://user:secret@host/live", "neither a file nor an RTSP address"),
        (__file__, "cannot be read as a video"),
    ],
)
def test_wrong_medium_is_named_in_one_line(
    medium: str, said: str, colour_weights: Path, environment: dict[str, str]
):
    done = run_demo(["--media", medium, "--weights", str(colour_weights)], environment)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_missing_weights_are_named(tmp_path: Path, environment: dict[str, str]):
    clip = street_clip(tmp_path, Street("gate"))

    done = run_demo(["--media", str(clip), "--weights", "/no/such.onnx"], environment)

    assert done.returncode == 1
    assert "/no/such.onnx" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_type_of_the_districts_own_takes_no_code_and_the_users_overlay_comes_on_top(
    tmp_path: Path, environment: dict[str, str]
):
    nothing_shared = tmp_path / "absent"
    if not any(clip.name == "bus" for clip in embedded_footage(nothing_shared)):
        pytest.skip("the picture of a bus comes with ultralytics, which is not installed")
    users_own, said = tmp_path / "city.yaml", tmp_path / "said.txt"
    users_own.write_text(
        'overlay_version: city-1\ntypes: [{code: "09880", name_en: Bus astray}]\n',
        encoding="utf-8",
    )
    environment |= {
        "CITYPATROL_SHARED": str(nothing_shared),
        "CITYPATROL_CATALOGUE_OVERLAYS": str(users_own),
        "COLUMNS": "200",
    }
    with said.open("w", encoding="utf-8") as stderr:
        demo = subprocess.Popen(DEMO, env=environment, cwd=tmp_path, stderr=stderr)
    try:
        wait_until(
            lambda: demo.poll() is not None or "Bus astray" in said.read_text(encoding="utf-8"),
            timeout=PATIENCE_SECONDS,
        )
    finally:
        demo.send_signal(signal.SIGINT)
        status = demo.wait(PATIENCE_SECONDS)

    text = said.read_text(encoding="utf-8")
    assert "09880 公交车站外停靠 Bus astray" in text
    assert "issue_type_not_watched" not in text
    assert status == 0, text


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def test_ctrl_c_leaves_no_process_behind(
    tmp_path: Path, colour_weights: Path, environment: dict[str, str]
):
    clip = street_clip(tmp_path, Street("gate"))
    command = [*DEMO, "--media", str(clip), "--weights", str(colour_weights)]
    demo = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
    family: dict[int, psutil.Process] = {}

    def worker_runs() -> bool:
        for child in psutil.Process(demo.pid).children(recursive=True):
            family[child.pid] = child
        return any("worker" in command_of(process) for process in family.values())

    wait_until(worker_runs, timeout=PATIENCE_SECONDS)
    demo.send_signal(signal.SIGINT)
    status = demo.wait(PATIENCE_SECONDS)

    assert status == 0
    _, alive = psutil.wait_procs(family.values(), timeout=PATIENCE_SECONDS)
    assert alive == []
