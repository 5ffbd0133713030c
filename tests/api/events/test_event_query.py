"""Events out: filters and stable pages."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from api.events.event_query import Cursor
from tests.api.running_api import START, RunningApi, event, event_id


@pytest.fixture
def filled(api: RunningApi) -> RunningApi:
    """Five events: number 4 is of another camera, type and place; 3 is cleared."""
    api.add_camera()
    api.add_camera(camera_id="south-gate")
    cleared = (START + timedelta(seconds=100)).isoformat()
    far = event(4, camera_id="south-gate", issue_code="09010")
    far["geometry"]["coordinates"] = [114.5, 22.9]
    api.post(event(0), event(1), event(2), event(3, cleared_at=cleared), far)
    return api


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [4, 3, 2, 1, 0]),
        ("?kind=event", [4, 3, 2, 1, 0]),
        ("?kind=camera", []),
        ("?issue_code=09010", [4]),
        ("?issue_code=09010&issue_code=09009", [4, 3, 2, 1, 0]),
        ("?camera_id=south-gate", [4]),
        ("?camera_id=nowhere", []),
        ("?status=cleared", [3]),
        ("?status=open&camera_id=north-gate", [2, 1, 0]),
        ("?box=114,22,115,23", [4]),
        ("?box=113.9413,22.5403,113.9413,22.5403", [3, 2, 1, 0]),
        ("?unit_grid=440305001001001", []),
        pytest.param(
            f"?since={quote((START + timedelta(seconds=3)).isoformat())}", [4, 3], id="since"
        ),
        pytest.param(
            f"?until={quote((START + timedelta(seconds=2)).isoformat())}", [1, 0], id="until"
        ),
        ("?limit=2", [4, 3]),
    ],
)
def test_filters(filled: RunningApi, query, expected):
    assert [one["id"] for one in filled.stored(query)] == [event_id(n) for n in expected]


def test_faults_of_cameras_are_told_from_what_happens_in_the_street(filled: RunningApi):
    filled.post(event(5, issue_code="99001"), event(6, issue_code="01050"))
    wanted = {"camera": [5], "component": [6], "event": [4, 3, 2, 1, 0]}
    for kind, numbers in wanted.items():
        found = filled.stored(f"?kind={kind}")
        assert [one["id"] for one in found] == [event_id(n) for n in numbers]
        assert {one["properties"]["kind"] for one in found} == {kind}
    both = filled.stored("?kind=camera&kind=component&status=open")
    assert [one["id"] for one in both] == [event_id(n) for n in (6, 5)]
    assert filled.stored("?kind=camera&issue_code=09009") == []


def test_a_return_names_the_event_that_cleared_and_is_found_by_it(filled: RunningApi):
    filled.post(event(5, recurrence_of=event_id(3), recurrence_number=2))

    (found,) = filled.stored(f"?recurrence_of={event_id(3)}")
    assert found["id"] == event_id(5)
    assert found["properties"]["recurrence_number"] == 2
    (first,) = filled.stored("?status=cleared")
    assert first["properties"]["recurrence_of"] is None
    assert first["properties"]["recurrence_number"] == 0


@pytest.mark.parametrize(
    "said", [{"recurrence_number": 1}, {"recurrence_of": event_id(3)}], ids=["of none", "uncounted"]
)
def test_half_a_recurrence_is_refused(filled: RunningApi, said):
    (receipt,) = filled.post(event(5, **said))
    assert receipt["status"] == "rejected"
    assert "recurrence_number" in receipt["errors"][0]["message"]


def test_an_event_is_not_its_own_return(filled: RunningApi):
    (receipt,) = filled.post(event(5, recurrence_of=event_id(5), recurrence_number=1))
    assert receipt["status"] == "rejected"
    assert "the event itself" in receipt["errors"][0]["message"]


def test_events_are_found_by_how_their_confirmation_stands(filled: RunningApi):
    def asked(status: str) -> dict[str, object]:
        answered_at = None if status == "pending" else START.isoformat()
        return {"by": "vision_endpoint", "status": status, "answered_at": answered_at}

    filled.post(event(5, confirmation=asked("pending")), event(6, confirmation=asked("refuted")))
    filled.post(event(5, revision=2, confirmation=asked("confirmed")))

    for query, numbers in {
        "refuted": [6],
        "pending": [],
        "refuted&confirmation=confirmed": [6, 5],
    }.items():
        found = filled.stored(f"?confirmation={query}")
        assert [one["id"] for one in found] == [event_id(n) for n in numbers]
    (refuted,) = filled.stored("?confirmation=refuted")
    assert refuted["properties"]["confirmation"]["by"] == "vision_endpoint"
    assert filled.stored("?status=cleared")[0]["properties"]["confirmation"] is None


def test_pages_neither_repeat_nor_hide(filled: RunningApi):
    first = filled.reader.get("/v1/events?limit=2").json()
    # What comes in between must not shift the next page.
    filled.post(event(9), event(1, revision=2))
    second = filled.reader.get(f"/v1/events?limit=2&cursor={first['next_cursor']}").json()
    third = filled.reader.get(f"/v1/events?limit=2&cursor={second['next_cursor']}").json()
    seen = [one["id"] for page in (first, second, third) for one in page["features"]]
    assert seen == [event_id(n) for n in (4, 3, 2, 1, 0)]
    assert third["next_cursor"] is None


def test_pages_of_events_of_one_moment(api: RunningApi):
    api.add_camera()
    moment = START.isoformat()
    api.post(*(event(n, first_seen=moment) for n in range(7)))
    seen, cursor = [], ""
    while True:
        page = api.reader.get(f"/v1/events?limit=3{cursor}").json()
        seen += [one["id"] for one in page["features"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [event_id(n) for n in reversed(range(7))]


def test_cursor_is_read_back():
    cursor = Cursor(START, event_id(3))
    assert Cursor.parse(cursor.token()) == cursor


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=%F0%9F%9A%B2", "cursor"),
        ("cursor=WzEsMl0", "cursor"),
        ("cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjAwIiwieCJd", "cursor"),
        ("cursor=" + "W1tb" * 300, "cursor"),
        ("box=1,2,3", "box"),
        ("box=a,b,c,d", "box"),
        ("box=nan,nan,nan,nan", "box"),
        ("box=3,2,1,4", "box"),
        ("box=-190,0,0,0", "box"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("issue_code=car", "issue_code.0"),
        ("camera_id=%00", "camera_id"),
        ("unit_grid=x", "unit_grid"),
        ("status=gone", "status"),
        ("kind=street", "kind.0"),
        ("since=yesterday", "since"),
        ("since=2025-01-01T00:00:00", "since"),
    ],
)
def test_bad_query_is_named(api: RunningApi, query, field):
    answer = api.reader.get(f"/v1/events?{query}")
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/v1/events/{event_id(77)}", 404), ("/v1/events/x", 422), ("/v1/events/%00", 422)],
)
def test_event_that_is_not_there(api: RunningApi, path, status):
    answer = api.reader.get(path)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "event_id"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
def test_times_at_the_ends_of_the_calendar(filled: RunningApi, moment):
    assert filled.reader.get(f"/v1/events?since={moment}").status_code == 200
    assert filled.reader.get(f"/v1/events?until={moment}").status_code == 200
