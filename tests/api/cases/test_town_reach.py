"""Users of a town see and touch the events, pictures and cameras of their town only."""

import hashlib
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from api.accounts.role import Role
from api.routes.examples import CAMERA
from tests.api.cases.conftest import PLACE, RUBBISH, SOUTH_PLACE, District, cells
from tests.api.running_api import JPEG, START, event, event_id, stream
from tests.events import small_jpeg
from tests.waiting import wait_until

NORTH, SOUTH = event_id(1), event_id(2)
NOWHERE = event_id(3)
PICTURES = {NORTH: small_jpeg() + b"north", SOUTH: small_jpeg() + b"south"}


def name_of(jpeg: bytes) -> str:
    return hashlib.sha256(jpeg).hexdigest()


def placed(number: int, camera_id: str, place: tuple[float, float]) -> dict[str, Any]:
    picture = PICTURES.get(event_id(number))
    shown = (
        []
        if picture is None
        else [{"kind": "crop", "sha256": name_of(picture), "captured_at": START.isoformat()}]
    )
    made = event(number, camera_id=camera_id, issue_code=RUBBISH, score=0.3, evidence=shown)
    made["geometry"]["coordinates"] = list(place)
    return made


@pytest.fixture
def towns(district: District) -> District:
    """An event and a camera in each of two towns, and one of each in no cell."""
    for camera_id, (lon, lat) in (
        ("north", PLACE),
        ("south", SOUTH_PLACE),
        ("nowhere", (114.2, 22.7)),
    ):
        district.api.add_camera(camera_id=camera_id, lon=lon, lat=lat)
    for picture in PICTURES.values():
        district.api.add_evidence(picture)
    district.post(
        placed(1, "north", PLACE),
        placed(2, "south", SOUTH_PLACE),
        placed(3, "nowhere", (114.2, 22.7)),
    )
    return district


def of_unit(district: District, unit_id: str | None, *roles: Role) -> httpx.Client:
    return district.api.user_named(
        f"of-{unit_id}", *(roles or (Role.OPERATOR, Role.DISPATCHER)), unit_id=unit_id
    )


def events_of(client: httpx.Client, query: str = "") -> set[str]:
    answer = client.get(f"/v1/events{query}")
    assert answer.status_code == 200, answer.text
    return {one["id"] for one in answer.json()["features"]}


@pytest.mark.parametrize(
    ("unit_id", "seen"),
    [
        (None, {"north", "south", "nowhere"}),
        ("district", {"north", "south", "nowhere"}),
        ("north", {"north"}),
        ("south", {"south"}),
        ("sanitation", set()),
        ("a_unit_that_is_gone", set()),
    ],
)
def test_lists_are_cut_to_the_unit(towns: District, unit_id: str | None, seen: set[str]):
    client = of_unit(towns, unit_id)
    ids = {"north": NORTH, "south": SOUTH, "nowhere": NOWHERE}
    assert events_of(client) == {ids[one] for one in seen}
    assert events_of(client, "?status=open&camera_id=north") == {
        ids[one] for one in seen & {"north"}
    }
    assert {one["camera_id"] for one in client.get("/v1/cameras").json()} == seen
    features = client.get("/v1/cameras.geojson").json()["features"]
    assert {one["properties"]["camera_id"] for one in features} == seen


def test_single_readings_of_others_are_not_found(towns: District):
    client = of_unit(towns, "north")
    for path in (
        f"/v1/events/{NORTH}",
        "/v1/cameras/north",
        "/v1/cameras/north/condition",
        f"/v1/evidence/{name_of(PICTURES[NORTH])}",
    ):
        assert client.get(path).status_code == 200, path
    for path in (
        f"/v1/events/{SOUTH}",
        f"/v1/events/{NOWHERE}",
        "/v1/cameras/south",
        "/v1/cameras/south/condition",
        "/v1/cameras/south/preview",
        "/v1/cameras/south/references/first",
        f"/v1/evidence/{name_of(PICTURES[SOUTH])}",
    ):
        assert client.get(path).status_code == 404, path
    assert towns.api.reader.get(f"/v1/evidence/{name_of(PICTURES[SOUTH])}").status_code == 200


