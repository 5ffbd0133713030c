from datetime import UTC, datetime, timedelta

import pytest

from api.figures.figure_question import FigureQuestion, FigureQuestionError

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "until", "said"),
    [
        (START, START, "ends before it begins; give a later end"),
        (START, START - timedelta(days=1), "ends before it begins"),
        (START, START + timedelta(days=400, seconds=1), "longer than 400 days; ask for parts"),
        (START.replace(tzinfo=None), START, "has no time zone"),
        (START, (START + timedelta(days=1)).replace(tzinfo=None), "has no time zone"),
    ],
)
def test_a_period_that_is_none_is_refused(start: datetime, until: datetime, said: str):
    with pytest.raises(FigureQuestionError, match=said):
        FigureQuestion(start, until)


def test_a_period_may_be_400_days():
    assert FigureQuestion(START, START + timedelta(days=400)).days == 400
