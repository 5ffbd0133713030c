"""The command line: its options come from the settings, its errors are one line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import citypatrol

REPOSITORY = Path(__file__).parents[1]
SETTINGS_PAGE = REPOSITORY / "docs" / "settings.md"

API_NODE = """
import sys
for absent in ("av", "cv2", "openvino", "torch", "ultralytics", "aio_rtsp_toolkit"):
    sys.modules[absent] = None
import citypatrol
sys.argv = ["citypatrol", *sys.argv[1:]]
citypatrol.main()
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "citypatrol", *arguments],
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["worker"], {}, "--key (CITYPATROL_WORKER_KEY): Field required"),
        (["worker", "--key", "0123456789", "--iou", "2"], {}, "--iou (CITYPATROL_DETECTOR_IOU)"),
        (["worker"], {"CITYPATROL_WORKER_KEY": "hush"}, "at least 8 items"),
        (
            ["worker", "--key", "0123456789", "--time-zone", "Mars/Olympus"],
            {},
            "no such time zone; give an IANA name such as Asia/Shanghai, got 'Mars/Olympus'",
        ),
        (["serve", "--port", "99999"], {}, "--port (CITYPATROL_API_PORT)"),
        (["--log-level", "loud", "settings"], {}, "--log-level (CITYPATROL_LOG_LEVEL)"),
    ],
)
def test_wrong_setting_is_named_with_option_variable_and_value(
    arguments: list[str], environment: dict[str, str], said: str
):
    done = run(*arguments, **environment)

    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stderr


def test_settings_page_is_what_the_settings_say():
    done = run("settings")

    assert done.stdout == SETTINGS_PAGE.read_text(encoding="utf-8"), (
        "write it anew: citypatrol settings > docs/settings.md"
    )


def test_settings_page_knows_every_model():
    named = {name.partition(":")[2] for name in citypatrol.SETTINGS}
    written = {
        match
        for path in REPOSITORY.glob("*/**/*.py")
        if not {"tests", ".venv"} & set(path.relative_to(REPOSITORY).parts)
        for match in re.findall(r"^class (\w+)\(\w*Settings\):", path.read_text(), re.MULTILINE)
    }
    # Parts of other models, shared by commands that need no more than the part.
    assert written - named == {
        "OutboxSettings",
        "RegistrySettings",
        "ExportSettings",
        "EvaluationSettings",
    }


def test_every_setting_has_a_meaning():
    rows = [line for line in SETTINGS_PAGE.read_text().splitlines() if line.startswith("| `--")]

    assert len(rows) > 40
    assert not [row for row in rows if row.endswith("|  |")]


def test_node_without_the_worker_extra_says_what_is_missing():
    done = subprocess.run(
        [sys.executable, "-c", API_NODE, "--help"],
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout
    assert "detector (needs citypatrol[worker]" in done.stdout


def test_command_whose_extra_is_missing_says_so():
    done = subprocess.run(
        [sys.executable, "-c", API_NODE, "worker", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith(
        "citypatrol: worker is not installed: detector (needs citypatrol[worker]: "
    )
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ("keys", {"openvino", "scipy", "matplotlib", "nicegui", "cv2", "av", "httpx"}),
        ("cameras", {"openvino", "scipy", "matplotlib", "nicegui", "cv2", "fastapi", "sqlalchemy"}),
        ("models", {"matplotlib", "nicegui", "torch", "fastapi", "sqlalchemy"}),
        ("worker", {"matplotlib", "nicegui", "torch", "fastapi", "sqlalchemy"}),
    ],
)
def test_a_command_imports_what_it_needs_and_not_the_others(command: str, parts: set[str]):
    code = (
        f"import sys, citypatrol\ntry: citypatrol.app(['{command}', '--help'])\n"
        "except SystemExit: print('imported:', *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    imported = done.stdout.rpartition("imported:")[2].split()
    assert f"{command} [OPTIONS]" in done.stdout
    assert parts & set(imported) == set()


def test_help_lists_every_command():
    shown = CliRunner().invoke(citypatrol.app, ["--help"])

    for command in ("serve", "worker", "demo", "cameras", "keys", "grids", "models", "bench"):
        assert command in shown.output
