"""What can be set on calendars and clocks."""

from typing import Annotated

import holidays
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.clocks.clock_error import ClockError
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.clocks.working_calendar import DEFAULT_PERIODS, DEFAULT_TIME_ZONE, known_zone
from api.clocks.working_period import WorkingPeriod, read_periods


def _read_limit(value: object) -> object:
    try:
        return TimeLimit.parse(value) if isinstance(value, str) else value
    except ClockError as error:
        raise ValueError(str(error)) from None


def _read_periods(value: object) -> object:
    try:
        return read_periods(value) if isinstance(value, str) else value
    except ClockError as error:
        raise ValueError(str(error)) from None


def _known_zone(name: str) -> str:
    try:
        known_zone(name)
    except ClockError as error:
        raise ValueError(str(error)) from None
    return name


def _known_country(country: str) -> str:
    if country not in holidays.list_supported_countries():
        raise ValueError(
            f"no holidays are known of country {country!r}; write its two letters, like CN"
        )
    return country


LimitText = Annotated[TimeLimit, NoDecode, BeforeValidator(_read_limit)]
"""A limit that is given as text, like ``4 work_hour``."""

_QUARTER_OF_AN_HOUR = TimeLimit(0.25, TimeUnit.URGENT_HOUR)
_HALF_AN_HOUR = TimeLimit(0.5, TimeUnit.URGENT_HOUR)


class ClockSettings(BaseSettings):
    """Working hours and time limits of a city; a limit is written as in `4 work_hour`.

    The limits are those of one city that publishes its own.
    """

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_CLOCK_", extra="ignore", frozen=True)

    time_zone: Annotated[str, AfterValidator(_known_zone)] = Field(
        DEFAULT_TIME_ZONE, description="Time zone in which the working periods are meant."
    )
    working_periods: Annotated[
        tuple[WorkingPeriod, ...], NoDecode, BeforeValidator(_read_periods)
    ] = Field(
        DEFAULT_PERIODS,
        description="When work is done on a working day, in order, with commas between them.",
    )
    holidays_country: Annotated[str, AfterValidator(_known_country)] = Field(
        "CN",
        description="Country whose holidays and working weekends hold where the city has not "
        "imported others, two letters.",
    )
    speed: float = Field(
        1.0,
        gt=0,
        le=100_000,
        description="How fast time goes for cases, with a simulated start; 1 is true time.",
    )
    simulated_start: AwareDatetime | None = Field(
        None,
        description="What time it shall be for cases when the API starts; for simulations only.",
    )
    accept_limit: LimitText = Field(
        _QUARTER_OF_AN_HOUR, description="How long it may take to register or refuse a report."
    )
    dispatch_limit: LimitText = Field(
        _QUARTER_OF_AN_HOUR, description="How long it may take to send a matter to a department."
    )
    pre_verify_limit: LimitText = Field(
        _HALF_AN_HOUR, description="How long it may take to see on site whether a report is true."
    )
    post_check_limit: LimitText = Field(
        _HALF_AN_HOUR, description="How long it may take to see on site whether a matter is done."
    )
    close_limit: LimitText = Field(
        _QUARTER_OF_AN_HOUR, description="How long it may take to close a matter that is done."
    )
    handle_limit: LimitText = Field(
        TimeLimit(4, TimeUnit.WORK_HOUR),
        description="How long a department may take for a matter whose type says nothing else.",
    )
