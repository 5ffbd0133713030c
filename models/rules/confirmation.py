"""Confirmation: who must agree before an event of a type may be dispatched."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ConfirmedBy(StrEnum):
    """Who confirms."""

    DISPATCHER = "dispatcher"
    """A person looks at the picture; never dispatched without."""
    PERMIT_REGISTER = "permit_register"
    """Whether it is permitted stands in a register that the camera does not know."""
    VISION_ENDPOINT = "vision_endpoint"
    """A vision-language model answers a question about the picture, where one is set up."""


class Confirmation(BaseModel):
    """What is asked, of whom.

    Attributes:
        by: Who is asked.
        question: Of a vision endpoint: a question about the picture whose answer is yes if the
            issue is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ConfirmedBy
    question: Annotated[str, Field(min_length=10, max_length=500)] | None = None

    @model_validator(mode="after")
    def _endpoint_is_asked_something(self) -> Self:
        if (self.by is ConfirmedBy.VISION_ENDPOINT) != (self.question is not None):
            raise ValueError(
                f"confirmation by {self.by} with question {self.question!r}: a vision endpoint "
                "needs a question, the others none"
            )
        return self
