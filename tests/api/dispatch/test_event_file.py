"""Events to try tables with, as the API gives and takes them, or as a table."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.contract.events import EventPage
from api.dispatch.event_file import NamedMatter, read_matters
from api.dispatch.resolution import Matter
from api.dispatch.table_faults import TableFaultsError
from tests.api.dispatch.city_tables import WEST, collection
from tests.api.running_api import RunningApi, event
from tests.events import make_feature, make_sighting

ZONE = ZoneInfo("Asia/Shanghai")


def test_events_as_a_worker_sends_them(tmp_path: Path):
    feature = make_feature(make_sighting())
    path = tmp_path / "events.geojson"
    path.write_text(collection([feature.model_dump(mode="json")]))
    seen = feature.properties.first_seen
    assert read_matters(path, ZONE) == [
        NamedMatter(feature.id, Matter("09009", 106.457, 29.541, seen))
    ]


def test_events_as_the_api_gives_them(api: RunningApi, tmp_path: Path):
    api.add_camera()
    api.post(event(0))
    path = tmp_path / "events.json"
    answer = api.reader.get("/v1/events")
    path.write_bytes(answer.content)
    (named,) = read_matters(path, ZONE)
    (stored,) = EventPage.model_validate_json(answer.content).features
    assert named.name == stored.id
    assert named.matter.issue_code == stored.properties.issue_code
    assert named.matter.moment == stored.properties.first_seen


def test_events_as_a_table(tmp_path: Path):
    path = tmp_path / "events.csv"
    path.write_text(
        "issue_code,lon,lat,time,unit_grid\n"
        f"06010,106.45,29.55,2026/1/1 8:00,{WEST}\n"
        "06010,106.45,29.55,2026-01-01T08:00:00+00:00,\n"
    )
    first, second = read_matters(path, ZONE)
    assert first == NamedMatter(
        "line 2", Matter("06010", 106.45, 29.55, datetime(2026, 1, 1, 8, tzinfo=ZONE), WEST)
    )
    assert second.matter.moment == datetime(2026, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("6010,106.45,29.55,2026-01-01,", "issue_code '6010' is no issue type"),
        ("06010,106.45,,2026-01-01,", "lat is empty"),
        ("06010,106.45,95,2026-01-01,", "lon, lat '106.45, 95' is no place on earth"),
        ("06010,106.45,29.55,noon,", "time 'noon' is no time"),
        ("06010,106.45,29.55,2026-01-01,5001", "unit_grid '5001' is no cell"),
    ],
)
def test_faults_of_a_table(tmp_path: Path, line: str, said: str):
    path = tmp_path / "events.csv"
    path.write_text(f"issue_code,lon,lat,time,unit_grid\n{line}\n")
    with pytest.raises(TableFaultsError) as caught:
        read_matters(path, ZONE)
    assert f"events.csv line 2: {said}" in str(caught.value)


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"first_seen": "2026-01-01T00:00:00Z"}, "issue_code Field required"),
        ({"issue_code": "09009", "first_seen": "2026-01-01T00:00:00"}, "first_seen"),
        (
            {"issue_code": "9009", "first_seen": "2026-01-01T00:00:00Z"},
            "issue_code String should match pattern '^[0-9]{5}$', got '9009'",
        ),
    ],
)
def test_faults_of_features(tmp_path: Path, properties: dict[str, str], said: str):
    point = {"type": "Point", "coordinates": [106.45, 29.55]}
    path = tmp_path / "events.geojson"
    path.write_text(collection([{"type": "Feature", "geometry": point, "properties": properties}]))
    with pytest.raises(TableFaultsError) as caught:
        read_matters(path, ZONE)
    assert f"events.geojson feature 1: {said}" in str(caught.value)
