"""Two cameras that see the same place: proposed once, decided by people."""

import math
import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.role import Role
from api.events.merge_proposer import MOST_FOR_ONE_EVENT
from tests.api.running_api import START, RunningApi, event, event_id, stream

LON, LAT = 113.9413, 22.5403
METRES_PER_DEGREE = 111_320.0


@pytest.fixture
def street(api: RunningApi) -> RunningApi:
    for camera_id in ("north-gate", "south-gate", "bridge"):
        api.add_camera(camera_id=camera_id)
    return api


def at(metres: float, number: int, camera_id: str, **changes: Any) -> dict[str, Any]:
    """An event located by a pose, so far east of the place, with an error of 3 m."""
    located = {"location_source": "pose", "accuracy_m": 3.0, "camera_id": camera_id}
    feature = event(number, **located | changes)
    east = metres / (METRES_PER_DEGREE * math.cos(math.radians(LAT)))
    feature["geometry"]["coordinates"] = [LON + east, LAT]
    return feature


def proposals(api: RunningApi, query: str = "") -> list[dict[str, Any]]:
    answer = api.reader.get(f"/v1/merge-proposals{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["proposals"]


def pairs(api: RunningApi, query: str = "") -> set[tuple[str, str]]:
    return {(one["older_event_id"], one["younger_event_id"]) for one in proposals(api, query)}


def pair(older: int, younger: int) -> tuple[str, str]:
    return event_id(older), event_id(younger)


def decide(api: RunningApi, proposal: dict[str, Any], verdict: str, status: int = 200):
    body = {"verdict": verdict, "reason": "seen from both sides"}
    path = f"/v1/merge-proposals/{proposal['proposal_id']}/verdict"
    with api.user_named("li.na", Role.DISPATCHER) as dispatcher:
        answer = dispatcher.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def merged_into(api: RunningApi) -> dict[str, str | None]:
    return {one["id"]: one["properties"]["merged_into"] for one in api.stored()}


def test_two_cameras_at_one_place_are_proposed_to_be_one(street: RunningApi):
    street.post(at(0, 1, "north-gate"))
    assert proposals(street) == []
    with stream(street) as lines:
        street.post(at(5, 2, "south-gate"))
        changed = [next(line for line in lines if line.startswith("data:")) for _ in range(2)]

    (proposal,) = proposals(street)
    assert (proposal["older_event_id"], proposal["younger_event_id"]) == pair(1, 2)
    assert proposal["distance_m"] == pytest.approx(5, rel=0.01)
    assert proposal["limit_m"] == pytest.approx(8.9, abs=0.05)
    assert (proposal["status"], proposal["decided_by"]) == ("proposed", None)
    assert {one["id"]: one["properties"]["merge_proposals"] for one in street.stored()} == {
        event_id(1): 1,
        event_id(2): 1,
    }
    assert merged_into(street) == {event_id(1): None, event_id(2): None}
    # Who follows the events hears of it for both.
    assert {number for number in (1, 2) if any(event_id(number) in line for line in changed)} == {
        1,
        2,
    }


CLEARED_LONG_AGO = {"cleared_at": (START + timedelta(minutes=1)).isoformat()}
AN_HOUR_LATER = {
    "first_seen": (START + timedelta(minutes=50)).isoformat(),
    "last_seen": (START + timedelta(minutes=51)).isoformat(),
}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(at(0, 1, "north-gate"), at(10, 2, "south-gate"), id="too far"),
        pytest.param(at(0, 1, "north-gate"), at(1, 2, "north-gate"), id="one camera"),
        pytest.param(
            at(0, 1, "north-gate"), at(1, 2, "south-gate", issue_code="09010"), id="another type"
        ),
        pytest.param(
            at(0, 1, "north-gate"),
            at(1, 2, "south-gate", location_source="camera"),
            id="only the camera is located",
        ),
        pytest.param(
            at(0, 1, "north-gate", **CLEARED_LONG_AGO),
            at(1, 2, "south-gate", **AN_HOUR_LATER),
            id="cleared long before",
        ),
        pytest.param(
            at(0, 1, "north-gate", **CLEARED_LONG_AGO),
            at(1, 2, "south-gate", **CLEARED_LONG_AGO),
            id="both cleared when they came",
        ),
        pytest.param(
            at(0, 1, "north-gate", issue_code="99001"),
            at(0, 2, "south-gate", issue_code="99001"),
            id="faults of cameras",
        ),
    ],
)
def test_others_are_not(street: RunningApi, first, second):
    assert [one["status"] for one in street.post(first, second)] == ["stored"] * 2
    assert proposals(street) == []


def test_what_cleared_a_moment_before_may_be_the_same(street: RunningApi):
    street.post(at(0, 1, "north-gate", **CLEARED_LONG_AGO))
    soon = (START + timedelta(minutes=9)).isoformat()
    street.post(at(1, 2, "south-gate", first_seen=soon, last_seen=soon))
    assert pairs(street) == {pair(1, 2)}


def test_an_event_that_moves_near_is_proposed_then(street: RunningApi):
    street.post(at(0, 1, "north-gate"), at(15, 2, "south-gate"))
    assert proposals(street) == []
    street.post(at(4, 2, "south-gate", revision=2))
    assert pairs(street) == {pair(1, 2)}


