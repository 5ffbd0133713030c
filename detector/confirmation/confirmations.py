"""Confirmations: what each event says of who must confirm it, and the asking of those who can."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

from api.contract.confirmations import ConfirmationStatus, EventConfirmation
from api.contract.events import EvidenceKind
from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.confirmation.question_budget import QuestionBudget
from detector.confirmation.question_desk import Answered, DeskLimits, QuestionDesk
from detector.confirmation.second_look import SecondLook
from detector.confirmation.second_model_opener import SecondModelOpener
from detector.confirmation.verdict import Verdict
from detector.confirmation.vision_endpoint import VisionEndpoint
from detector.confirmation.vision_prompt import prompt_text
from detector.delivery.open_question import OpenQuestion, QuestionRecord
from detector.evidence.evidence import EvidencePicture
from detector.sighting import Sighting
from models.catalogue.issue_catalogue import IssueCatalogue
from models.coverage.second_models import asks_second_models
from models.rules.confirmation import Confirmation
from models.words import ConfirmedBy

_MACHINES = frozenset({ConfirmedBy.VISION_ENDPOINT, ConfirmedBy.SECOND_MODEL})
_OFF = {
    ConfirmedBy.VISION_ENDPOINT: "no vision endpoint is set up "
    "(CITYPATROL_CONFIRMATION_VISION_URL)",
    ConfirmedBy.SECOND_MODEL: "the catalogue of this worker asks for no second model",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What an event that opens says of its confirmation, and what has to be asked.

    Attributes:
        confirmation: For the event; None where its type asks for nobody.
        question: To be asked once the outbox has it; None where nothing is to be asked.
    """

    confirmation: EventConfirmation | None = None
    question: OpenQuestion | None = None


NOTHING_TO_ASK = Asking()


class AsksForConfirmation(Protocol):
    """Whoever knows what has to be confirmed, and asks. Nothing here waits for an answer."""

    def begin(self, sighting: Sighting, pictures: Sequence[EvidencePicture]) -> Asking:
        """What a new event says of its confirmation, and what is to be asked."""
        ...

    def refusal(self, asks: Confirmation) -> str | None:
        """Why a question cannot be put now; None if it can."""
        ...

    def ask(self, question: OpenQuestion) -> None:
        """Put a question that was not refused."""
        ...


class NobodyIsAsked:
    """Confirms nothing, and events say nothing of it."""

    def begin(
        self,
        sighting: Sighting,  # noqa: ARG002 - the protocol names it
        pictures: Sequence[EvidencePicture],  # noqa: ARG002
    ) -> Asking:
        """Nothing."""
        return NOTHING_TO_ASK

    def refusal(self, asks: Confirmation) -> str | None:
        """Always."""
        return _OFF.get(asks.by, f"a worker does not ask {asks.by}")

    def ask(self, question: OpenQuestion) -> None:
        """Nothing is ever put."""


class Confirmations:
    """Asks a vision endpoint and second models about events, each in a thread of its own.

    What is asked is what the event's rule says. Nothing waits for an answer: it comes to
    ``answered`` in the thread that asked. Use it in ``with``.

    Args:
        catalogue: The rules.
        settings: The vision endpoint, if there is one, and how much may wait.
        models: Opens second models.
        answered: Takes the verdicts.
    """

    def __init__(
        self,
        catalogue: IssueCatalogue,
        settings: ConfirmationSettings,
        models: SecondModelOpener,
        answered: Answered,
    ) -> None:
        self._catalogue = catalogue
        self._vision_model = settings.vision_model
        self._stack = ExitStack()
        self._desks: dict[ConfirmedBy, QuestionDesk] = {}
        if settings.vision_url is not None:
            budget = QuestionBudget(settings.vision_questions_per_hour)
            limits = DeskLimits(settings.vision_concurrent, settings.question_queue, budget)
            self._desks[ConfirmedBy.VISION_ENDPOINT] = QuestionDesk(
                "vision endpoint", VisionEndpoint(settings), limits, answered
            )
        if asks_second_models(catalogue):
            look = SecondLook(models.for_rules(catalogue).open)
            limits = DeskLimits(1, settings.question_queue)
            self._desks[ConfirmedBy.SECOND_MODEL] = QuestionDesk(
                "second model", look, limits, answered
            )

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for desk in self._desks.values():
                stack.enter_context(desk)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def begin(self, sighting: Sighting, pictures: Sequence[EvidencePicture]) -> Asking:
        """What a new event says of its confirmation, and what is to be asked.

        Args:
            sighting: What the event is about.
            pictures: Its evidence.
        """
        asks = self._catalogue.issue_type(sighting.issue_code).rule.confirmation
        if asks is None:
            return NOTHING_TO_ASK
        pending = self._pending(asks)
        if asks.by not in _MACHINES:
            return Asking(pending)
        frame = next((one for one in pictures if one.kind is EvidenceKind.FRAME), None)
        refusal = "the event has no picture" if frame is None else self.refusal(asks)
        if frame is None or refusal is not None:
            return Asking(Verdict.unanswered(refusal or "").on(pending))
        boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in sighting.boxes)
        record = QuestionRecord(event_id=sighting.event_id, asks=asks, boxes=boxes)
        put = pending.model_copy(update={"asked_at": datetime.now(UTC)})
        return Asking(put, OpenQuestion(record, frame.jpeg))

    def refusal(self, asks: Confirmation) -> str | None:
        """Why a question cannot be put now; None if it can."""
        desk = self._desks.get(asks.by)
        if desk is None:
            return _OFF.get(asks.by, f"a worker does not ask {asks.by}")
        return desk.refusal()

    def ask(self, question: OpenQuestion) -> None:
        """Put a question that was not refused."""
        self._desks[question.record.asks.by].ask(question)

    def _pending(self, asks: Confirmation) -> EventConfirmation:
        is_vision = asks.by is ConfirmedBy.VISION_ENDPOINT
        return EventConfirmation(
            by=asks.by,
            status=ConfirmationStatus.PENDING,
            question=asks.question,
            prompt=prompt_text(asks.question) if is_vision and asks.question else None,
            model=self._vision_model if is_vision else asks.model,
        )
