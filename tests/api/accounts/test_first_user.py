"""The first start of an API: somebody can sign in, and nobody else knows how."""

import re
from pathlib import Path

import httpx

from streams.kit.child_process import ChildProcess
from tests.api.test_server import CITYPATROL


def start_and_sign_in(folder: Path, errors: Path, password: str = "") -> str:
    """Serve once and sign in; give what was printed to standard error."""
    command = [*CITYPATROL, "serve", "--port", "0", "--data-dir", str(folder)]
    with (
        errors.open("w") as stderr,
        ChildProcess(command, name="API", stop_timeout_seconds=20, stderr=stderr) as api,
    ):
        url = api.ready_message.split()[0]
        printed = errors.read_text()
        found = re.search(r"sign in as admin with the password (\S{24})\n", printed)
        form = {
            "grant_type": "password",
            "username": "admin",
            "password": password if found is None else found[1],
        }
        answer = httpx.post(f"{url}/v1/tokens", data=form, trust_env=False)
        assert answer.status_code == 200, printed
        token = answer.json()["access_token"]
        own = {"Authorization": f"Bearer {token}"}
        me = httpx.get(f"{url}/v1/me", headers=own, trust_env=False).json()
        assert me["roles"] == ["administrator"]
    return printed


def test_the_first_start_prints_a_password_once_and_logs_none(own_folder: Path, tmp_path: Path):
    first = start_and_sign_in(own_folder, tmp_path / "first")
    password = first.partition("with the password ")[2].partition("\n")[0]
    assert first.count(password) == 1
    (logged,) = [line for line in first.splitlines() if "first_user_made" in line]
    assert password not in logged
    second = start_and_sign_in(own_folder, tmp_path / "second", password)
    assert "first_user_made" not in second
    assert password not in second
