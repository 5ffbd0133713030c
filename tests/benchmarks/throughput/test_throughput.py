"""The throughput benchmark runs the whole product and its figures add up."""

import threading
from pathlib import Path

import psutil
import pytest
from rich.console import Console
from typer.testing import CliRunner

from benchmarks.commands.commands import bench
from benchmarks.throughput.delay_recorder import Delays
from benchmarks.throughput.throughput import ThroughputFigures, throughput_table
from streams.kit.errors import CityPatrolError
from tests.colour_model import write_colour_model


def test_figures_of_two_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # The figures shall add up, not be steady.
    monkeypatch.setattr("benchmarks.throughput.throughput.WARM_UP_SECONDS", 0.0)
    weights, target = write_colour_model(tmp_path / "model"), tmp_path / "figures.json"
    before = set(psutil.Process().children(recursive=True))
    options = ["--cameras", "2", "--seconds", "5", "--report", str(target)]

    ran = CliRunner().invoke(bench, ["throughput", *options, "--weights", str(weights)])

    assert ran.exit_code == 0, ran.output
    figures = ThroughputFigures.model_validate_json(target.read_text())
    assert figures.cameras == figures.cameras_streaming == 2
    assert figures.frames_analysed > 0
    stages = {**figures.cpu_seconds_per_frame}
    total, other = stages.pop("total"), stages.pop("other")
    assert list(stages) == ["read", "decode", "prepare", "infer", "rules", "evidence"]
    assert all(seconds >= 0 for seconds in stages.values())
    assert total > 0
    assert sum(stages.values()) + other == pytest.approx(total, rel=0.05)
    assert "frames analysed per second" in ran.output
    assert not [t for t in threading.enumerate() if t.name in {"delivery", "rules", "worker"}]
    assert set(psutil.Process().children(recursive=True)) <= before


def test_table_says_when_no_event_was_seen():
    figures = ThroughputFigures.model_validate(
        {
            "machine": "test",
            "measured_at": "2026-11-22T12:00:00Z",
            "model": "m",
            "cameras": 1,
            "cameras_streaming": 1,
            "seconds": 5,
            "frames_analysed": 5,
            "frames_per_second": 1,
            "dropped_frames": {"superseded": 2},
            "cpu_seconds_per_frame": {"total": 0.01},
            "worker_cores": 0.1,
            "replay_cores": 0.1,
            "api_cores": 0.1,
            "delays": Delays(count=0, p50_seconds=None, p95_seconds=None),
        }
    )
    console = Console(record=True, width=100)

    console.print(throughput_table(figures))

    text = console.export_text()
    assert "none seen" in text
    assert "frames dropped, superseded" in text


def test_weights_that_are_not_there_are_named():
    with pytest.raises(CityPatrolError, match=r"no/such\.onnx"):
        CliRunner().invoke(
            bench, ["throughput", "--weights", "/no/such.onnx"], catch_exceptions=False
        )
