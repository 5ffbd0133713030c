"""What a form says of its fields, for everything that its documents may find wrong."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from api.console.parts.field_refusals import MOST_SAID, SENTENCES, refusal_text
from api.console.parts.translations import Language, Texts, load_translations
from api.contract.cases import CaseAction, CaseReport

REPORT: dict[str, Any] = {"issue_code": "06010", "lon": 113.9, "lat": 22.5}
PICTURE = {"sha256": "0" * 64, "kind": "far"}
FORMS = [(CaseReport, REPORT), (CaseAction, {})]
ENGLISH_OF_PYDANTIC = re.compile(r"Input should|String should|Field required|valid ")
HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.sampled_from(
        [
            *("", "\x00", "\ud800", "x" * 1001, "1e999", "NaN", "2026-11-28", "2026-11-28T09:00"),
            *(math.nan, math.inf, -181.0, 10**400, "06010", "video", "boss", datetime.now(UTC)),
            *([PICTURE] * 21, [{}], [None], {"amount": 0, "unit": "year"}, {"amount": "x"}),
            *({"amount": 1, "unit": "work_hour", "more": 1}, [{**PICTURE, "sha256": "x"}]),
        ]
    ),
)


def refusal(document: type[BaseModel], said: dict[str, Any]) -> ValidationError | None:
    try:
        document.model_validate(said)
    except ValidationError as error:
        return error
    return None


def both(error: ValidationError) -> Iterator[tuple[Language, str]]:
    for language in Language:
        yield language, refusal_text(error, lambda name: f"<{name}>", Texts(language))


@pytest.mark.parametrize(("document", "good"), FORMS)
@given(data=st.data())
@settings(max_examples=150, derandomize=True)
def test_whatever_is_wrong_is_said_in_both_languages(
    document: type[BaseModel], good: dict[str, Any], data: st.DataObject
):
    name = data.draw(st.sampled_from([*document.model_fields, "nothing_such"]))
    error = refusal(document, {**good, name: data.draw(HOSTILE)})
    if error is None:
        return
    for problem in error.errors():
        assert problem["type"] in SENTENCES, problem
    for language, said in both(error):
        assert f"<{name}>" in said
        assert not ENGLISH_OF_PYDANTIC.search(said)
        assert "{" not in said.replace("{'", "").replace("{}", "")
        assert re.search(r"[\u4e00-\u9fff]", said) if language is Language.CHINESE else True


@pytest.mark.parametrize(
    ("document", "said", "chinese", "english"),
    [
        (CaseReport, {**REPORT, "lon": None}, "<lon>：必须填写。", "<lon>: fill it in."),
        (
            CaseReport,
            {**REPORT, "lat": 91},
            "<lat>：91 太大，不应大于 90.0。",
            "<lat>: 91 is too large; give 90.0 or less.",
        ),
        (
            CaseReport,
            {**REPORT, "source": "video"},
            "<source>：'video' 不在选项之中，请从列表中选择。",
            "<source>: 'video' is none of the choices; take one of the list.",
        ),
        (
            CaseAction,
            {"target_case_id": "17"},
            "<target_case_id>：'17' 写法不对；案件标识为 26 位大写字母和数字，见该案件页面的网址。",
            "<target_case_id>: '17' is not written as it must be; a case's id is of 26 capital "
            "letters and digits; it stands in the address of its page.",
        ),
        (
            CaseAction,
            {"limit": {"amount": 0, "unit": "work_hour"}},
            "<limit>：0 太小，应大于 0.0。",
            "<limit>: 0 is too small; give more than 0.0.",
        ),
        (
            CaseAction,
            {"pictures": [PICTURE] * 21},
            "<pictures>：共 21 项，最多 20 项，请减少。",
            "<pictures>: 21 are too many; give 20 or fewer.",
        ),
    ],
)
def test_field_value_and_way_out(
    document: type[BaseModel], said: dict[str, Any], chinese: str, english: str
):
    error = refusal(document, said)
    assert error is not None
    assert dict(both(error)) == {Language.CHINESE: chinese, Language.ENGLISH: english}


def test_every_sentence_is_translated_and_used():
    known = load_translations()[Language.CHINESE]
    said = {key for key in known if key.startswith("refusal.") and "hint" not in key}
    assert said == {f"refusal.{sentence}" for sentence in SENTENCES.values()}


@pytest.mark.parametrize(("document", "good"), FORMS)
def test_every_field_of_a_certain_form_has_a_hint(document: type[BaseModel], good: dict[str, Any]):
    for name in document.model_fields:
        error = refusal(document, {**good, name: "\x00"})
        kinds = set() if error is None else {problem["type"] for problem in error.errors()}
        if "string_pattern_mismatch" in kinds:
            assert f"refusal.hint.{name}" in load_translations()[Language.ENGLISH]


def test_much_that_is_wrong_is_said_in_part():
    error = refusal(CaseReport, {"nothing": 1, "such": 2, "at": 3, "all": 4})
    assert error is not None
    assert refusal_text(error, str, Texts(Language.CHINESE)).count("。") == MOST_SAID