def test_conditions_and_references_are_cut(towns: District):
    fault = {
        "fault": "dark",
        "state": "standing",
        "since": START.isoformat(),
        "measured": "12 of 255",
        "blinds": True,
    }
    for camera_id in ("north", "south"):
        said = {"faults": [fault], "next_report_seconds": 600}
        put = towns.api.http.put(f"/v1/cameras/{camera_id}/condition", json=said)
        assert put.is_success, put.text
        put = towns.api.http.put(
            f"/v1/cameras/{camera_id}/references/first",
            content=JPEG,
            headers={"Content-Type": "image/jpeg"},
        )
        assert put.is_success, put.text
    client = of_unit(towns, "north")
    for path in ("/v1/camera-conditions", "/v1/camera-references"):
        assert [one["camera_id"] for one in client.get(path).json()] == ["north"], path
        assert len(towns.api.http.get(path).json()) == 2


def test_cameras_of_others_are_not_touched(towns: District):
    client = of_unit(towns, "north")
    lon, lat = PLACE
    mine = {**CAMERA, "lon": lon, "lat": lat}
    south_lon, south_lat = SOUTH_PLACE
    theirs = {**mine, "lon": south_lon, "lat": south_lat}
    assert client.delete("/v1/cameras/south").status_code == 404
    assert client.put("/v1/cameras/north", json={**mine, "camera_id": "north"}).status_code == 200
    moved = client.put("/v1/cameras/north", json={**theirs, "camera_id": "north"})
    assert moved.status_code == 422
    assert "outside the ground of your unit" in moved.text
    taken = client.put("/v1/cameras/south", json={**mine, "camera_id": "south"})
    assert taken.status_code == 422
    assert client.post("/v1/cameras", json={**theirs, "camera_id": "new"}).status_code == 422
    listed = [
        {**mine, "camera_id": "new-1"},
        {**theirs, "camera_id": "new-2"},
        {**mine, "camera_id": "south"},
        {**mine, "camera_id": "new-3"},
    ]
    receipts = client.post("/v1/cameras", json=listed).json()["receipts"]
    assert [(one["camera_id"], one["status"]) for one in receipts] == [
        ("new-1", "created"),
        ("new-2", "rejected"),
        ("south", "rejected"),
        ("new-3", "created"),
    ]
    picture = {"content": JPEG, "headers": {"Content-Type": "image/jpeg"}}
    assert client.put("/v1/cameras/south/references/first", **picture).status_code == 404
    assert client.delete("/v1/cameras/south/references/first").status_code == 404
    assert towns.api.http.get("/v1/cameras/south").json()["lon"] == south_lon


def test_camera_is_placed_anew_when_the_cells_are(towns: District):
    client = of_unit(towns, "north")
    swapped = cells()
    codes = [one["properties"]["unit_grid"] for one in swapped["features"]]
    for feature, code in zip(swapped["features"], reversed(codes), strict=True):
        feature["properties"]["unit_grid"] = code
    put = towns.api.http.put("/v1/grids", json=swapped)
    assert put.is_success, put.text
    assert {one["camera_id"] for one in client.get("/v1/cameras").json()} == {"south"}


def test_stream_is_cut(towns: District):
    client = of_unit(towns, "south")
    token = client.headers["Authorization"].removeprefix("Bearer ")
    with (
        towns.api.client(token) as reader,
        reader.stream("GET", "/v1/stream", params={"after": 0}) as answer,
    ):
        lines = answer.iter_lines()
        data = [next(line for line in lines if line.startswith("data:"))]
        towns.post({**placed(4, "north", PLACE)}, {**placed(5, "south", SOUTH_PLACE)})
        data.append(next(line for line in lines if line.startswith("data:")))
    assert SOUTH in data[0]
    assert event_id(5) in data[1]


def test_stream_of_a_key_is_whole(towns: District):
    with stream(towns.api, params={"after": 0}) as lines:
        seen = [next(line for line in lines if line.startswith("data:")) for _ in range(3)]
    assert all(any(one in line for line in seen) for one in (NORTH, SOUTH, NOWHERE))


