"""Which matters a client of Open311 asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from api.contract.open311 import RequestStatus
from api.open311.refusal import bad_request

# The specification's: what is not asked for, and what may be.
SPAN = timedelta(days=90)
MOST_REQUESTS = 1000
MOST_LISTED = 100
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")


@dataclass(frozen=True, slots=True)
class Moments:
    """What dates are read with.

    Attributes:
        now: The moment.
        zone: Time zone of dates that name none.
    """

    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """What a client asks for.

    Attributes:
        numbers: Only these, whatever else is asked; None asks for none in particular.
        service_codes: Of these services.
        statuses: With one of these; empty is any.
        since: Reported at or after.
        until: Reported at or before.
    """

    numbers: tuple[str, ...] | None
    service_codes: tuple[str, ...]
    statuses: frozenset[RequestStatus]
    since: datetime
    until: datetime

    @classmethod
    def parse(cls, given: Mapping[str, str], moments: Moments) -> Self:
        """Read it from a query.

        Raises:
            RefusalError: Something of it cannot be read.
        """
        since, until = _span(given, moments)
        numbers = None
        if given.get("service_request_id"):
            numbers = tuple(filter(_NUMBER.fullmatch, _parts(given, "service_request_id")))
        return cls(
            numbers=numbers,
            service_codes=_parts(given, "service_code"),
            statuses=frozenset(_status(text) for text in _parts(given, "status")),
            since=since,
            until=until,
        )


def _parts(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in given.get(name, "").split(",") if part.strip())
    if len(parts) > MOST_LISTED:
        raise bad_request(f"{name} lists {len(parts)} values; at most {MOST_LISTED} are taken")
    return parts


def _status(text: str) -> RequestStatus:
    try:
        return RequestStatus(text)
    except ValueError:
        raise bad_request(f"status {text[:20]!r} is neither open nor closed") from None


def _span(given: Mapping[str, str], moments: Moments) -> tuple[datetime, datetime]:
    start, end = _moment(given, "start_date", moments), _moment(given, "end_date", moments)
    try:
        if start is None and end is None:
            return moments.now - SPAN, moments.now
        if start is None:
            assert end is not None  # noqa: S101 - said above
            return end - SPAN, end
        if end is None:
            return start, start + SPAN
    except OverflowError:
        raise bad_request("start_date or end_date is out of all bounds") from None
    if end - start > SPAN:
        raise bad_request(
            f"start_date and end_date lie {(end - start).days} days apart; at most {SPAN.days} "
            "are given at a time"
        )
    return start, end


def _moment(given: Mapping[str, str], name: str, moments: Moments) -> datetime | None:
    text = given.get(name)
    if not text:
        return None
    try:
        # A + that was not escaped has become a space.
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise bad_request(
            f"{name} {text[:40]!r} is no W3C date; write 2026-11-28T09:00:00+08:00"
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=moments.zone)