def test_of_a_full_kerb_the_nearest_are_proposed(street: RunningApi):
    street.post(*[at(n, n, "north-gate") for n in range(1, 7)])
    street.post(at(0, 9, "south-gate"))
    assert pairs(street) == {pair(n, 9) for n in range(1, 1 + MOST_FOR_ONE_EVENT)}


def test_events_stored_at_the_same_time_make_one_proposal(street: RunningApi):
    cameras = ("north-gate", "south-gate", "bridge")
    started = threading.Barrier(len(cameras))

    def post(number: int) -> None:
        started.wait()
        for revision in (1, 2, 3):
            street.post(at(number, number, cameras[number], revision=revision))

    writers = [threading.Thread(target=post, args=(number,)) for number in range(len(cameras))]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = proposals(street)
    assert len(found) == 3
    assert pairs(street) == {pair(0, 1), pair(0, 2), pair(1, 2)}


# Of four events none has more than the three neighbours that are proposed.
@given(posts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 14)), min_size=2, max_size=9))
@settings(
    max_examples=20,
    # Each example empties the database itself.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_in_any_order_each_pair_that_was_ever_near_is_proposed_once(api: RunningApi, posts):
    cameras = ("north-gate", "south-gate", "bridge")
    api.empty()
    for camera_id in cameras:
        api.add_camera(camera_id=camera_id)
    places: dict[int, int] = {}
    expected = set()
    for revision, (number, metres) in enumerate(posts, start=1):
        api.post(at(metres, number, cameras[number % 3], revision=revision))
        places[number] = metres
        near = sorted(
            (abs(place - metres), other)
            for other, place in places.items()
            # With 3 m of error each they may lie 8.9 m apart.
            if other % 3 != number % 3 and abs(place - metres) < 8.9
        )
        expected |= {pair(*sorted((number, other))) for _, other in near}

    found = proposals(api)
    assert len(found) == len(pairs(api))
    assert pairs(api) == expected


def test_an_accepted_proposal_points_the_younger_event_at_the_older(street: RunningApi):
    street.post(at(0, 1, "north-gate"), at(5, 2, "south-gate"))
    (proposal,) = proposals(street)

    decided = decide(street, proposal, "accepted")

    assert (decided["status"], decided["decided_by"]) == ("accepted", "li.na")
    assert merged_into(street) == {event_id(1): None, event_id(2): event_id(1)}
    assert {one["properties"]["merge_proposals"] for one in street.stored()} == {0}
    assert decide(street, proposal, "accepted") == decided
    refused = decide(street, proposal, "rejected", status=409)
    assert "accepted by li.na" in refused["detail"]
    # What the worker says later does not undo it.
    street.post(at(5, 2, "south-gate", revision=2))
    assert merged_into(street)[event_id(2)] == event_id(1)


def test_all_of_one_matter_point_at_its_oldest_event(street: RunningApi):
    street.post(at(2, 2, "south-gate"), at(4, 3, "bridge"))
    (proposal,) = proposals(street)
    decide(street, proposal, "accepted")
    street.post(at(0, 1, "north-gate"))
    assert pairs(street, "?status=proposed") == {pair(1, 2), pair(1, 3)}

    (proposal,) = [one for one in proposals(street) if one["younger_event_id"] == event_id(3)][:1]
    decide(street, proposal, "accepted")

    assert merged_into(street) == {
        event_id(1): None,
        event_id(2): event_id(1),
        event_id(3): event_id(1),
    }


def test_a_rejected_pair_is_never_proposed_again(street: RunningApi):
    street.post(at(0, 1, "north-gate"), at(5, 2, "south-gate"))
    (proposal,) = proposals(street)
    decide(street, proposal, "rejected")

    street.post(at(4, 2, "south-gate", revision=2))

    assert proposals(street, "?status=proposed") == []
    (kept,) = proposals(street, "?status=rejected")
    assert kept["distance_m"] == proposal["distance_m"]
    assert merged_into(street) == {event_id(1): None, event_id(2): None}


def test_proposals_are_listed_in_pages_and_by_event(street: RunningApi):
    street.post(at(0, 1, "north-gate"), at(1, 2, "south-gate"), at(2, 3, "bridge"))
    first = street.reader.get("/v1/merge-proposals?limit=2").json()
    rest = street.reader.get(f"/v1/merge-proposals?limit=2&cursor={first['next_cursor']}").json()
    assert rest["next_cursor"] is None
    numbers = [one["proposal_id"] for one in first["proposals"] + rest["proposals"]]
    assert len(numbers) == 3
    assert numbers == sorted(numbers, reverse=True)
    assert pairs(street, f"?event_id={event_id(2)}") == {pair(1, 2), pair(2, 3)}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("1", {"verdict": "accepted"}, 404),
        ("none", {"verdict": "accepted"}, 422),
        ("1", {"verdict": "proposed"}, 422),
        ("1", {}, 422),
        # Nobody decides in another's name.
        ("1", {"verdict": "accepted", "decided_by": "Li Na"}, 422),
    ],
)
def test_a_verdict_that_makes_no_sense_is_refused(street: RunningApi, path, body, status):
    with street.user(Role.DISPATCHER) as dispatcher:
        answer = dispatcher.post(f"/v1/merge-proposals/{path}/verdict", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_verdict_is_for_people_who_decide(street: RunningApi):
    body = {"verdict": "accepted"}
    assert street.nobody.post("/v1/merge-proposals/1/verdict", json=body).status_code == 401
    assert street.http.post("/v1/merge-proposals/1/verdict", json=body).status_code == 403
