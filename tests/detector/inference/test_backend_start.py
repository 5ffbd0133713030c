"""The backend starts in a fresh process, every time."""

import subprocess
import sys
from pathlib import Path

from tests.colour_model import write_colour_model

START = """
import sys
from pathlib import Path
from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings
from models.intake.installed_model import find_model
from models.registry.settings import ModelSettings
from streams.kit.stage_costs import StageCosts
installed = find_model(ModelSettings(weights=Path(sys.argv[1])))
with OpenVinoBackend(installed, DetectorSettings(), StageCosts()):
    print("started")
"""
# One start in four stood still for ever when the first inferences ran side by side.
STARTS = 8


def test_first_inferences_of_a_process_do_not_wait_for_each_other(tmp_path: Path):
    weights = write_colour_model(tmp_path)
    for _ in range(STARTS):
        done = subprocess.run(
            [sys.executable, "-c", START, str(weights)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "started" in done.stdout, done.stderr
