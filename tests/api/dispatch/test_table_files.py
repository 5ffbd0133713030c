"""Tables in files: what is wrong is named by file, line, column and value, all of it together."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.dispatch.dispatch_store import StoredRows
from api.dispatch.duty_roster import Shift
from api.dispatch.responsibility import Responsibility
from api.dispatch.table_faults import TableFaultsError
from tests.api.dispatch.city_tables import CELLS, ORGANISATION, CityTables, cell, collection

ZONE = ZoneInfo("Asia/Shanghai")


def test_everything_is_read(city: CityTables):
    read = city.read()
    tables = read.tables
    assert read.warnings == ()
    assert tables.organisation.unit("north_town").name_en == "北街道"
    assert tables.responsibilities == [Responsibility("09001", "team", "500106001")]
    assert tables.shifts[1] == Shift(
        "sanitation",
        "handler.sanitation",
        datetime(2026, 1, 1, 8, tzinfo=ZONE),
        datetime(2026, 1, 1, 18, tzinfo=ZONE),
    )
    assert len(tables.grids) == 3
    assert (tables.components[0].type_code, tables.components[0].unit_id) == ("01002", "sanitation")


def test_only_the_organisation_must_be_there(city: CityTables):
    for name in ("responsibilities.csv", "roster.csv", "components.csv", "grids.geojson"):
        city.remove(name)
    tables = city.read().tables
    left = (tables.responsibilities, tables.shifts, tables.grids, tables.components)
    assert left == (None, None, None, None)
    city.remove("organisation.csv")
    assert "organisation.csv: is missing from" in city.faults()[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_spreadsheets_write(city: CityTables, encoding: str, delimiter: str, line_end: str):
    text = ORGANISATION.replace(",", delimiter).replace("\n", line_end) + delimiter * 6 + line_end
    (city.folder / "organisation.csv").write_bytes(text.encode(encoding))
    assert city.read().tables.organisation.root.name_zh == "市"


def test_gbk_is_told_apart(city: CityTables):
    city.write("organisation.csv", ORGANISATION, "gbk")
    (fault,) = city.faults()
    assert fault.startswith("organisation.csv line 2: is not UTF-8 (byte 0xCA)")
    assert "save it as UTF-8" in fault


ORGANISATION_FAULTS = [
    ("a b,x,x,town,city,,", "line 11: unit_id 'a b' needs 1 to 64 of the letters"),
    ("x,x,x,tonw,city,,", "kind 'tonw' is no kind of unit; known are city, district, town"),
    ("x,x,x,town,city,50010,", "division_code '50010' is no division: give 6, 9 or 12"),
    ("x,x,x,town,city,5.001E+05,", "format the column as text"),
    ("x,x,x,town,city,,sanitatoin", "department_key 'sanitatoin' is no department"),
    ("x,x,x,town,city,,sanitatoin", "did you mean 'sanitation'?"),
    ("x,,x,town,city,,", "line 11: name_zh is empty"),
    ("x,x,x,town,city,,,,9", "cell '9' stands beyond the last column"),
    ('x,"x\n",x,town,nowhere,,', "line 11: parent_id 'nowhere' is no unit"),
    ("city,x,x,town,district,,", "line 11: unit_id 'city' is there twice"),
    ("x,x,x,station,west_town,,sanitation", "answered for by 'west_sanitation' in 'west_town'"),
    ('x,"x,town', "is no CSV"),
]


@pytest.mark.parametrize(("line", "said"), ORGANISATION_FAULTS)
def test_faults_of_units(city: CityTables, line: str, said: str):
    city.add("organisation.csv", line)
    (fault,) = city.faults()
    assert fault.startswith("organisation.csv line 1")
    assert said in fault


def test_circle_is_named_with_its_units(city: CityTables):
    city.add("organisation.csv", "a,a,a,town,b,,\nb,b,b,town,c,,\nc,c,c,town,a,,")
    (fault,) = city.faults()
    assert fault == (
        "organisation.csv line 11: parent_id 'b' closes a circle: a → b → c → a; "
        "give one of them a parent outside of it"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0900,,,,team", "issue_pattern '0900' is no issue: give five digits"),
        ("6010,,,,team", "did you mean '06010'?; format the column as text"),
        ("09000,,,,team", "issue_pattern '09000' is no issue type of catalogue"),
        ("98,,,,team", "issue_pattern '98' is no major class of catalogue"),
        ("99001,,,,team", "is about faults of cameras, which are never dispatched"),
        ("99,,,,team", "is about faults of cameras"),
        ("*,500107,,,team", "grid_prefix '500107' begins the code of no cell"),
        ("*,500106009,,,team", "did you mean '50010600"),
        ("*,5.00106E+14,,,team", "is no beginning of a cell's 15 characters; format"),
        ("*,5001060010010011,,,team", "is no beginning of a cell's 15 characters"),
        ("*,,1023,,team", "component_type '1023' is no kind of component"),
        ("*,,,8-18,team", "hours '8-18' are no hours"),
        ("*,,,,taem", "unit_id 'taem' is no unit of organisation.csv; did you mean 'team'?"),
        ("*,,,,district", "unit_id 'district' is a district, not a department or station"),
        ("*,,,,", "unit_id is empty"),
        ("09001,500106001,,,police", "contradicts line 2, which is equally specific and leads to"),
    ],
)
def test_faults_of_responsibilities(city: CityTables, line: str, said: str):
    city.add("responsibilities.csv", line)
    (fault,) = city.faults()
    assert fault.startswith("responsibilities.csv line 3: ")
    assert said in fault


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("team,a,2026-01-01 18:00,2026-01-01 08:00", "is not after starts_at '2026-01-01 18:00'"),
        ("team,a,2026-01-01 18:00,2026-01-01 18:00", "is not after starts_at"),
        ("team,a,soon,2026-01-01 08:00", "starts_at 'soon' is no time"),
        ("team,a,0026-01-01 08:00,2026-01-01 08:00", "is no year from 2000 to 2200"),
        ("team,张三,2026-01-01,2026-01-02", "person '张三' needs 1 to 64 of the letters"),
        ("nobody,a,2026-01-01,2026-01-02", "unit_id 'nobody' is no unit"),
        ("city,a,2026-01-01,2026-01-02", "unit_id 'city' is a city, not a department"),
    ],
)
def test_faults_of_the_roster(city: CityTables, line: str, said: str):
    city.add("roster.csv", line)
    (fault,) = city.faults()
    assert fault.startswith("roster.csv line 4: ")
    assert said in fault


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-01-02T08:00:00+08:00", "2027-01-02T16:00:00Z"),
        ("2027/1/2 8:00", "2027/1/3 0:00:00"),
        ("2027-01-02 08:00", "2027/1/3"),
    ],
)
def test_times_as_they_are_written(city: CityTables, start: str, end: str):
    city.add("roster.csv", f"team,relief,{start},{end}")
    shift = city.read().tables.shifts[-1]
    assert shift.starts_at == datetime(2027, 1, 2, 8, tzinfo=ZONE)
    assert shift.ends_at == datetime(2027, 1, 3, 0, tzinfo=ZONE)


def test_gap_in_the_roster_is_a_warning(city: CityTables):
    city.add("roster.csv", "team,relief,2027-01-02 08:00,2027-01-03 08:00")
    assert city.read().warnings == (
        "roster.csv: nobody of team is on duty from 2027-01-01 00:00 until 2027-01-02 08:00",
    )


def test_file_that_nobody_reads_is_a_warning(city: CityTables):
    city.write("responsibility.csv", "x")
    (warning,) = city.read().warnings
    assert warning.startswith("responsibility.csv was not read; the tables are components.csv")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("5.00106E+16,106.4,29.5,", "is no component's id: give its 17 digits, or 16"),
        ("5.00106E+16,106.4,29.5,", "format the column as text"),
        ("5001060102000001,106.4,29.5,", "type_code is empty, and the 16 digits"),
        (
            "50010601002000002,106.4,29.5,01003",
            "type_code '01003' is not what the id says, '01002'",
        ),
        ("50010601002000002,106.4,29.5,1", "type_code '1' is no kind of component"),
        ("50010601002000002,29.5,106.4,", "lon, lat '29.5, 106.4' is no place on earth"),
        ("50010601002000002,nan,29.5,", "lon, lat 'nan, 29.5' is no place on earth"),
        ("50010601002000002,here,29.5,", "lon, lat 'here, 29.5' is no place on earth"),
        ("50010601002000001,106.4,29.5,", "component_id '50010601002000001' is there twice"),
    ],
)
def test_faults_of_components(city: CityTables, line: str, said: str):
    city.write(
        "components.csv",
        f"component_id,lon,lat,type_code\n50010601002000001,106.45,29.55,\n{line}\n",
    )
    (fault,) = city.faults()
    assert fault.startswith("components.csv line 3: ")
    assert said in fault


def point(lon: object, **properties: object) -> dict:
    geometry = {"type": "Point", "coordinates": [lon, 29.55]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def test_components_on_a_map(city: CityTables):
    city.remove("components.csv")
    named = point(106.45, component_id="5001060102000001", type_code="01002", unit_id="team")
    by_id = {**point(106), "id": "50010601003000001"}
    city.write("components.geojson", collection([named, by_id]))
    first, second = city.read().tables.components
    assert (first.type_code, first.unit_id, first.lat) == ("01002", "team", 29.55)
    assert (second.type_code, second.unit_id, second.lon) == ("01003", None, 106.0)


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        (point(106.45, component_id=50010601002000001), "is no text; put it in quotes"),
        (point("106.45", component_id="x"), "coordinates \"['106.45', 29.55]\" is no place"),
        (point(True, component_id="x"), "is no place on earth"),
        (point(106.45), "component_id is missing from the properties"),
        (cell("500106001001009", 106.0, 29.0), "is no Feature with a Point"),
        ("x", "is no Feature with a Point"),
    ],
)
def test_faults_of_components_on_a_map(city: CityTables, feature: object, said: str):
    city.remove("components.csv")
    city.write("components.geojson", collection([feature]))
    (fault,) = city.faults()
    assert fault.startswith("components.geojson feature 1: ")
    assert said in fault


def test_two_files_of_components(city: CityTables):
    city.write("components.geojson", collection([]))
    assert city.faults() == [
        "components.csv: and components.geojson are both there; leave one of them"
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (collection([*CELLS, CELLS[0]]), "feature 4: properties.unit_grid '500106001001001' is"),
        (
            collection([cell("5001", 106.0, 29.0)]),
            "feature 1: properties.unit_grid String should match",
        ),
        ("[" * 100_000, "is no GeoJSON"),
        ("{}", "is no GeoJSON FeatureCollection"),
        (
            collection(CELLS)[:-1]
            + ', "crs": {"type": "name", "properties": {"name": "EPSG:4547"}}}',
            "crs 'EPSG:4547' is in the coordinate system EPSG:4547, needs WGS-84",
        ),
    ],
)
def test_faults_of_cells(city: CityTables, content: str, said: str):
    city.write("grids.geojson", content)
    # Nothing is said of prefixes: whether their cells are there is not known.
    (fault,) = city.faults()
    assert said in fault


def test_prefixes_without_any_cell(city: CityTables):
    city.remove("grids.geojson")
    (fault,) = city.faults()
    assert "cannot be found, as there are no cells; add grids.geojson or name --grids" in fault
    assert city.read(StoredRows(unit_grids=("500106001009001",))).tables.grids is None


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("unit_id,person,starts_at", "column 'ends_at' is missing"),
        (
            "unit_id,person,starts_at,ends_at,phone",
            "column 'phone' is not known; known are unit_id",
        ),
        ("unit_id,person,starts_at,ends_at,person", "column 'person' is there twice"),
        ("", "column 'unit_id' is missing"),
    ],
)
def test_headers(city: CityTables, header: str, said: str):
    city.write("roster.csv", f"{header}\n")
    assert said in city.faults()[0]


def test_nul_is_no_text(city: CityTables):
    city.write("roster.csv", "unit_id,person,starts_at,ends_at\nte\x00am,a,b,c\n")
    assert city.faults() == ["roster.csv line 2: holds a NUL character; save it as UTF-8 text"]


def test_faults_of_all_files_are_told_together_and_not_endlessly(city: CityTables):
    for number in range(50):
        city.add("responsibilities.csv", f"1{number:02},,,,team")
    city.add("roster.csv", "nobody,a,2026-01-01,2026-01-02")
    with pytest.raises(TableFaultsError) as caught:
        city.read()
    told = str(caught.value).splitlines()
    assert len(caught.value.faults) == 51
    assert told[0] == f"the tables in '{city.folder}' cannot be used, nothing was changed:"
    assert told[21:23] == [
        "  responsibilities.csv: … and 30 more",
        "  roster.csv line 4: unit_id 'nobody' is no unit of organisation.csv",
    ]


def test_units_of_wrong_lines_are_not_called_unknown(city: CityTables):
    city.add("organisation.csv", "night,夜,Night,teem,west_town,,")
    city.add("responsibilities.csv", "*,,,,night")
    (fault,) = city.faults()
    assert "kind 'teem'" in fault


def test_what_stays_in_the_database_is_checked(city: CityTables):
    city.remove("responsibilities.csv")
    city.remove("roster.csv")
    moment = datetime(2026, 1, 1, tzinfo=ZONE)
    stored = StoredRows(
        responsibilities=(Responsibility("*", "gone"), Responsibility("*", "team", "9")),
        shifts=(Shift("gone", "a", moment, moment.replace(year=2027)),),
    )
    assert [fault.split(";")[0] for fault in city.faults(stored)] == [
        "responsibilities.csv in the database: unit_id 'gone' is no unit of organisation.csv",
        "responsibilities.csv in the database: grid_prefix '9' begins the code of no cell",
        "roster.csv in the database: unit_id 'gone' is no unit of organisation.csv",
    ]
