"""The one interface that every inference engine serves."""

from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self

from detector.detections import Detections
from models.cards.artefact import Artefact
from models.cards.model_card import ModelCard
from streams.frame import Picture
from streams.kit.errors import CityPatrolError


class InferenceError(CityPatrolError):
    """Inference of a picture failed, or the backend cannot serve."""


class Backend(Protocol):
    """Finds the objects in pictures.

    Used in a ``with`` block; leaving it closes the backend. Any thread may call ``detect``.
    """

    @property
    def card(self) -> ModelCard:
        """The model that it runs."""
        ...

    @property
    def artefact(self) -> Artefact:
        """The form of the model that it runs."""
        ...

    def detect(self, pictures: Sequence[Picture]) -> Future[list[Detections]]:
        """Start inference of ``pictures``, of any sizes.

        Returns at once unless the backend has all the work that it can hold; then it waits
        until there is room.

        Returns:
            One ``Detections`` per picture in the same order, or the error that came first.

        Raises:
            InferenceError: The backend is closed.
        """
        ...

    def close(self) -> None:
        """Finish what is under way and free the engine. May be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
