"""How long a month's figures take, together and by everything that they can be grouped by."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx

from api.figures.figure_question import Grouping
from benchmarks.load.posted_events import LoadError

MONTH = timedelta(days=30)
# The month before the present one, which nobody has asked for yet.
ENDED = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class FigureTime:
    """How long figures took.

    Attributes:
        name: Which.
        seconds: The longest of the answers.
    """

    name: str
    seconds: float


def figure_questions() -> dict[str, Mapping[str, str]]:
    """What is asked, by the name that the report calls it."""
    grouped = {f"by {group.value}": {"group": group.value} for group in Grouping}
    return {
        **grouped,
        "of an area": {"area": "load_town_3"},
        "of a department, by type": {"department": "load_department_3", "group": "issue_type"},
        "of a type": {"issue_code": "09001"},
        "of a channel": {"source": "hotline"},
    }


async def time_figures(http: httpx.AsyncClient) -> list[FigureTime]:
    """Ask for figures of the month that runs and of one that has ended; slowest first.

    Raises:
        LoadError: They were refused.
    """
    now = datetime.now(UTC)
    times = []
    for name, asked in figure_questions().items():
        longest = 0.0
        for until in (now, now - ENDED):
            period = {"from": (until - MONTH).isoformat(), "until": until.isoformat()}
            begin = time.perf_counter()
            answer = await http.get("/v1/figures", params={**period, **asked})
            longest = max(longest, time.perf_counter() - begin)
            if answer.status_code != HTTPStatus.OK:
                raise LoadError(f"the figures {name} were answered with {answer.text[:300]}")
        times.append(FigureTime(name, longest))
    return sorted(times, key=lambda one: -one.seconds)
