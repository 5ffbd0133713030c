"""The desk outlives answerers that fail and a disk that is full."""

from typing import Self

import pytest

from detector.confirmation.question_desk import DeskLimits, QuestionDesk
from detector.confirmation.verdict import Verdict
from detector.delivery.open_question import OpenQuestion, QuestionRecord
from detector.delivery.outbox import OutboxError
from models.rules.confirmation import Confirmation
from tests.detector.confirmation.asking_events import VISION
from tests.events import make_sighting
from tests.waiting import wait_until

LIMITS = DeskLimits(concurrent=1, queue=5)


class Oracle:
    """Answers as often as it can, then fails as nobody expects."""

    def __init__(self, answers: int, *, enters: bool = True) -> None:
        self.answers = answers
        self.enters = enters
        self.left = False

    async def __aenter__(self) -> Self:
        if not self.enters:
            raise RuntimeError("the oracle is closed")
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.left = True

    async def answer(self, question: OpenQuestion) -> Verdict:  # noqa: ARG002 - as protocol
        self.answers -= 1
        if self.answers < 0:
            raise RuntimeError("the oracle is dumb")
        return Verdict.unanswered("as foretold")


def question() -> OpenQuestion:
    asks = Confirmation.model_validate(VISION)
    record = QuestionRecord(event_id=make_sighting().event_id, asks=asks, boxes=[(0, 0, 1, 1)])
    return OpenQuestion(record, b"")


def test_an_unexpected_fault_costs_one_answer_and_no_other():
    heard: dict[str, Verdict] = {}
    oracle, asked = Oracle(answers=0), [question(), question()]
    with QuestionDesk("oracle", oracle, LIMITS, heard.__setitem__) as desk:
        for one in asked:
            desk.ask(one)
        wait_until(lambda: len(heard) == 2)
        assert desk.refusal() is None

    assert {one.reason for one in heard.values()} == {"RuntimeError in the worker; see its log"}
    assert oracle.left


def test_a_verdict_waits_for_a_disk_that_takes_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("detector.confirmation.question_desk.RETRY_OUTBOX_SECONDS", 0.01)
    tried: list[str] = []

    def full_at_first(event_id: str, _: Verdict) -> None:
        tried.append(event_id)
        if len(tried) < 3:
            raise OutboxError("the disk is full")

    asked = question()
    with QuestionDesk("oracle", Oracle(answers=1), LIMITS, full_at_first) as desk:
        desk.ask(asked)
        wait_until(lambda: len(tried) == 3)

    assert tried == [asked.record.event_id] * 3


def test_a_verdict_that_nobody_can_take_does_not_end_the_desk():
    tried: list[str] = []

    def unable(event_id: str, _: Verdict) -> None:
        tried.append(event_id)
        raise ValueError("no such event")

    with QuestionDesk("oracle", Oracle(answers=2), LIMITS, unable) as desk:
        for _ in range(2):
            desk.ask(question())
        wait_until(lambda: len(tried) == 2)


def test_a_desk_that_ended_says_so_and_takes_nothing():
    with QuestionDesk("oracle", Oracle(1, enters=False), LIMITS, dict[str, Verdict]().get) as desk:
        wait_until(lambda: desk.refusal() is not None)
        assert "no longer asked" in (desk.refusal() or "")
        desk.ask(question())
