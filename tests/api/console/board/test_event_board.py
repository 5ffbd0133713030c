from datetime import UTC, datetime, timedelta

import pytest

from api.console.board.event_board import EventBoard
from api.console.board.shown_kinds import ShownKinds
from api.contract.events import EventStatus, Point, StoredEventFeature, StoredEventProperties
from models.words import IssueKind

STREET, CAMERAS, ALL = ShownKinds
START = datetime(2025, 11, 21, 8, tzinfo=UTC)


def stored(
    number: int,
    change: int | None = None,
    cleared: bool = False,
    kind: IssueKind = IssueKind.EVENT,
) -> StoredEventFeature:
    seen = START + timedelta(minutes=number)
    return StoredEventFeature.model_construct(
        id=f"event-{number}",
        geometry=Point(coordinates=(106.4, 29.5)),
        properties=StoredEventProperties.model_construct(
            first_seen=seen,
            status=EventStatus.CLEARED if cleared else EventStatus.OPEN,
            kind=kind,
            change=number if change is None else change,
        ),
    )


def ids(events: list[StoredEventFeature]) -> list[str]:
    return [event.id for event in events]


@pytest.fixture
def board() -> EventBoard:
    return EventBoard(listed=3, mapped=2)


def test_the_list_holds_the_newest_first(board):
    board.put([stored(number) for number in (2, 5, 1, 4, 3)])

    assert ids(board.listed(STREET)) == ["event-5", "event-4", "event-3"]


def test_the_map_also_holds_older_open_events_but_no_older_cleared_ones(board):
    board.put([stored(9), stored(8, cleared=True), stored(7), stored(6, cleared=True)])
    board.put([stored(number) for number in (1, 2, 3)])

    assert ids(board.mapped(STREET)) == ["event-9", "event-8", "event-7", "event-3", "event-2"]


def test_what_is_shown_nowhere_is_forgotten(board):
    board.put([stored(number) for number in range(100)])

    assert len(board.mapped(STREET)) == 5
    assert board.get("event-0") is None


def test_an_overtaken_state_changes_nothing(board):
    board.put([stored(1, change=7, cleared=True)])
    board.put([stored(1, change=6)])

    assert board.get("event-1").properties.status is EventStatus.CLEARED
    assert board.standing(ALL) == []


def test_faults_of_cameras_are_shown_apart_and_push_nothing_out(board):
    board.put([stored(1), stored(2, kind=IssueKind.COMPONENT)])
    board.put([stored(number, kind=IssueKind.CAMERA) for number in range(10, 60)])

    assert ids(board.listed(STREET)) == ["event-2", "event-1"]
    assert ids(board.listed(CAMERAS)) == ["event-59", "event-58", "event-57"]
    assert ids(board.standing(CAMERAS)) == [f"event-{n}" for n in range(59, 54, -1)]
    assert ids(board.listed(ALL)) == ids(board.listed(CAMERAS))
    assert {"event-1", "event-57"} <= set(ids(board.standing(ALL)))
