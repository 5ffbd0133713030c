"""Settings of calendars and clocks."""

import pytest
from pydantic import ValidationError

from api.clocks.clock_settings import ClockSettings
from api.clocks.time_limit import TimeLimit
from api.clocks.working_period import WorkingPeriod


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CITYPATROL_CLOCK_WORKING_PERIODS", "09:00-12:00,13:00-17:00")
    monkeypatch.setenv("CITYPATROL_CLOCK_HANDLE_LIMIT", "1 work_day")
    settings = ClockSettings()
    assert settings.working_periods == (WorkingPeriod(540, 720), WorkingPeriod(780, 1020))
    assert settings.handle_limit == TimeLimit.parse("1 work_day")


def test_limits_are_those_of_the_lifecycle():
    settings = ClockSettings()
    limits = {
        name: str(getattr(settings, name))
        for name in ClockSettings.model_fields
        if name.endswith("_limit")
    }
    assert limits == {
        "accept_limit": "0.25 urgent_hour",
        "dispatch_limit": "0.25 urgent_hour",
        "pre_verify_limit": "0.5 urgent_hour",
        "post_check_limit": "0.5 urgent_hour",
        "close_limit": "0.25 urgent_hour",
        "handle_limit": "4 work_hour",
    }


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("time_zone", "Asia/Peking", "'Asia/Peking' is not known; write one like Asia/Shanghai"),
        ("working_periods", "8-12", "working period '8-12' cannot be read; write 08:00-12:00"),
        ("working_periods", "", "there is no working period"),
        ("holidays_country", "XX", "no holidays are known of country 'XX'"),
        ("accept_limit", "15 min", "time limit '15 min' cannot be read; write an amount and one"),
        ("accept_limit", "0 work_hour", "write more than 0"),
    ],
)
def test_wrong_setting_says_what_can_be_written(name: str, value: str, problem: str):
    with pytest.raises(ValidationError, match=problem):
        ClockSettings(**{name: value})
