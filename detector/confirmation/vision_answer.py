"""The vision answer: what a model wrote, read leniently and believed only if it is a verdict."""

import contextlib
import json
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from api.contract.confirmations import ConfirmationStatus
from detector.confirmation.verdict import Verdict

_STATUSES = {
    "yes": ConfirmationStatus.CONFIRMED,
    "no": ConfirmationStatus.REFUTED,
    "unsure": ConfirmationStatus.UNSURE,
}
# A model that thinks aloud comes to its verdict at the end.
_MOST_READ = 20_000


class _Part(BaseModel):
    type: str
    text: str = ""


class _Message(BaseModel):
    content: str | list[_Part] | None = None

    @property
    def text(self) -> str:
        match self.content:
            case str():
                return self.content
            case list():
                return "".join(part.text for part in self.content if part.type == "text")
            case None:
                return ""


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None


def _as_word(given: object) -> object:
    return given.strip().lower() if isinstance(given, str) else given


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    verdict: Annotated[Literal["yes", "no", "unsure"], BeforeValidator(_as_word)]
    reason: str = ""


def read_answer(body: bytes) -> Verdict:
    """The verdict in the body of a chat completion; unsure, with the text, where there is none."""
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError:
        text = body.decode("utf-8", "replace")
        return _not_understood("the endpoint answered no chat completion", text)
    text = completion.choices[0].message.text
    said = list(_verdicts(text[-_MOST_READ:]))
    words = {one.verdict for one in said}
    if len(words) != 1:
        what = "several verdicts" if words else "no verdict"
        return _not_understood(f"the model gave {what}", text, completion.model)
    last = said[-1]
    return Verdict(_STATUSES[last.verdict], last.reason, model=completion.model)


def _not_understood(reason: str, text: str, model: str | None = None) -> Verdict:
    return Verdict(ConfirmationStatus.UNSURE, reason, answer=text, model=model)


def _verdicts(text: str) -> Iterator[_Said]:
    """Every JSON object in a text that is a verdict, whatever stands around it."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            found, end = decoder.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError):
            end = start + 1
        else:
            # Some other object may be an example that the model gave itself.
            with contextlib.suppress(ValidationError):
                yield _Said.model_validate(found)
        start = text.find("{", end)
