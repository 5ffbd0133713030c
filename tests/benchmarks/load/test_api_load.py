"""The load of the API runs through it all, and its figures say what came of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.commands.commands import bench
from benchmarks.load.api_load import LoadReport
from benchmarks.load.many_cases import CaseNumberError

LISTENERS = 5


def test_figures_of_a_small_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    # The figures shall be there, not be steady.
    monkeypatch.setattr("benchmarks.load.api_load.WANTED_EVENTS_PER_SECOND", 50.0)
    monkeypatch.setattr("benchmarks.load.api_load.WARM_UP_SECONDS", 0.5)
    monkeypatch.setattr("benchmarks.load.list_queries.ANSWERS_OF_A_QUERY", 1)
    monkeypatch.setattr("benchmarks.load.list_queries.PAGES_BEFORE", 2)
    report, folder = tmp_path / "load.json", tmp_path / "data"
    options = ["--seconds", "2", "--listeners", str(LISTENERS), "--folder", str(folder)]

    ran = CliRunner().invoke(bench, ["api", "--cases", "600", *options, "--report", str(report)])

    assert ran.exit_code == 0, ran.output
    figures = LoadReport.model_validate_json(report.read_text())
    assert figures.cases == 600
    assert figures.events_per_second > 0
    assert figures.cpu_ms_per_event > 0
    assert figures.listeners_complete == LISTENERS
    assert figures.list_p95_ms == max(figures.slowest_lists.values())
    assert figures.figures_s == max(figures.slowest_figures.values())
    assert "cpu_ms_per_event" in ran.output

    again = CliRunner().invoke(bench, ["api", "--cases", "700", *options])
    assert isinstance(again.exception, CaseNumberError)
    assert "has 600 made-up cases, 700 are asked for" in str(again.exception)
