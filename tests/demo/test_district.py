import json

import pytest
import yaml
from shapely import Point, Polygon, union_all

from demo.demo_cameras import CAMERAS, GRIDS, OVERLAY, STREETS, demo_camera, general_camera
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings

ENTRIES = yaml.safe_load(CAMERAS.read_text(encoding="utf-8"))["cameras"]
CELLS = [
    (feature["properties"]["unit_grid"], Polygon(feature["geometry"]["coordinates"][0]))
    for feature in json.loads(GRIDS.read_text(encoding="utf-8"))["features"]
]
# Some twenty metres: a camera at a kerb of the outermost street is still the district's.
KERB_DEGREES = 0.00025


@pytest.mark.parametrize("camera_id", ENTRIES)
def test_every_camera_is_valid_and_every_zone_serves_an_enabled_issue_type(camera_id):
    camera = demo_camera(camera_id, "rtsp://127.0.0.1/x")
    catalogue = load_catalogue(CatalogueSettings(overlays=(OVERLAY,)))
    rules = [catalogue.issue_type(enabled.code).rule for enabled in camera.issue_types]

    for zone in camera.zones:
        assert any(zone.kind in rule.zones for rule in rules), zone.zone_id
    for rule in rules:
        assert any(zone.kind in rule.zones for zone in camera.zones), rule.zones


@pytest.mark.parametrize("camera_id", ENTRIES)
def test_every_camera_stands_in_the_district(camera_id):
    entry = ENTRIES[camera_id]
    district = union_all([cell for _, cell in CELLS])

    assert district.distance(Point(entry["lon"], entry["lat"])) < KERB_DEGREES


def test_cells_have_codes_of_their_own_and_share_edges_without_overlap():
    codes = [code for code, _ in CELLS]
    cells = [cell for _, cell in CELLS]

    assert all(len(code) == 15 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes)
    assert all(cell.is_valid for cell in cells)
    assert sum(cell.area for cell in cells) == pytest.approx(union_all(cells).area, rel=1e-6)


def test_what_lies_beneath_the_cells_is_named_in_both_languages():
    for feature in json.loads(STREETS.read_text(encoding="utf-8"))["features"]:
        assert {"kind", "name_zh", "name_en"} <= set(feature["properties"])


@pytest.mark.parametrize(
    "camera",
    [
        *(demo_camera(camera_id, "rtsp://127.0.0.1/x") for camera_id in ENTRIES),
        general_camera("own clip", "rtsp://127.0.0.1/x", 0),
    ],
    ids=lambda camera: camera.camera_id,
)
def test_all_that_a_camera_lists_is_watched_for(camera):
    catalogue = load_catalogue(CatalogueSettings(overlays=(OVERLAY,)))

    for enabled in camera.issue_types:
        assert catalogue.watched(enabled.code), enabled.code