def test_verdicts_and_holds_are_cut(towns: District):
    client = of_unit(towns, "north", Role.DISPATCHER, Role.SUPERVISOR, Role.ML_ENGINEER)
    everybody = of_unit(towns, None, Role.DISPATCHER, Role.SUPERVISOR, Role.ML_ENGINEER)
    verdict = {"verdict": "true"}
    assert client.post(f"/v1/events/{NORTH}/verdicts", json=verdict).status_code == 201
    assert client.post(f"/v1/events/{SOUTH}/verdicts", json=verdict).status_code == 404
    assert everybody.post(f"/v1/events/{SOUTH}/verdicts", json=verdict).status_code == 201
    listed = client.get("/v1/verdicts").json()["verdicts"]
    assert [one["event_id"] for one in listed] == [NORTH]
    assert len(everybody.get("/v1/verdicts").json()["verdicts"]) == 2
    hold = {"reason": "法院调查"}
    assert client.put(f"/v1/events/{SOUTH}/hold", json=hold).status_code == 404
    assert everybody.put(f"/v1/events/{SOUTH}/hold", json=hold).status_code == 200
    assert client.delete(f"/v1/events/{SOUTH}/hold").status_code == 404
    assert client.put(f"/v1/events/{NORTH}/hold", json=hold).status_code == 200
    assert [one["subject_id"] for one in client.get("/v1/holds").json()["holds"]] == [NORTH]


def test_merge_proposals_are_cut(towns: District):
    address = towns.api.settings.database_url.get_secret_value()
    with psycopg.connect(address) as database:
        database.execute(
            "INSERT INTO merge_proposals (older_event_id, younger_event_id, distance_m, limit_m) "
            "VALUES (%s, %s, 1, 2)",
            [NORTH, SOUTH],
        )
        (proposal,) = database.execute("SELECT proposal_id FROM merge_proposals").fetchone()
    assert of_unit(towns, "north").get("/v1/merge-proposals").json()["proposals"] == []
    path = f"/v1/merge-proposals/{proposal}/verdict"
    said = {"verdict": "rejected"}
    assert of_unit(towns, "north").post(path, json=said).status_code == 404
    whole = of_unit(towns, None)
    assert len(whole.get("/v1/merge-proposals").json()["proposals"]) == 1
    assert whole.post(path, json=said).status_code == 200


def test_department_sees_the_pictures_of_its_cases_only(towns: District):
    """A picture of a case is for its department, wherever the event lies."""
    wait_until(
        lambda: len(towns.api.reader.get("/v1/cases").json()["cases"]) == 3, what="the cases"
    )
    client = of_unit(towns, "sanitation", Role.DEPARTMENT)
    path = f"/v1/evidence/{name_of(PICTURES[SOUTH])}"
    assert client.get(path).status_code == 404
    (case,) = towns.api.reader.get("/v1/cases", params={"event_id": SOUTH}).json()["cases"]
    towns.do(case["case_id"], "register", Role.ACCEPTOR)
    assert client.get(path).status_code == 200
    assert of_unit(towns, "traffic", Role.DEPARTMENT).get(path).status_code == 404


def test_picture_that_nothing_names_is_for_nobody_of_a_unit(towns: District):
    name = towns.api.add_evidence(small_jpeg() + b"alone")
    assert of_unit(towns, "north").get(f"/v1/evidence/{name}").status_code == 404
    assert of_unit(towns, None).get(f"/v1/evidence/{name}").status_code == 200


def test_cleared_event_is_cut_alike(towns: District):
    gone = placed(2, "south", SOUTH_PLACE)
    gone["properties"] |= {
        "revision": 2,
        "cleared_at": (START + timedelta(minutes=1)).isoformat(),
    }
    towns.post(gone)
    assert events_of(of_unit(towns, "south"), "?status=cleared") == {SOUTH}
    assert events_of(of_unit(towns, "north"), "?status=cleared") == set()
