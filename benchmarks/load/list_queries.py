"""Every way in which a list of cases or events is asked for, and how long its answers take."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import httpx
import numpy as np
from ulid import ULID

from benchmarks.load.many_cases import DEPARTMENTS, QUIET_UNIT
from benchmarks.load.posted_events import LoadError

CASES, EVENTS = "/v1/cases", "/v1/events"
UNITS_THAT_ASK = ("load_town_1", "load_department_1", QUIET_UNIT)
# So many that one slow answer in twenty shows.
ANSWERS_OF_A_QUERY = 40
PAGES_BEFORE = 20
QUANTILE = 0.95

Asked = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list that is asked for.

    Attributes:
        name: What the report calls it.
        path: Of the list.
        asked: The query's parameters; ``{}`` in a value stands for the number of the turn.
        unit_id: Unit of who asks, whose cases are all that they may see; None for everything.
    """

    name: str
    path: str
    asked: Asked
    unit_id: str | None = None

    def parameters(self, turn: int) -> dict[str, str]:
        """What is asked in a turn."""
        return {name: value.format(turn) for name, value in self.asked.items()}


@dataclass(frozen=True, slots=True)
class ListTime:
    """How long a list took.

    Attributes:
        name: Which.
        p95_seconds: What one answer in twenty exceeds.
    """

    name: str
    p95_seconds: float


def list_queries(now: datetime, issue_code: str, rare_code: str) -> Iterator[ListQuery]:
    """Give every list that the console and departments' systems ask for.

    Args:
        now: The present.
        issue_code: A type of many cases.
        rare_code: A type of few.
    """
    month_ago = (now - timedelta(days=30)).isoformat()
    half_a_year_ago = (now - timedelta(days=180)).isoformat()
    asked_of_cases: dict[str, Asked] = {
        "newest": {},
        "open": {"open": "true"},
        "ended": {"open": "false"},
        "state": {"state": "handling"},
        "rare state": {"state": "forced_close"},
        "state that nothing is in": {"state": "suspended"},
        "red": {"light": "red", "open": "true"},
        "yellow": {"light": "yellow"},
        "type": {"issue_code": issue_code},
        "rare type": {"issue_code": rare_code},
        "rare type, open": {"issue_code": rare_code, "open": "true"},
        "channel": {"source": "hotline"},
        "channel that nothing came by": {"source": "drone"},
        "department": {"department": "load_department_{}"},
        "department, open": {"department": "load_department_{}", "open": "true"},
        "handler": {"handler": "load_department_{}-3"},
        "handler, open": {"handler": "load_department_{}-3", "open": "true"},
        "cell": {"unit_grid": "5555555555555{:02}"},
        "cell and rare type": {"unit_grid": "5555555555555{:02}", "issue_code": rare_code},
        "word": {"text": "井盖"},
        "word and number": {"text": "人行道上停了机动车 10{:02}"},
        "word that nobody said": {"text": "鲸鱼搁浅"},
        "one letter": {"text": "车"},
        "period": {"since": half_a_year_ago, "until": month_ago},
        "period and department": {
            "since": half_a_year_ago,
            "until": month_ago,
            "department": "load_department_{}",
        },
        "of an event": {"event_id": str(ULID())},
    }
    asked_of_events: dict[str, Asked] = {
        "newest": {},
        "open": {"status": "open"},
        "type": {"issue_code": issue_code},
        "rare type": {"issue_code": rare_code},
        "camera": {"camera_id": "load-{}"},
        "camera, open": {"camera_id": "load-{}", "status": "open"},
        "cell": {"unit_grid": "5555555555555{:02}"},
        "kind": {"kind": "event"},
        "kind that nothing is of": {"kind": "camera"},
        "period": {"since": half_a_year_ago, "until": month_ago},
        "box": {"box": "106.40,29.50,106.41,29.51"},
        "small box": {"box": "106.40,29.50,106.4001,29.5001"},
        "confirmation": {"confirmation": "pending"},
    }
    for name, asked in asked_of_cases.items():
        yield ListQuery(f"cases: {name}", CASES, asked)
    for name, asked in asked_of_events.items():
        yield ListQuery(f"events: {name}", EVENTS, asked)
    for unit_id in UNITS_THAT_ASK:
        yield ListQuery(f"cases: newest, seen by {unit_id}", CASES, {}, unit_id)
        yield ListQuery(f"cases: open, seen by {unit_id}", CASES, {"open": "true"}, unit_id)


async def time_lists(
    readers: Mapping[str | None, httpx.AsyncClient], issue_code: str, rare_code: str
) -> list[ListTime]:
    """Ask for every list, in turns, and for a page far down of each; slowest first.

    Args:
        readers: Who reads, by their unit; None reads everything.
        issue_code: A type of many cases.
        rare_code: A type of few.

    Raises:
        LoadError: One was refused.
    """
    queries = list(list_queries(datetime.now(UTC), issue_code, rare_code))
    taken: dict[str, list[float]] = {}
    for turn in range(ANSWERS_OF_A_QUERY):
        for query in queries:
            asked = query.parameters(turn % DEPARTMENTS)
            taken.setdefault(query.name, []).append(
                (await _page(readers[query.unit_id], query, asked))[0]
            )
    for query in queries:
        far = await _far_pages(readers[query.unit_id], query)
        taken.setdefault(f"{query.name}, far down", []).extend(far)
    times = [
        ListTime(name, float(np.quantile(took, QUANTILE))) for name, took in taken.items() if took
    ]
    return sorted(times, key=lambda one: -one.p95_seconds)


async def _far_pages(http: httpx.AsyncClient, query: ListQuery) -> list[float]:
    asked, taken = query.parameters(0), []
    for _ in range(PAGES_BEFORE):
        seconds, cursor = await _page(http, query, asked)
        taken.append(seconds)
        if cursor is None:
            break
        asked = {**asked, "cursor": cursor}
    return taken[1:]


async def _page(
    http: httpx.AsyncClient, query: ListQuery, asked: Asked
) -> tuple[float, str | None]:
    begin = time.perf_counter()
    answer = await http.get(query.path, params=dict(asked))
    seconds = time.perf_counter() - begin
    if answer.status_code != HTTPStatus.OK:
        raise LoadError(f"the list {query.name} was answered with {answer.text[:300]}")
    return seconds, answer.json()["next_cursor"]
