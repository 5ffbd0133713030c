"""An open question: what is asked about an event, with the picture it is asked about."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from api.contract.events import EventId
from models.rules.confirmation import Confirmation
from streams.frame import Picture
from streams.kit.errors import CityPatrolError


class QuestionRecord(BaseModel):
    """What is asked, as plain values to be kept as JSON.

    Attributes:
        event_id: The event.
        asks: What its rule asked when it opened, and of whom.
        boxes: What was sighted in the picture: left, top, right, bottom as its fractions.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: EventId
    asks: Confirmation
    boxes: tuple[tuple[float, float, float, float], ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for its answer.

    Attributes:
        record: What is asked.
        jpeg: The event's frame, encoded as its evidence is.
    """

    record: QuestionRecord
    jpeg: bytes

    @property
    def boxes(self) -> npt.NDArray[np.float32]:
        """What was sighted, shape (k, 4), k >= 1, as fractions of the picture."""
        return np.array(self.record.boxes, np.float32)

    def picture(self) -> Picture:
        """The frame, decoded.

        Raises:
            CityPatrolError: It is no picture.
        """
        decoded = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        if decoded is None:
            raise CityPatrolError(f"the frame of event {self.record.event_id} cannot be decoded")
        return np.asarray(decoded, np.uint8)
