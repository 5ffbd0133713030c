"""Nothing that uses OpenVINO lets it report to anybody, or write an id into the user's home."""

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import sys, importlib
importlib.import_module(sys.argv[1])
import openvino
from openvino.tools.ovc import telemetry_utils
print(telemetry_utils.tm.__name__)
"""


@pytest.mark.parametrize(
    "module",
    [
        "detector.inference.openvino_backend",
        "models.intake.openvino_graph",
        "labeling.training.commands",
        "benchmarks.inference.inference_speed",
    ],
)
def test_openvino_reports_nothing(module: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, module],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(tmp_path), "PATH": ""},
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub"
    assert not (tmp_path / "intel").exists()
