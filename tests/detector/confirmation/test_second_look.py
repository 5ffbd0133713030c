"""A second model looks at the place of an event again, after everything else."""

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.delivery.outbox import Outbox
from streams.frame import Picture
from tests.colour_model import ColourSquare, colour_square_picture
from tests.colour_versions import HEIGHT, WIDTH, ColourVersion, add_version
from tests.detector.confirmation.asking_events import PICTURE, SQUARE, AskingEvents
from tests.waiting import wait_until

EMPTY = colour_square_picture([], WIDTH, HEIGHT)
ELSEWHERE = colour_square_picture([ColourSquare("car", 0.15, 0.8)], WIDTH, HEIGHT)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "registry"
    add_version(folder, ColourVersion("second", "1", {"car": "lorry"}))
    add_version(folder, ColourVersion("second", "2", {"boat": "ship"}, thresholds={"car": 0.999}))
    return folder


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, 1 << 30) as opened:
        yield opened


def asks(*classes: str, model: str = "second@2", **changes: object) -> dict[str, object]:
    return {"by": "second_model", "model": model, "classes": list(classes), **changes}


@pytest.mark.parametrize(
    ("asked", "picture", "status", "reason"),
    [
        (asks("bus", "car", minimum_score=0.5), PICTURE, "confirmed", "car with score 1.00"),
        (asks("car", minimum_score=0.5), EMPTY, "refuted", "found there: nothing"),
        (asks("car", minimum_score=0.5), ELSEWHERE, "refuted", "found there: nothing"),
        (asks("bus"), PICTURE, "refuted", "found there: nothing"),
        (asks("bus", "hard_hat"), PICTURE, "unsure", "does not know hard_hat"),
        (asks("hard_hat", "boat"), PICTURE, "unanswered", "second@2 knows none of hard_hat, boat"),
        (asks("lorry", model="second@1"), PICTURE, "confirmed", "lorry with score 1.00"),
        (asks("car", model="second"), PICTURE, "unanswered", "write which one, such as second@2"),
        (asks("car", model="third"), PICTURE, "unanswered", "third cannot be opened: no model"),
    ],
)
def test_the_second_model_decides(
    outbox: Outbox, registry: Path, asked: dict[str, object], picture: Picture, status, reason
):
    with AskingEvents(outbox, asked, registry=registry) as events:
        event_id = events.open(picture=picture)
        assert events.asked(event_id).model == asked["model"]
        wait_until(lambda: events.asked(event_id).status != "pending")

    said = events.asked(event_id)
    assert (said.by, said.status) == ("second_model", status)
    assert reason in (said.reason or "")
    assert events.event(event_id).properties.revision == 2


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux only")
def test_it_runs_at_the_lowest_priority_and_leaves_no_thread(outbox: Outbox, registry: Path):
    with AskingEvents(outbox, asks("car"), registry=registry) as events:
        event_id = events.open()
        wait_until(lambda: events.asked(event_id).status != "pending")
        own = [
            thread
            for thread in threading.enumerate()
            if thread.name.startswith(("confirm", "inference"))
        ]
        assert len(own) >= 2
        priorities = {os.getpriority(os.PRIO_PROCESS, thread.native_id or 0) for thread in own}
        assert priorities == {19}
    assert not any(thread.is_alive() for thread in own)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) != 19


def test_a_model_that_cannot_be_opened_is_not_tried_for_every_event(
    outbox: Outbox, registry: Path, tmp_path: Path
):
    with AskingEvents(outbox, asks("car"), registry=tmp_path / "empty") as events:
        first = events.open()
        wait_until(lambda: events.asked(first).status == "unanswered")
        add_version(tmp_path / "empty", ColourVersion("second", "1"))
        later = events.open()
        wait_until(lambda: events.asked(later).status == "unanswered")

    assert events.asked(later).reason == events.asked(first).reason
    assert SQUARE.class_name == "car"
