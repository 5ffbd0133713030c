"""What one worker leaves to the next of a camera: part of the wire contract, plain values."""

from typing import Annotated

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from api.contract.moment import Moment
from models.words import Ulid

HolderId = Ulid
"""A ULID that a worker made for its data folder: the same over its restarts."""

# A camera before which hundreds of things stand comes to some ten thousand bytes.
LARGEST_STATE = 1024 * 1024
# A reference view is a grey picture of 30 to 60 KB in each of a few lights, for each preset.
LARGEST_HEALTH = 8 * 1024 * 1024


class CameraMemory(BaseModel):
    """What a worker knows of a camera. Only workers look into ``state`` and ``health``.

    Attributes:
        holder: The worker that watches the camera.
        latest_look: Its latest look at the camera that counted.
        state: What it remembers: things that stand, how long, and the events they became.
        health: The camera's standing faults and reference views. They are large and change
            seldom, so they may be left out: then those that are kept stay.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder: HolderId
    latest_look: Moment
    state: Annotated[Base64Bytes, Field(min_length=1, max_length=LARGEST_STATE)]
    health: Annotated[Base64Bytes, Field(max_length=LARGEST_HEALTH)] | None = None


class CameraMemoryUpdate(CameraMemory):
    """Body of ``PUT /v1/cameras/{camera_id}/memory``.

    Attributes:
        takes_over_from: The holder whose memory this worker found when it took up the camera, or
            None if there was none. Only it may be replaced.
    """

    takes_over_from: HolderId | None = None
