"""The vision endpoint is asked as its protocol wants, within its time, and never told on."""

import asyncio
import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import cv2
import numpy as np
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.confirmation.verdict import Verdict
from detector.confirmation.vision_endpoint import MOST_ANSWER_BYTES, EndpointError, VisionEndpoint
from detector.confirmation.vision_prompt import INSTRUCTION
from detector.delivery.open_question import OpenQuestion, QuestionRecord
from detector.evidence.evidence import encode_jpeg
from models.rules.confirmation import Confirmation
from streams.kit.errors import CityPatrolError
from tests.detector.confirmation.asking_events import PICTURE, QUESTION, VISION, endpoint
from tests.detector.confirmation.vision_server import KEY, Answer, VisionServer, says, verdict
from tests.events import make_sighting

GOOD = verdict("yes", "A car stands there.")


def question(jpeg: bytes = b"", box: tuple[float, ...] = (0.4, 0.4, 0.6, 0.6)) -> OpenQuestion:
    asks = Confirmation.model_validate(VISION)
    record = QuestionRecord(event_id=make_sighting().event_id, asks=asks, boxes=[box])
    return OpenQuestion(record, jpeg or encode_jpeg(PICTURE, 90))


def ask(settings: ConfirmationSettings, *questions: OpenQuestion) -> list[Verdict]:
    async def all_answers() -> list[Verdict]:
        async with VisionEndpoint(settings) as asked:
            return [await asked.answer(one) for one in questions or (question(),)]

    return asyncio.run(all_answers())


def test_question_goes_with_the_place_and_the_whole_view():
    with VisionServer(GOOD) as server:
        (said,) = ask(endpoint(server, vision_picture_pixels=320))
        crop, whole = server.pictures()

    assert (said.status, said.reason, said.model) == ("confirmed", "A car stands there.", "eye-7b")
    assert server.paths == ["/v1/chat/completions"]
    assert server.keys == [f"Bearer {KEY}"]
    (body,) = server.requests
    assert body["model"] == "eye"
    assert body["messages"][0] == {"role": "system", "content": INSTRUCTION}
    assert body["messages"][1]["content"][0]["text"] == f"Question: {QUESTION}"
    assert body["response_format"]["json_schema"]["schema"]["required"] == ["verdict", "reason"]
    assert whole.shape[:2] == (240, 320)
    assert max(crop.shape[:2]) == 320
    # The car is red; the crop shows much more of it.
    red = [float(np.mean((one[..., 2] > 200) & (one[..., 0] < 60))) for one in (crop, whole)]
    assert red[0] > 2 * red[1] > 0


def test_an_endpoint_that_knows_no_schema_is_asked_plainly_from_then_on():
    with VisionServer(Answer(status=400), GOOD) as server:
        said = ask(endpoint(server), question(), question())

    assert [one.status for one in said] == ["confirmed", "confirmed"]
    assert ["response_format" in body for body in server.requests] == [True, False, False]
    assert set(server.requests[2]) == {"model", "messages"}


def test_a_refused_question_is_no_reason_to_ask_plainly():
    with VisionServer(Answer(status=400), Answer(status=400), GOOD) as server:
        with pytest.raises(EndpointError, match="400 Bad Request"):
            ask(endpoint(server))
        ask(endpoint(server))

    assert "response_format" in server.requests[2]


@pytest.mark.parametrize(
    "failing",
    [
        Answer(status=500),
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(status=503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
    ],
)
def test_a_passing_fault_is_tried_again(failing):
    with VisionServer(failing, GOOD) as server:
        (said,) = ask(endpoint(server))

    assert said.status == "confirmed"
    assert len(server.requests) == 2


LATER = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (Answer(status=401, body=KEY.encode()), "401 Unauthorized: it does not take the key"),
        (Answer(status=404), "404 Not Found"),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:9/"}), "302 Found"),
        (
            Answer(status=429, headers={"Retry-After": "3600"}),
            "429 Too Many Requests, .* than the 60 s",
        ),
        (Answer(status=503, headers={"Retry-After": LATER}), "503 Service Unavailable"),
    ],
)
def test_what_asking_again_would_not_help_is_given_up_at_once(failing, said):
    with VisionServer(failing) as server, pytest.raises(EndpointError, match=said) as caught:
        ask(endpoint(server))

    assert len(server.requests) == 1
    assert KEY not in str(caught.value)


def test_an_endpoint_that_never_answers_takes_no_longer_than_its_time():
    with (
        VisionServer(Answer(after=threading.Event())) as server,
        pytest.raises(EndpointError, match=r"no answer within 0\.2 s"),
    ):
        ask(endpoint(server, vision_timeout_seconds=0.2))


def test_an_endpoint_that_is_not_there_says_so():
    settings = ConfirmationSettings(
        vision_url="http://127.0.0.1:9/v1", vision_model="eye", vision_timeout_seconds=0.5
    )
    with pytest.raises(EndpointError, match=r"does not answer .* than the 0\.5 s"):
        ask(settings)


def test_a_huge_answer_is_not_read():
    with VisionServer(says("x" * 2 * MOST_ANSWER_BYTES)) as server:
        (said,) = ask(endpoint(server))

    assert (said.status, said.reason) == ("unsure", "the endpoint answered more than 1000000 bytes")


def test_the_key_reaches_no_log_and_no_event(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    echo = says(f"Your key is {KEY}.", headers={"X-Echo": "1"})
    with capture_logs() as logs, VisionServer(echo) as server:
        settings = endpoint(server)
        (said,) = ask(settings)

    assert said.answer == "Your key is …."
    for text in (str(logs), caplog.text, repr(settings), str(said)):
        assert KEY not in text


def test_a_frame_that_is_no_picture_is_named():
    broken = question(jpeg=b"\xff\xd8 no picture")
    with VisionServer() as server, pytest.raises(CityPatrolError, match=broken.record.event_id):
        ask(endpoint(server), broken)


def test_a_tiny_thing_at_the_edge_is_shown_with_what_is_around_it():
    jpeg = encode_jpeg(cv2.resize(PICTURE, (1280, 960)), 90)
    with VisionServer() as server:
        ask(endpoint(server), question(jpeg, (0.99, 0.0, 1.0, 0.01)))
        crop, _ = server.pictures()

    assert crop.shape[:2] == (224, 224)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"vision_url": "http://h/v1"}, "without --vision-model"),
        ({"vision_url": "http://u:p@h/v1", "vision_model": "eye"}, "belongs into vision_key"),
        ({"vision_url": "ftp://h/v1", "vision_model": "eye"}, "scheme"),
        ({"vision_key": "sk-secret\nmore"}, "characters that no key has"),
        ({"vision_key": "sk-sécret"}, "characters that no key has"),
        ({"question_queue": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(fields, said):
    with pytest.raises(ValidationError, match=said) as caught:
        ConfirmationSettings(**fields)
    assert "cret" not in str(caught.value.errors(include_input=False))
