import json

import pytest

from streams.camera_file import CameraFileError, read_cameras

HEADER = "camera_id,name,stream_url,lon,lat"
GATE = "gate,School gate,rtsp://admin:s3cret@10.0.0.1/live,106.45,29.55"


@pytest.fixture
def written(tmp_path):
    def write(content, name="cameras.csv", encoding="utf-8"):
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_bytes(text.encode(encoding))
        return path

    return write


def problems(path):
    with pytest.raises(CameraFileError) as caught:
        read_cameras(path)
    assert str(path) in str(caught.value)
    assert "s3cret" not in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def feature(geometry=(106.45, 29.55), **properties):
    fields = {"camera_id": "gate", "name": "Gate", "stream_url": "rtsp://10.0.0.1/live"}
    point = None if geometry is None else {"type": "Point", "coordinates": list(geometry)}
    return {"type": "Feature", "geometry": point, "properties": fields | properties}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def test_every_column(written):
    zones = [{"zone_id": "z", "kind": "road", "polygon": [[0, 0], [1, 0], [1, 1]]}]
    cells = {
        "pose": {"height_m": 6, "azimuth_deg": 90, "tilt_deg": 20, "horizontal_fov_deg": 60},
        "zones": zones,
        "lines": [{"line_id": "l", "kind": "fence", "points": [[0, 0], [1, 0.5]]}],
        "issue_types": [{"code": "09009", "dwell_seconds": 60}],
    }
    quoted = ",".join('"' + json.dumps(cell).replace('"', '""') + '"' for cell in cells.values())
    path = written(
        f"{HEADER},position_accuracy_m,look_interval_seconds,gb28181_id,enabled,{','.join(cells)}\n"
        f"{GATE},2.5,30,34020000001320000001,FALSE,{quoted}\n"
    )
    (camera,) = read_cameras(path)
    assert (camera.lon, camera.lat, camera.position_accuracy_m) == (106.45, 29.55, 2.5)
    assert camera.pose.azimuth_deg == 90
    assert camera.zones[0].kind == "road"
    assert camera.lines[0].points == ((0.0, 0.0), (1.0, 0.5))
    assert camera.issue_types[0].code == "09009"
    assert not camera.enabled
    assert camera.gb28181_id == "34020000001320000001"
    assert camera.stream_url.get_secret_value() == "rtsp://admin:s3cret@10.0.0.1/live"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write(written, encoding, delimiter):
    text = f"{HEADER}\r\nx1,学府路口,rtsp://10.0.0.1/live,106.45,29.55\r\n,,,,\r\n\r\n"
    (camera,) = read_cameras(written(text.replace(",", delimiter), encoding=encoding))
    assert camera.name == "学府路口"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEADER},colour\n{GATE},red", "row 1: 'colour': is no known column"),
        ("camera_id,name,stream_url\ngate,Gate,rtsp://h/", "row 1: lon: column is missing"),
        (f"{HEADER},lon\n{GATE},1", "row 1: lon: is there twice"),
        ("", "row 1: camera_id: column is missing"),
        (f"{HEADER}\ngate,Gate,rtsp://h/,,29.5", "row 2: lon: Field required"),
        (f"{HEADER}\ngate,Gate,rtsp://h/,106.4,", "row 2: lat: Field required"),
        (f"{HEADER}\ngate,Gate,rtsp://h/,196.4,29", "row 2: lon: Input should be less than or"),
        (f"{HEADER}\n{GATE}\n{GATE}", "row 3: camera_id: is used by row 2 too, got 'gate'"),
        (f"{HEADER}\n{GATE},surplus", "row 2: has 6 cells, but there are 5 columns"),
        (f"{HEADER},zones\n{GATE},[[", "row 2: zones: is no JSON"),
        (f'{HEADER},zones\n{GATE},"[{{""zone_id"": ""z""}}]"', "row 2: zones.0.kind: Field requ"),
        (
            f'{HEADER},zones\n{GATE},"[{{""zone_id"":""z"",""kind"":""road"",'
            '""polygon"":[[0,0],[1,1]]}]"',
            "row 2: zones.0: zone 'z': polygon has 2 different points",
        ),
        (f'{HEADER}\n{GATE}\n"unclosed', "line 3: is no CSV"),
    ],
)
def test_problems_name_row_field_and_value(written, text, expected):
    found = problems(written(text))
    assert any(problem.startswith(expected) for problem in found), found


