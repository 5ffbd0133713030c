"""What becomes of an event that asks for confirmation, through recorder, desks and outbox."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.confirmation.question_budget import HOUR_SECONDS, QuestionBudget
from detector.confirmation.vision_prompt import prompt_text
from detector.delivery.outbox import Outbox
from tests.detector.confirmation.asking_events import QUESTION, VISION, AskingEvents, endpoint
from tests.detector.confirmation.vision_server import Answer, VisionServer, verdict
from tests.waiting import wait_until


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, 1 << 30) as opened:
        yield opened


@pytest.mark.parametrize(
    ("word", "status"), [("yes", "confirmed"), ("no", "refuted"), ("unsure", "unsure")]
)
def test_an_event_goes_out_at_once_and_again_with_its_verdict(outbox: Outbox, word, status):
    answered = threading.Event()
    with (
        VisionServer(verdict(word, "So it is.", after=answered)) as server,
        AskingEvents(outbox, VISION, endpoint(server)) as events,
    ):
        event_id = events.open()
        asked, revision = events.asked(event_id), events.event(event_id).properties.revision
        assert (asked.status, asked.by, asked.question) == ("pending", "vision_endpoint", QUESTION)
        assert (asked.model, asked.answered_at, revision) == ("eye", None, 1)
        assert outbox.pictures_of(event_id)

        answered.set()
        wait_until(lambda: events.asked(event_id).status != "pending")

        said = events.asked(event_id)
        assert (said.status, said.reason, said.model) == (status, "So it is.", "eye-7b")
        assert said.prompt == prompt_text(QUESTION)
        assert said.asked_at is not None
        assert said.answered_at is not None
        assert events.event(event_id).properties.revision == 2
        assert outbox.open_questions() == []

        events.clear(event_id)
        cleared = events.event(event_id).properties
        assert (cleared.revision, cleared.confirmation) == (3, said)


@pytest.mark.parametrize("by", ["dispatcher", "permit_register"])
def test_what_a_person_confirms_is_pending_and_asks_no_machine(outbox: Outbox, by: str):
    with VisionServer() as server, AskingEvents(outbox, {"by": by}, endpoint(server)) as events:
        event_id = events.open()
        asked = events.asked(event_id)
    with AskingEvents(outbox, {"by": by}) as events:
        events.clear(event_id)

    assert (asked.by, asked.status, asked.asked_at) == (by, "pending", None)
    assert events.asked(event_id) == asked
    assert server.requests == []


def test_without_an_endpoint_an_event_says_that_nobody_was_asked(outbox: Outbox):
    with AskingEvents(outbox, VISION) as events:
        asked = events.asked(events.open())

    assert asked.status == "unanswered"
    assert "CITYPATROL_CONFIRMATION_VISION_URL" in (asked.reason or "")
    assert (asked.asked_at, outbox.open_questions()) == (None, [])


def test_an_event_without_a_picture_is_not_asked_about(outbox: Outbox):
    with VisionServer() as server, AskingEvents(outbox, VISION, endpoint(server)) as events:
        asked = events.asked(events.open(picture=None))

    assert (asked.status, asked.reason) == ("unanswered", "the event has no picture")
    assert server.requests == []


def test_an_endpoint_that_never_answers_holds_up_no_camera(outbox: Outbox):
    never = Answer(after=threading.Event())
    settings = {"vision_concurrent": 1, "question_queue": 2}
    with (
        VisionServer(never) as server,
        AskingEvents(outbox, VISION, endpoint(server, **settings)) as events,
    ):
        first = events.open("held")
        wait_until(lambda: server.requests)
        # The first is with the endpoint for ever; two may wait, and looks go on regardless.
        others = [events.open(f"camera-{number}") for number in range(40)]

        assert len(outbox.waiting(100)) == 41
        statuses = [events.asked(one).status for one in (first, *others)]
        assert statuses == ["pending"] * 3 + ["unanswered"] * 38
        assert "2 questions wait" in (events.asked(others[-1]).reason or "")
        assert len(server.requests) == 1

    assert len(outbox.open_questions()) == 3


def test_a_dead_endpoint_leaves_the_event_unanswered(outbox: Outbox):
    with VisionServer() as gone:
        settings = endpoint(gone, vision_timeout_seconds=0.2)
    with AskingEvents(outbox, VISION, settings) as events:
        event_id = events.open()
        wait_until(lambda: events.asked(event_id).status == "unanswered")

    assert "does not answer" in (events.asked(event_id).reason or "")
    assert events.asked(event_id).asked_at is not None


def test_what_the_budget_does_not_allow_stays_unanswered(outbox: Outbox):
    settings = {"vision_questions_per_hour": 2}
    with (
        VisionServer() as server,
        AskingEvents(outbox, VISION, endpoint(server, **settings)) as events,
    ):
        ids = [events.open() for _ in range(3)]
        wait_until(lambda: not outbox.open_questions())

    assert [events.asked(one).status for one in ids] == ["confirmed", "confirmed", "unanswered"]
    assert "budget of 2 questions an hour" in (events.asked(ids[2]).reason or "")
    assert len(server.requests) == 2


def test_the_budget_is_of_any_hour():
    now = [0.0]
    budget = QuestionBudget(2, lambda: now[0])
    for moment in (0.0, HOUR_SECONDS - 1):
        now[0] = moment
        assert not budget.is_used_up
        budget.take()
    assert budget.is_used_up
    now[0] = HOUR_SECONDS
    assert not budget.is_used_up
    budget.take()
    assert budget.is_used_up


def test_a_question_outlasts_the_worker_also_of_an_event_that_cleared(outbox: Outbox):
    with (
        VisionServer(Answer(after=threading.Event())) as server,
        AskingEvents(outbox, VISION, endpoint(server)) as events,
    ):
        standing, cleared = events.open("gate"), events.open("quay")
        wait_until(lambda: len(server.requests) == 2)
        events.clear(cleared)
    outbox.delivered(outbox.waiting(100))

    with (
        VisionServer(verdict("no")) as server,
        AskingEvents(outbox, VISION, endpoint(server)) as events,
    ):
        wait_until(lambda: not outbox.open_questions())
        assert {events.asked(one).status for one in (standing, cleared)} == {"refuted"}
        assert [server.pictures(number)[1].shape for number in (0, 1)] == [(480, 640, 3)] * 2
        assert events.event(cleared).properties.cleared_at is not None
        assert events.event(cleared).properties.revision == 3
        assert events.event(standing).properties.revision == 2

        events.clear(standing)
        assert events.event(standing).properties.revision == 3
        assert events.asked(standing).status == "refuted"


def test_a_question_that_can_no_longer_be_put_is_given_up(outbox: Outbox):
    with (
        VisionServer(Answer(after=threading.Event())) as server,
        AskingEvents(outbox, VISION, endpoint(server)) as events,
    ):
        event_id = events.open()
    with AskingEvents(outbox, VISION) as events:
        assert "no vision endpoint is set up" in (events.asked(event_id).reason or "")
        assert events.asked(event_id).status == "unanswered"
        assert outbox.open_questions() == []
    with AskingEvents(outbox, VISION) as events:
        events.clear(event_id)
        assert events.asked(event_id).status == "unanswered"
        assert events.event(event_id).properties.revision == 3
