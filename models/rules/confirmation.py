"""Confirmation: who must agree before an event of a type may be dispatched."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from models.words import MODEL_NAME_PATTERN, MODEL_VERSION_PATTERN, ConfirmedBy, VisualClass

# NAME, or NAME@VERSION: the two patterns without the signs that bound them.
_MODEL_PATTERN = f"{MODEL_NAME_PATTERN[:-1]}(@{MODEL_VERSION_PATTERN[1:-1]})?$"


class Confirmation(BaseModel):
    """What is asked, of whom.

    Attributes:
        by: Who is asked.
        question: Of a vision endpoint: a question about the picture whose answer is yes if the
            issue is there.
        model: Of a second model: NAME@VERSION, or NAME for its newest version in the registry.
        classes: Of a second model: visual classes, any of which it must find there.
        minimum_score: Of a second model: what it finds with less does not count. None leaves it
            to the model's card, and else to what counts for rules.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: ConfirmedBy
    question: Annotated[str, Field(min_length=10, max_length=500)] | None = None
    model: Annotated[str, StringConstraints(pattern=_MODEL_PATTERN)] | None = None
    classes: tuple[VisualClass, ...] = ()
    minimum_score: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _endpoint_is_asked_something(self) -> Self:
        if (self.by is ConfirmedBy.VISION_ENDPOINT) != (self.question is not None):
            raise ValueError(
                f"confirmation by {self.by} with question {self.question!r}: a vision endpoint "
                "needs a question, the others none"
            )
        return self

    @model_validator(mode="after")
    def _second_model_is_named(self) -> Self:
        is_second_model = self.by is ConfirmedBy.SECOND_MODEL
        given = {
            "model": self.model,
            "classes": list(self.classes) or None,
            "minimum_score": self.minimum_score,
        }
        for field, value in given.items():
            if is_second_model and value is None and field != "minimum_score":
                raise ValueError(
                    f"confirmation by {self.by} without {field}: name the model and the classes "
                    "any of which it must find"
                )
            if not is_second_model and value is not None:
                raise ValueError(
                    f"confirmation by {self.by} with {field} {value!r}: that belongs to by: "
                    f"{ConfirmedBy.SECOND_MODEL}"
                )
        return self
