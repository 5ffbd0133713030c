"""Importing tables, and trying them before, as a city's operator does."""

import json
import os
from pathlib import Path

import psycopg
import pytest

from tests.api.test_server import citypatrol

REPOSITORY = Path(__file__).parents[3]
TABLES = REPOSITORY / "demo" / "dispatch"
GRIDS = REPOSITORY / "demo" / "grids.geojson"
OVERLAYS = {
    "CITYPATROL_CATALOGUE_OVERLAYS": str(REPOSITORY / "demo" / "overlay.yaml"),
    "COLUMNS": "200",
}

EVENTS = """\
issue_code,lon,lat,time
09010,106.455520,29.541033,2026-05-01 10:00
09880,106.456856,29.543019,2026-05-01 10:00
06010,106.459500,29.543500,2026-05-01 13:00
06010,106.459500,29.543500,2026-05-01 23:00
09009,100.000000,29.543500,2026-05-01 13:00
99001,106.459500,29.543500,2026-05-01 13:00
"""


def test_tables_of_the_demo_are_tried(tmp_path: Path, own_folder: Path):
    own_folder.mkdir()
    events, report = tmp_path / "events.csv", tmp_path / "report.json"
    events.write_text(EVENTS)
    options = ["--grids", GRIDS, "--events", events, "--report", report]
    done = citypatrol("dispatch", "try", TABLES, *options, TMPDIR=str(own_folder), **OVERLAYS)
    assert done.returncode == 0, done.stderr
    assert "4 of 5 events find their department without a person (80.0%" in done.stdout
    assert "no cell holds the place 100.0, 29.5435" in done.stdout
    figures = json.loads(report.read_text())
    assert (figures["events"], figures["camera_faults"], figures["resolved"]) == (6, 1, 4)
    assert figures["automatic_share"] == pytest.approx(0.8)
    assert {one["unit_id"]: one["events"] for one in figures["by_department"]} == {
        "urban_management": 1,
        "transport": 1,
        "zhongxing_cleaning": 1,
        "sanitation": 1,
    }
    assert sum(one["nobody_on_duty"] for one in figures["by_department"]) == 0
    assert {one["reason"]: one["example"]["event"] for one in figures["unresolved"]} == {
        "outside_grids": "line 6",
        "camera_fault": "line 7",
    }
    assert list(own_folder.iterdir()) == []


def test_trial_leaves_the_database_alone(database_url: str, tmp_path: Path):
    events = tmp_path / "events.csv"
    events.write_text("issue_code,lon,lat,time\n")
    address = {"CITYPATROL_API_DATABASE_URL": database_url}
    options = ["--grids", GRIDS, "--events", events]
    done = citypatrol("dispatch", "try", TABLES, *options, **OVERLAYS, **address)
    assert done.returncode == 0, done.stderr
    assert "0 events, none of which is to be dispatched" in done.stdout
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM organisation_units").fetchone() == (0,)


def test_tables_are_imported_and_faults_are_told(database_url: str, tmp_path: Path):
    address = ["--database-url", database_url]
    done = citypatrol("dispatch", "import", TABLES, "--grids", GRIDS, *address, **OVERLAYS)
    assert done.returncode == 0, done.stderr
    assert "units: 35, responsibilities: 8, shifts: 34, cells: 30, components: left" in done.stdout
    # The cells are there by now.
    again = citypatrol("dispatch", "import", TABLES, *address, **OVERLAYS)
    assert "cells: left as they are" in again.stdout, again.stderr
    (tmp_path / "organisation.csv").write_bytes(
        "unit_id,name_zh,kind\ncity,市,city\n".encode("gbk")
    )
    wrong = citypatrol("dispatch", "import", tmp_path, *address, **OVERLAYS)
    assert wrong.returncode == 1
    assert "organisation.csv line 2: is not UTF-8" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM organisation_units").fetchone() == (35,)


def test_many_gaps_are_told_in_part(database_url: str, tmp_path: Path):
    (tmp_path / "organisation.csv").write_text(
        "unit_id,name_zh,kind,parent_id\ncity,市,city,\nteam,队,station,city\n"
    )
    days = (f"team,a,2026-01-{day:02} 08:00,2026-01-{day:02} 18:00" for day in range(1, 31))
    (tmp_path / "roster.csv").write_text(
        os.linesep.join(["unit_id,person,starts_at,ends_at", *days, ""])
    )
    done = citypatrol("dispatch", "import", tmp_path, "--database-url", database_url)
    assert done.returncode == 0, done.stderr
    warnings = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert warnings[0].startswith("warning: roster.csv: nobody of team is on duty from 2026-01-01")
    assert len(warnings) == 21
    assert warnings[-1] == "warning: … and 9 more"
