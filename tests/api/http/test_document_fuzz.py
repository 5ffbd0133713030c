"""Schemathesis over the whole description: nothing is an error of the API or undocumented.

`make fuzz` sends far more, and what lies at the bounds of every schema besides.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from api.accounts.role import Role
from tests.api.cases.conftest import opened_district
from tests.api.running_api import PASSWORD, RunningApi, event, make_user

ROOT = Path(__file__).parents[3]
CONFIG = Path(__file__).with_name("schemathesis.toml")
# Examples of each operation and of each chain of them; `make fuzz` sets more.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "3")
PHASES = os.environ.get("FUZZ_PHASES", "examples,fuzzing,stateful")
LIMIT_SECONDS = float(os.environ.get("FUZZ_SECONDS", "250"))


def test_whatever_the_description_allows_is_answered_as_it_says(
    fresh_api: RunningApi, tmp_path: Path
):
    api = fresh_api
    opened_district(api, tmp_path)
    api.add_camera()
    api.add_evidence()
    api.post(event(0), event(1))
    user = make_user(api.settings.database_url.get_secret_value(), *Role)
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(api.app.openapi()), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
    command += [str(document), "--url", api.url, "--phases", PHASES, "--max-examples", EXAMPLES]
    command += ["--seed", "1", "--generation-deterministic"]
    command += ["--continue-on-failure", "--no-color", "--request-timeout", "20"]
    run = subprocess.run(
        command,
        # It keeps what it found in a folder here.
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FUZZ_URL": api.url,
            "FUZZ_KEY": api.key,
            "FUZZ_LOGIN": user.login,
            "FUZZ_PASSWORD": PASSWORD,
        },
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Stateful" in run.stdout
