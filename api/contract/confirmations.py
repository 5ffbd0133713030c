"""What an event says of its confirmation: part of the wire contract, plain values."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.contract.moment import Moment
from models.words import ConfirmedBy

LONGEST_PROMPT = 4000
LONGEST_REASON = 1000
LONGEST_ANSWER = 2000


class ConfirmationStatus(StrEnum):
    """What became of it."""

    PENDING = "pending"
    """Nobody has answered yet."""
    CONFIRMED = "confirmed"
    """The issue is there."""
    REFUTED = "refuted"
    """The issue is not there."""
    UNSURE = "unsure"
    """An answer came that says neither."""
    UNANSWERED = "unanswered"
    """No answer came and none will: ``reason`` says why."""


class EventConfirmation(BaseModel):
    """What was asked about an event, of whom, and what came of it.

    Attributes:
        by: Who is asked.
        status: What became of it.
        question: What the rule asks of a vision endpoint.
        prompt: All the text that went to the endpoint with the pictures.
        model: What answered: the model that the endpoint names, or NAME@VERSION of a second
            model; while it is pending, the one that is asked.
        reason: Why, in the model's words, or why there is no answer.
        answer: The beginning of an answer that could not be understood.
        asked_at: When the question was put, or None if it was not.
        answered_at: When the answer came or was given up, or None while it is pending.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ConfirmedBy
    status: ConfirmationStatus
    question: Annotated[str, Field(max_length=500)] | None = None
    prompt: Annotated[str, Field(max_length=LONGEST_PROMPT)] | None = None
    model: Annotated[str, Field(max_length=200)] | None = None
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] | None = None
    answer: Annotated[str, Field(max_length=LONGEST_ANSWER)] | None = None
    asked_at: Moment | None = None
    answered_at: Moment | None = None

    @model_validator(mode="after")
    def _times_suit_the_status(self) -> Self:
        is_pending = self.status is ConfirmationStatus.PENDING
        if is_pending != (self.answered_at is None):
            raise ValueError(
                f"status {self.status} with answered_at {self.answered_at}: "
                "what is pending has none, the others need one"
            )
        if self.asked_at and self.answered_at and self.answered_at < self.asked_at:
            raise ValueError(
                f"answered_at {self.answered_at.isoformat()} is before "
                f"asked_at {self.asked_at.isoformat()}"
            )
        return self
