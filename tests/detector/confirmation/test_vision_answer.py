"""Whatever a model writes, only a verdict is believed."""

import json

import pytest

from detector.confirmation.verdict import storable
from detector.confirmation.vision_answer import read_answer
from tests.detector.confirmation.vision_server import says

YES = '{"verdict": "yes", "reason": "a car"}'
NO = '{"verdict": "no", "reason": "none"}'


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (YES, "confirmed", "a car"),
        (NO, "refuted", "none"),
        ('{"verdict": "unsure", "reason": "dark"}', "unsure", "dark"),
        (f"```json\n{YES}\n```", "confirmed", "a car"),
        (f"<think>Is {{it}} [1] {{a car?</think>\n{NO}", "refuted", "none"),
        ('{"verdict": " No ", "reason": "none", "confidence": 1}', "refuted", "none"),
        ('{"verdict": "yes"}', "confirmed", ""),
        (f"{YES} {YES}", "confirmed", "a car"),
        (f"like {json.dumps({'verdict': 'maybe'})}: {NO}", "refuted", "none"),
        ([{"type": "text", "text": YES[:9]}, {"type": "text", "text": YES[9:]}], "confirmed", None),
        (f"{YES} or {NO}", "unsure", "the model gave several verdicts"),
        ("yes", "unsure", "the model gave no verdict"),
        ('{"verdict": true, "reason": "a car"}', "unsure", "the model gave no verdict"),
        ('{"verdict": "yes", "reason": 7}', "unsure", "the model gave no verdict"),
        ('["verdict", "yes"]', "unsure", "the model gave no verdict"),
        ('{"a":' * 9000, "unsure", "the model gave no verdict"),
        (None, "unsure", "the model gave no verdict"),
    ],
)
def test_only_one_clear_verdict_counts(content, status, reason):
    said = read_answer(says(content).body)
    assert said.status == status
    assert said.model == "eye-7b"
    if reason is not None:
        assert said.reason == reason
    is_understood = "the model gave" not in (said.reason or "")
    assert is_understood or said.answer == (content or "")


@pytest.mark.parametrize(
    "body", [b"", b"<html>busy</html>", b"[]", b'{"choices": []}', b"\xff\xfe", b'{"choices": 1}']
)
def test_what_is_no_chat_completion_is_no_verdict(body):
    said = read_answer(body)
    assert (said.status, said.reason) == ("unsure", "the endpoint answered no chat completion")
    assert said.answer == body.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1b[31m\nc", "a b [31m\nc"),
        (json.loads('"\\ud800!"'), "?!"),
        ("一" * 30, "一" * 19 + "…"),
        ("", None),
        (None, None),
    ],
)
def test_texts_are_kept_as_the_database_can_hold_them(text, kept):
    assert storable(text, 20) == kept
