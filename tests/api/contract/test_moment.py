"""Moments as they are sent: with date, time and zone, never a count of seconds."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from api.contract.moment import Moment
from tests.api.running_api import RunningApi, event

READER: TypeAdapter[datetime] = TypeAdapter(Moment)


@pytest.mark.parametrize(
    "text", ["2026-11-28T09:14:03Z", "2026-11-28T17:14:03+08:00", "2026-11-28 09:14:03.000z"]
)
@pytest.mark.parametrize("strict", [True, False])
def test_moment_is_read(text: str, strict: bool):
    assert READER.validate_json(f'"{text}"', strict=strict) == datetime(
        2026, 11, 28, 9, 14, 3, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1764321243", "is a number, no moment; write it as RFC 3339 does"),
        ("0.5", "is a number, no moment"),
        ("-5", "is a number, no moment"),
        ("2026-11-28T09:14:03", "should have timezone info"),
        ("2026-13-28T09:14:03Z", "month value is outside expected range"),
        ("2026-11-28", "should be a valid datetime"),
        ("", "input is too short"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_what_is_no_moment_is_refused(text: str, said: str, strict: bool):
    with pytest.raises(ValidationError, match=said):
        READER.validate_json(f'"{text}"', strict=strict)


def test_number_in_json_is_no_moment():
    with pytest.raises(ValidationError, match="should be a valid datetime"):
        READER.validate_json("5", strict=True)


def test_moment_comes_back_as_it_is():
    moment = datetime.now(UTC)
    assert READER.validate_python(moment) is moment


@pytest.mark.parametrize(
    "path", ["/v1/cases?until=0.5", "/v1/events?since=1764321243", "/v1/figures?from=1&until=2"]
)
def test_count_of_seconds_in_an_address(api: RunningApi, path: str):
    answer = api.http.get(path)
    assert answer.status_code == 422, answer.text
    assert "is a number, no moment" in answer.json()["errors"][0]["message"]


def test_count_of_seconds_in_an_event(api: RunningApi):
    api.add_camera()
    (receipt,) = api.post(event(last_seen="1764321243"))
    assert receipt["status"] == "rejected"
    (error,) = receipt["errors"]
    assert (error["field"], error["value"]) == ("properties.last_seen", "1764321243")
    assert "is a number, no moment" in error["message"]
