"""Management cells: replaced as a whole, found for each event."""

import copy

import pytest

from api.routes.examples import GRIDS, UNIT_GRID
from tests.api.running_api import RunningApi, event

EAST = "440305001001002"


def cell(code: str, west: float) -> dict:
    ring = [[west, 22.54], [west + 0.01, 22.54], [west + 0.01, 22.55], [west, 22.55], [west, 22.54]]
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"unit_grid": code, "name": "ignored"},
    }


def cells(*several: dict) -> dict:
    return {"type": "FeatureCollection", "name": "district", "features": list(several)}


def test_events_are_told_their_cell(api: RunningApi):
    api.add_camera()
    api.post(event(0))
    body = cells(cell(UNIT_GRID, 113.94), cell(EAST, 113.95))
    assert api.http.put("/v1/grids", json=body).json() == {"grids": 2}
    east, outside = event(2), event(3)
    east["geometry"]["coordinates"] = [113.955, 22.545]
    outside["geometry"]["coordinates"] = [0, 0]
    on_border = event(4)
    on_border["geometry"]["coordinates"] = [113.95, 22.545]
    api.post(event(1), east, outside, on_border)
    found = [one["properties"]["unit_grid"] for one in reversed(api.stored())]
    assert found == [None, UNIT_GRID, EAST, None, UNIT_GRID]
    assert len(api.stored(f"?unit_grid={EAST}")) == 1


def test_replaced_cells_hold_from_the_next_event_on(api: RunningApi):
    api.add_camera()
    api.http.put("/v1/grids", json=cells(cell(UNIT_GRID, 113.94)))
    api.post(event(0))
    api.http.put("/v1/grids", json=cells(cell(EAST, 113.94)))
    api.post(event(1))
    api.http.put("/v1/grids", json=cells())
    api.post(event(2))
    found = [one["properties"]["unit_grid"] for one in reversed(api.stored())]
    assert found == [UNIT_GRID, EAST, None]


def test_cells_come_back(api: RunningApi):
    api.http.put("/v1/grids", json=GRIDS)
    assert api.reader.get("/v1/grids").json() == GRIDS


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("properties", "unit_grid"), "short", "features.0.properties.unit_grid"),
        (("properties",), {}, "features.0.properties.unit_grid"),
        (("geometry", "type"), "Point", "features.0.geometry.type"),
        (("geometry", "coordinates"), [[[0, 0], [1, 1]]], "features.0.geometry"),
        (
            ("geometry", "coordinates"),
            [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]],
            "features.0.geometry",
        ),
        (
            ("geometry", "coordinates"),
            [[[0, 0], [1, 1], [0, 1], [0, 2]]],
            "features.0.geometry",
        ),
        (
            ("geometry", "coordinates"),
            [[[0, 0], [1, 100], [0, 1], [0, 0]]],
            "features.0.geometry.coordinates.0.1.1",
        ),
    ],
)
def test_bad_cell_is_named_and_nothing_replaced(api: RunningApi, path, value, field):
    api.http.put("/v1/grids", json=GRIDS)
    wrong = copy.deepcopy(GRIDS)
    place = wrong["features"][0]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    answer = api.http.put("/v1/grids", json=wrong)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert api.reader.get("/v1/grids").json() == GRIDS


def test_code_that_comes_twice(api: RunningApi):
    body = cells(cell(EAST, 113.94), cell(EAST, 113.95))
    answer = api.http.put("/v1/grids", json=body)
    assert answer.json()["errors"][0]["value"] == EAST


def test_cells_in_another_coordinate_system_are_refused(api: RunningApi):
    crs = {"type": "name", "properties": {"name": "EPSG:4547"}}
    answer = api.http.put("/v1/grids", json={**GRIDS, "crs": crs})
    assert answer.status_code == 422
    assert "coordinate system EPSG:4547, needs WGS-84" in answer.json()["errors"][0]["message"]
