"""Reasons in both languages."""

import re
import string

import pytest
import yaml

from api.cases.why_not import WORDS, why_not

KEYS = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", KEYS)
def test_reason_is_filled_in_both_languages(key: str):
    names = fields(KEYS[key]["en"])
    assert fields(KEYS[key]["zh"]) <= names
    reason = why_not(key, **dict.fromkeys(names, "X7"))
    assert HAN.search(reason.chinese)
    assert not HAN.search(reason.english)
    assert reason.english.count("X7") >= len(names)
    assert str(reason) == reason.english


def test_reason_within_a_reason_keeps_its_language():
    around = why_not("not_possible", action="close", reason=why_not("in_time"))
    assert around.english == "close is not possible: it was handled in time"
    assert around.chinese == "不能办理 close：处置未超期"
