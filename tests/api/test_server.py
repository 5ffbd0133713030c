"""`citypatrol serve` as a real process: starts, stops, is killed, starts again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from api.routes.examples import CAMERA
from streams.kit.child_process import ChildProcess
from tests.api.database.test_embedded_postgres import servers_of
from tests.api.running_api import batch, event, event_id
from tests.waiting import wait_until

CITYPATROL = [sys.executable, "-m", "citypatrol"]


def citypatrol(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*CITYPATROL, *map(str, arguments)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def serving(folder: Path, *options: str) -> ChildProcess:
    command = [*CITYPATROL, "serve", "--port", "0", "--data-dir", str(folder), *options]
    return ChildProcess(command, name="API", stop_timeout_seconds=20)


@pytest.fixture
def key(own_folder: Path) -> str:
    scopes = ("--scope", "worker", "--scope", "operate")
    made = citypatrol("keys", "create", "worker", *scopes, "--data-dir", own_folder)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture
def client(key: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(headers=headers, trust_env=False, timeout=20) as client:
        yield client


def test_wrong_setting_of_a_room_is_told_in_a_line(own_folder: Path):
    refused = citypatrol(
        *("serve", "--port", "0", "--data-dir", own_folder),
        CITYPATROL_OIDC_ISSUER="https://accounts.example",
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "citypatrol: CITYPATROL_OIDC_ISSUER needs CITYPATROL_OIDC_CLIENT_ID, "
        "CITYPATROL_OIDC_CONSOLE_URL beside it\n"
    )


def test_stop_with_an_open_stream_leaves_nothing(own_folder: Path, client: httpx.Client):
    with serving(own_folder) as api:
        url = api.ready_message.split()[0]
        assert httpx.get(f"{url}/health", trust_env=False).status_code == 200
        own = psutil.Process(api.pid)
        children = own.children(recursive=True)
        assert servers_of(own_folder)
        with client.stream("GET", f"{url}/v1/stream") as following:
            assert next(following.iter_lines()) == ": connected"
            os.kill(api.pid, 15)
            assert api.wait(15) == 0
        assert [line for line in api.output() if line] == [f"ready {url}"]
    wait_until(lambda: not servers_of(own_folder))
    assert not [one for one in children if one.is_running() and one.status() != "zombie"]


def test_killed_api_loses_nothing_and_stores_nothing_twice(own_folder: Path, client: httpx.Client):
    receipts: dict[str, str] = {}
    for life in range(3):
        with serving(own_folder) as api:
            url = api.ready_message.split()[0]
            if life == 0:
                client.put(f"{url}/v1/cameras/north-gate", json=CAMERA).raise_for_status()
            # A worker sends again what it has no receipt for, and some that it has.
            for number in range(max(0, life * 10 - 3), life * 10 + 10):
                answer = client.post(f"{url}/v1/events", json=batch(event(number)))
                (receipt,) = answer.json()["receipts"]
                expected = "duplicate" if receipt["id"] in receipts else "stored"
                assert receipt["status"] == expected
                receipts[receipt["id"]] = expected
            api.kill()
    with serving(own_folder) as api:
        url = api.ready_message.split()[0]
        found = client.get(f"{url}/v1/events?limit=500").json()["features"]
    assert sorted(one["id"] for one in found) == [event_id(number) for number in range(30)]


def test_killed_in_the_middle_of_writing(own_folder: Path, client: httpx.Client):
    with serving(own_folder) as api:
        url = api.ready_message.split()[0]
        client.put(f"{url}/v1/cameras/north-gate", json=CAMERA).raise_for_status()
        committed = 0
        sender = ChildProcess(
            [sys.executable, "-c", POST_UNTIL_IT_FAILS, url, client.headers["Authorization"]],
            name="sender",
            stop_timeout_seconds=20,
        )
        with sender:
            wait_until(lambda: len(sender.output()) > 5)
            api.kill()
            sender.wait(30)
            committed = int(sender.output()[-1].split()[1])
    with serving(own_folder) as api:
        url = api.ready_message.split()[0]
        first = client.get(f"{url}/v1/events?limit=500").json()
        stored = {one["id"] for one in first["features"]}
        known = {event_id(number) for number in range(committed + 1)}
        # All that was answered is there, and of the batch that was not, all or nothing.
        assert known <= stored
        assert len(stored) in {committed + 1, committed + 1 + 3}


POST_UNTIL_IT_FAILS = """\
import sys
import httpx
from tests.api.running_api import batch, event
url, key = sys.argv[1:]
number = 0
with httpx.Client(headers={"Authorization": key}, trust_env=False) as client:
    print("ready", flush=True)
    while number < 400:
        features = [event(number + step) for step in range(3)]
        try:
            answer = client.post(f"{url}/v1/events", json=batch(*features))
        except httpx.HTTPError:
            break
        assert [one["status"] for one in answer.json()["receipts"]] == ["stored"] * 3
        number += 3
        print("committed", number - 1, flush=True)
"""


def test_second_api_on_a_data_folder_is_refused(own_folder: Path):
    with serving(own_folder) as api:
        second = citypatrol("serve", "--port", "0", "--data-dir", own_folder)
        assert second.returncode == 1
        assert str(own_folder) in second.stderr
        assert str(api.pid) in second.stderr
        assert second.stderr.count("\n") == 1
        url = api.ready_message.split()[0]
        assert httpx.get(f"{url}/health", trust_env=False).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "203.0.113.1"], "203.0.113.1"),
        (["--port", "99999"], "--port"),
        (["--database-url", "mysql://u:hidden@h/x"], "postgresql://"),
        (["--database-url", "postgresql://u:hidden@127.0.0.1:1/x"], "127.0.0.1:1/x"),
    ],
)
def test_api_that_cannot_start_says_why_in_a_line(tmp_path: Path, options, said):
    ended = citypatrol("serve", "--port", "0", "--data-dir", tmp_path, *options)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "hidden" not in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_port_that_is_taken(own_folder: Path, tmp_path: Path):
    with serving(own_folder) as api:
        port = api.ready_message.rpartition(":")[2]
        ended = citypatrol("serve", "--port", port, "--data-dir", tmp_path)
    assert ended.returncode == 1
    assert port in ended.stderr


def test_api_node_needs_no_worker_parts():
    code = (
        "import sys, api.app, api.commands.camera_commands, api.server\n"
        "parts = {'torch', 'openvino', 'av', 'cv2', 'detector', 'ultralytics', 'labeling'}\n"
        "print(sorted(parts & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