@pytest.mark.parametrize(
    "row",
    [
        "gate,Gate,http://admin:s3cret@h/,106,29",
        "gate,Gate,rtsp://admin:s3cret@h:port/,106,29",
        "gate,Gate,s3cret,106,29",
        "gate,Gate,rtsp://admin:12/s3cret@h/,206,29",
        "gate,Gate,106,29,rtsp://admin:s3cret@h/",
        "rtsp://admin:s3cret@h/,Gate,rtsp://h/,106,29",
        'gate,Gate,rtsp://admin:s3cret@h/,106,29,"{""height_m"": ""rtsp://a:s3cret@h/""}"',
        "gate,Gate,rtsp://admin:s3cret@h/,106,29,{rtsp://admin:s3cret@h/}",
    ],
)
def test_no_problem_shows_a_password(written, row):
    assert problems(written(f"{HEADER},pose\n{row}"))


def test_all_problems_are_kept_and_the_first_ones_told(written):
    rows = "\n".join(f"c{number},Gate,rtsp://h/,," for number in range(40))
    path = written(f"{HEADER}\n{rows}")
    assert len(problems(path)) == 80
    with pytest.raises(CameraFileError, match="… and 60 more"):
        read_cameras(path)


def test_geojson(written):
    path = written(
        collection(feature(zones=[]), feature(camera_id="wall", enabled=False)), "c.geojson"
    )
    gate, wall = read_cameras(path)
    assert (gate.camera_id, gate.lon, gate.lat) == ("gate", 106.45, 29.55)
    assert not wall.enabled


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "is no JSON"),
        ({"type": "Feature"}, "is no GeoJSON FeatureCollection"),
        (collection("gate"), "feature 1: properties: are missing"),
        (collection(feature(geometry=None)), "feature 1: geometry: must be a Point"),
        (collection(feature(geometry=(200, 29))), "feature 1: lon: Input should be less"),
        (collection(feature(), feature()), "feature 2: camera_id: is used by feature 1 too"),
        (collection(feature(colour="red")), "feature 1: colour: Extra inputs are not permitted"),
    ],
)
def test_geojson_problems(written, content, expected):
    found = problems(written(content, "cameras.geojson"))
    assert any(problem.startswith(expected) for problem in found), found


def test_unreadable_files(tmp_path, written):
    assert "No such file" in problems(tmp_path / "none.csv")[0]
    path = written("")
    path.write_bytes(b"\xff\xfe\xff\xff\x80\x81")
    assert "neither in UTF-8 nor in GBK" in problems(path)[0]


def test_null_of_a_map_program_is_left_out(written):
    given = collection(feature(zones=None, enabled=None, gb28181_id=None))
    (camera,) = read_cameras(written(given, "cameras.geojson"))
    assert (camera.zones, camera.enabled) == ((), True)
    assert problems(written(collection(feature(name=None)), "cameras.geojson")) == [
        "feature 1: name: Field required"
    ]
    (camera,) = read_cameras(written(f"{HEADER},zones\n{GATE},null"))
    assert camera.zones == ()


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        {"type": "name", "properties": {"name": "EPSG:4326x"}},
        {"type": "name", "properties": {"name": "4326"}},
        {"type": "link", "properties": {"href": "crs.wkt"}},
        "EPSG:4326",
    ],
)
def test_geojson_in_another_coordinate_system_is_refused(written, crs):
    (problem,) = problems(written(collection(feature()) | {"crs": crs}, "cameras.geojson"))
    assert "needs WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490)" in problem


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4490",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ],
)
def test_geojson_that_names_its_degrees_is_taken(written, name):
    crs = {"type": "name", "properties": {"name": name}}
    for given in (crs, None):
        assert read_cameras(written(collection(feature()) | {"crs": given}, "cameras.geojson"))


def test_full_width_digits_are_no_code(written):
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in "34020000001320000001")
    (problem,) = problems(written(f"{HEADER},gb28181_id\n{GATE},{wide}"))
    assert problem.startswith("row 2: gb28181_id: String should match pattern '^[0-9]{20}$'")


def test_text_of_another_encoding_is_refused(written):
    text = f"{HEADER}\nx1,大門口,rtsp://10.0.0.1/live,106.45,29.55\n"
    assert any("\ue000" <= sign <= "\uf8ff" for sign in text.encode("big5").decode("gb18030"))
    (problem,) = problems(written(text, encoding="big5"))
    assert "neither in UTF-8 nor in GBK; save it as CSV UTF-8" in problem


def test_columns_without_a_name_are_ignored_while_they_are_empty(written):
    (camera,) = read_cameras(written(f"{HEADER},,\n{GATE},,\n"))
    assert camera.camera_id == "gate"
    (problem,) = problems(written(f"{HEADER},,\n{GATE},,left over\n"))
    assert problem == "row 2: column 7 has no name in row 1, but a cell here, got 'left over'"


@pytest.mark.parametrize("name", ["cameras.geojson", "cameras.csv"])
def test_json_that_is_nested_without_end_is_one_problem(written, name):
    deep = "[" * 100_000
    text = deep if name.endswith("json") else f"{HEADER},zones\n{GATE},{deep}"
    (problem,) = problems(written(text, name))
    assert "is no JSON" in problem
    assert "\n" not in problem
