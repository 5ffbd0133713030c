"""Single cases at the edges of what counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.contract.case_words import CaseSource
from api.figures.figure_question import FigureQuestion
from api.figures.figure_settings import FigureSettings
from api.figures.figure_values import FigureLine
from tests.api.figures.kept_cases import keep
from tests.api.figures.made_cases import CaseMaker, MadeCase
from tests.api.figures.test_case_figures import NOW, counted

DAY = datetime(2026, 11, 9, tzinfo=UTC)
"""A Monday, at eight in the morning in the city."""
Steps = tuple[tuple[str, float, dict[str, Any]], ...]
HANDLED: Steps = (
    ("register", 0.1, {}),
    ("dispatch", 0.1, {"department_id": "clean"}),
    ("assign", 0.1, {}),
    ("submit_result", 0.5, {}),
    ("confirm", 0.1, {}),
)
CHECKED: Steps = (("request_post_check", 0.1, {}), ("check_passed", 0.2, {}), ("close", 0.1, {}))
LATE: Steps = (*HANDLED[:4], ("confirm", 200.0, {}))
HANDLED_AGAIN: Steps = HANDLED[2:]


def case_of(steps: Steps, **changes: Any) -> MadeCase:
    maker = CaseMaker(seed=1, now=NOW, days=10)
    changes = {"source": CaseSource.COLLECTOR, "self_handled": False, **changes}
    made, at = maker.reported(1, DAY, **changes), DAY
    for action, hours, asked in steps:
        at += timedelta(hours=hours)
        maker.step(made, action, at, **asked)
    return made


def line_of(url: str, days: float = 60, weights: FigureSettings | None = None) -> FigureLine:
    (line,) = counted(url, FigureQuestion(DAY, DAY + timedelta(days=days)), weights).lines
    return line


CASES: dict[str, tuple[Steps, dict[str, Any], dict[str, int]]] = {
    "only reported": ((), {}, {"report": 1, "accept": 0, "need_dispatch": 0}),
    "the whole way": (
        (*HANDLED, *CHECKED),
        {},
        {
            "register": 1,
            "in_time_register": 1,
            "dispatch": 1,
            "accurate_dispatch": 1,
            "need_dispose": 1,
            "dispose": 1,
            "in_time_dispose": 1,
            "to_dispose": 0,
            "check": 1,
            "in_time_check": 1,
            "archive": 1,
            "in_time_archive": 1,
            "need_archive": 1,
            "overtime_archive": 0,
            "rework": 0,
        },
    ),
    "suspended": (
        (
            *HANDLED[:2],
            ("request_suspension", 0.1, {"until": DAY + timedelta(days=90)}),
            ("approve_suspension", 0.1, {}),
        ),
        {},
        {"hang": 1, "need_dispose": 0, "to_dispose": 0, "need_archive": 0, "dispatch": 1},
    ),
    "suspended and resumed": (
        (
            *HANDLED[:2],
            ("request_suspension", 0.1, {"until": DAY + timedelta(days=1)}),
            ("approve_suspension", 0.1, {}),
            ("resume", 24, {}),
        ),
        {},
        {"hang": 1, "need_dispose": 1, "to_dispose": 1, "need_archive": 1},
    ),
    "late": (
        (*LATE, *CHECKED),
        {},
        {
            "dispose": 1,
            "in_time_dispose": 0,
            "overtime_dispose": 1,
            "archive": 1,
            "in_time_archive": 0,
            "overtime_archive": 1,
        },
    ),
    "late but exempt": (
        (
            *LATE,
            *CHECKED,
            ("appeal", 0.1, {}),
            ("endorse_appeal", 0.1, {}),
            ("grant_appeal", 0.1, {}),
        ),
        {},
        {
            "dispose": 1,
            "in_time_dispose": 1,
            "overtime_dispose": 1,
            "archive": 1,
            "in_time_archive": 1,
            "overtime_archive": 1,
        },
    ),
    "an appeal that failed": (
        (*LATE, *CHECKED, ("appeal", 0.1, {}), ("refuse_appeal", 0.1, {})),
        {},
        {"in_time_dispose": 0, "in_time_archive": 0},
    ),
    "reopened": (
        (*HANDLED, *CHECKED, ("reopen", 1, {})),
        {},
        {"dispose": 1, "archive": 0, "need_archive": 0, "need_dispatch": 2, "dispatch": 1},
    ),
    "reopened and closed again": (
        (*HANDLED, *CHECKED, ("reopen", 1, {}), HANDLED[1], *HANDLED_AGAIN, *CHECKED),
        {},
        {"dispose": 2, "archive": 1, "need_archive": 1, "dispatch": 2, "first_dispatch": 1},
    ),
    "done again": (
        (
            *HANDLED,
            ("request_post_check", 0.1, {}),
            ("check_failed", 0.1, {}),
            *HANDLED_AGAIN,
            *CHECKED,
        ),
        {},
        {"dispose": 2, "check": 2, "rework": 1, "archive": 1, "dispatch": 1},
    ),
    "fixed on the spot": (
        (("accept_self_handled", 0.1, {}),),
        {"self_handled": True},
        {
            "self_handled": 1,
            "valid_report": 1,
            "accept": 1,
            "register": 0,
            "archive": 1,
            "in_time_archive": 1,
            "need_archive": 1,
            "need_dispose": 0,
        },
    ),
    "merged": (
        (("merge", 0.1, {}),),
        {"event_count": 4},
        {"report": 1, "accept": 1, "valid_report": 0, "duplicates_suppressed": 0},
    ),
    "rejected": ((("reject", 0.1, {}),), {}, {"accept": 1, "register": 0, "cancel": 0}),
    "voided after dispatch": (
        (*HANDLED[:2], ("void", 0.1, {})),
        {},
        {
            "cancel": 1,
            "valid_report": 1,
            "register": 1,
            "accurate_register": 0,
            "dispatch": 1,
            "need_dispose": 0,
            "need_archive": 0,
        },
    ),
    "closed by order": (
        (*HANDLED[:2], ("force_close", 200, {})),
        {},
        {
            "need_dispose": 0,
            "archive": 1,
            "in_time_archive": 0,
            "overtime_archive": 1,
        },
    ),
    "returned to the acceptor and rejected": (
        (HANDLED[0], ("return_to_acceptor", 0.1, {}), ("reject", 0.1, {})),
        {},
        {"back": 1, "accept": 2, "register": 1, "accurate_register": 0, "need_dispatch": 0},
    ),
    "another department": (
        (
            *HANDLED[:2],
            ("return_to_dispatcher", 0.1, {}),
            ("dispatch", 0.1, {"department_id": "roads"}),
            *HANDLED_AGAIN,
            *CHECKED,
        ),
        {},
        {
            "back": 1,
            "dispatch": 2,
            "first_dispatch": 1,
            "wrong_dispatch": 1,
            "accurate_dispatch": 0,
            "need_dispose": 1,
            "dispose": 1,
        },
    ),
    "waits at the dispatcher again": (
        (*HANDLED[:2], ("return_to_dispatcher", 0.1, {})),
        {},
        {"need_dispatch": 2, "dispatch": 1, "need_dispose": 0, "need_archive": 0},
    ),
    "more time": (
        (*HANDLED[:2], ("request_delay", 0.1, {}), ("approve_delay", 0.1, {})),
        {},
        {"delay": 1, "need_dispose": 1, "overtime_to_dispose": 1},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_single_case_counts_where_it_should(database_url: str, name: str):
    steps, changes, expected = CASES[name]
    keep(database_url, [case_of(steps, **changes)])
    line = line_of(database_url)
    assert {key: line.counters[key] for key in expected} == expected


def test_what_was_done_before_a_period_does_not_count_in_it_again(database_url: str):
    made = case_of((*HANDLED, *CHECKED))
    keep(database_url, [made])
    due_at = next(one.clock.due_at for one in made.clocks if one.stage == "handle")
    ended_at = made.case.ended_at
    assert ended_at is not None
    assert due_at > ended_at
    question = FigureQuestion(ended_at + timedelta(minutes=1), due_at + timedelta(days=1))
    (line,) = counted(database_url, question).lines
    assert set(line.counters.values()) == {0}


def test_the_end_of_a_period_does_not_belong_to_it(database_url: str):
    keep(database_url, [case_of(())])
    before = FigureQuestion(DAY - timedelta(days=1), DAY)
    after = FigureQuestion(DAY, DAY + timedelta(microseconds=1))
    assert [counted(database_url, one).lines[0].counters["report"] for one in (before, after)] == [
        0,
        1,
    ]


def test_nothing_is_divided_by_nothing(database_url: str):
    line = line_of(database_url)
    assert set(line.indicators.values()) == {None}
    assert set(line.counters.values()) == {0}


def test_the_score_weighs_as_it_is_told(database_url: str):
    keep(database_url, [case_of((*LATE, *CHECKED))])
    assert line_of(database_url).indicators["score"] == pytest.approx(30 + 20 + 20 + 10)
    weights = FigureSettings(score_dispose=1, score_in_time=50)
    assert line_of(database_url, weights=weights).indicators["score"] == pytest.approx(
        1 + 20 + 20 + 10
    )
