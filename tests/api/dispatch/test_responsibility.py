"""Which row of the responsibilities holds for a matter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.dispatch.duty_hours import DutyHours
from api.dispatch.responsibility import (
    AmbiguousResponsibilityError,
    Responsibility,
    ResponsibilityTable,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
MIDNIGHT = datetime(2026, 5, 1, 16, 0, tzinfo=UTC)
GRID = "500106001002003"


def row(unit_id: str, pattern: str = "*", prefix: str = "", **more: str) -> Responsibility:
    hours = DutyHours.parse(more["hours"]) if "hours" in more else None
    return Responsibility(pattern, unit_id, prefix, more.get("component_type"), hours)


def found(rows: list[Responsibility], moment: datetime = NOON) -> str | None:
    best = ResponsibilityTable(rows, ZONE).find("09001", GRID, "01002", moment)
    return None if best is None else best.unit_id


# Each is more specific than all before it, by the documented order.
LADDER = [
    row("anywhere"),
    row("by_day", hours="08:00-18:00"),
    row("of_covers", component_type="01002"),
    row("in_town", prefix="500106001"),
    row("in_cell", prefix=GRID),
    row("of_class", "09"),
    row("of_class_in_district", "09", "500106"),
    row("of_type", "09001"),
    row("of_type_by_day", "09001", hours="08:00-18:00"),
    row("of_type_of_covers", "09001", component_type="01002"),
    row("of_type_of_covers_by_day", "09001", component_type="01002", hours="08:00-18:00"),
    row("of_type_in_district", "09001", "5001"),
    row("of_type_in_cell", "09001", GRID),
]


@pytest.mark.parametrize("length", range(1, len(LADDER) + 1))
def test_the_most_specific_row_wins(length: int):
    rows = LADDER[:length]
    assert found(rows) == found(rows[::-1]) == rows[-1].unit_id


@pytest.mark.parametrize(
    "other",
    [
        row("x", "09002"),
        row("x", "06"),
        row("x", prefix="500107"),
        row("x", component_type="01001"),
        row("x", hours="18:00-08:00"),
        row("x", hours="09:00-12:00"),
    ],
)
def test_a_row_of_other_matters_is_none(other: Responsibility):
    assert found([other]) is None


def test_hours_are_those_of_the_city():
    rows = [row("day", hours="08:00-20:00"), row("night", hours="20:00-08:00")]
    assert found(rows, NOON) == "day"
    assert found(rows, MIDNIGHT) == "night"


def test_a_row_for_a_component_needs_one():
    table = ResponsibilityTable([row("covers", component_type="01002"), row("rest")], ZONE)
    assert table.find("09001", GRID, None, NOON).unit_id == "rest"
    assert table.component_types("09001") == {"01002"}


def test_component_types_are_those_of_the_rows_that_fit():
    rows = [
        row("x", "01023", component_type="01001"),
        row("x", "01", component_type="01002"),
        row("x", "09", component_type="01003"),
    ]
    table = ResponsibilityTable(rows, ZONE)
    assert table.component_types("01023") == {"01001", "01002"}
    assert table.component_types("06010") == frozenset()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (row("a", "09001", "5001"), row("b", "09001", "5001")),
        (row("a", hours="08:00-12:00"), row("b", hours="11:59-18:00")),
        (row("a", hours="22:00-06:00"), row("b", hours="05:00-06:00")),
    ],
)
def test_equally_specific_rows_are_refused(first: Responsibility, second: Responsibility):
    with pytest.raises(AmbiguousResponsibilityError, match=r"'a'.*'b'.*equally specific"):
        ResponsibilityTable([first, second], ZONE)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (row("a", "09001"), row("a", "09001")),
        (row("a", hours="08:00-12:00"), row("b", hours="12:00-08:00")),
        (row("a", hours="08:00-12:00"), row("b")),
        (row("a", component_type="01001"), row("b")),
    ],
)
def test_rows_that_do_not_contradict_each_other_stay(first: Responsibility, second: Responsibility):
    assert found([first, second]) is not None
