"""A verdict: what came of asking about an event."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from api.contract.confirmations import (
    LONGEST_ANSWER,
    LONGEST_REASON,
    ConfirmationStatus,
    EventConfirmation,
)
from api.contract.events import EventFeature

_LONGEST_MODEL = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a question.

    Attributes:
        status: Confirmed, refuted, unsure or unanswered.
        reason: Why, or why there is no answer.
        answer: An answer that could not be understood.
        model: What answered, if that is known.
    """

    status: ConfirmationStatus
    reason: str | None = None
    answer: str | None = None
    model: str | None = None

    @classmethod
    def unanswered(cls, reason: str) -> Self:
        """No answer came and none will."""
        return cls(ConfirmationStatus.UNANSWERED, reason)

    def on(self, asked: EventConfirmation) -> EventConfirmation:
        """What an event says of its confirmation after this verdict.

        Args:
            asked: What it said while the question was pending.
        """
        now = datetime.now(UTC)
        return asked.model_copy(
            update={
                "status": self.status,
                "reason": storable(self.reason, LONGEST_REASON),
                "answer": storable(self.answer, LONGEST_ANSWER),
                "model": storable(self.model, _LONGEST_MODEL) or asked.model,
                # A clock may have been set back meanwhile.
                "answered_at": now if asked.asked_at is None else max(now, asked.asked_at),
            }
        )

    def revision_after(self, last: EventFeature) -> EventFeature:
        """The next revision of an event, which carries this verdict.

        Args:
            last: The last one, whose confirmation is pending.
        """
        said = last.properties
        if said.confirmation is None:
            return last
        changes = {"revision": said.revision + 1, "confirmation": self.on(said.confirmation)}
        return last.model_copy(update={"properties": said.model_copy(update=changes)})


def storable(text: str | None, longest: int) -> str | None:
    """A text from outside as an event can carry it: no control characters, not too long.

    Example:
        >>> storable("a heap" + chr(0) + " of rubbish", 8)
        'a heap …'
    """
    if not text:
        return None
    # Lone surrogates, which JSON allows, are no text that could be sent on.
    decent = text.encode("utf-8", "replace").decode()
    shown = "".join(
        letter if letter.isprintable() or letter == "\n" else " " for letter in decent
    ).strip()
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
