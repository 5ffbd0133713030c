"""Words that every package uses: kinds, names and how they are written.

The wire contract may import this module and nothing else of ``models``.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from streams import words as camera_words

CameraId = camera_words.CameraId
IssueCode = camera_words.IssueCode

# They become folder names and object keys, also on systems that fold case or forbid signs.
MODEL_NAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
MODEL_VERSION_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$"

ModelName = Annotated[str, StringConstraints(pattern=MODEL_NAME_PATTERN)]
VersionText = Annotated[str, StringConstraints(pattern=MODEL_VERSION_PATTERN)]

VisualClass = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
"""Name of a visual class, such as ``garbage_pile``: what a model can see."""

# NUL cannot be stored.
STORABLE_TEXT = r"^[^\x00]*$"
Remark = Annotated[str, Field(max_length=1000, pattern=STORABLE_TEXT)]
"""A sentence or two in free words."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Hash of a content, hexadecimal."""

ULID_PATTERN = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
Ulid = Annotated[str, Field(pattern=ULID_PATTERN)]
"""An id that whoever makes it needs to ask nobody for, and that sorts by time."""


class IssueKind(StrEnum):
    """What an issue type, and each event of it, is about."""

    EVENT = "event"
    """Something that happens or lies in the street."""
    COMPONENT = "component"
    """A registered thing of the city that is broken, missing or blocked."""
    CAMERA = "camera"
    """A camera that cannot be trusted: for operators, never for dispatch."""


STREET_KINDS = frozenset(IssueKind) - {IssueKind.CAMERA}
"""What is dispatched: all but the faults of cameras."""


class ConfirmedBy(StrEnum):
    """Who must agree before an event is dispatched."""

    DISPATCHER = "dispatcher"
    """A person looks at the picture; never dispatched without."""
    PERMIT_REGISTER = "permit_register"
    """Whether it is permitted stands in a register that the camera does not know."""
    VISION_ENDPOINT = "vision_endpoint"
    """A vision-language model answers a question about the picture, where one is set up."""
    SECOND_MODEL = "second_model"
    """Another model of the registry looks at the place again, at full resolution."""


class Viewpoint(StrEnum):
    """Where the pictures of a set were taken from."""

    POLE = "pole"
    """A camera fixed above a street, as the district's are."""
    VEHICLE = "vehicle"
    """A camera in a moving car."""
    HAND = "hand"
    """Phones and photographs from the web: near, sharp, at eye level."""


class PictureSource(StrEnum):
    """Whether a class had been learnt from other pictures of the set it was measured on."""

    TRAINED = "trained"
    """It had: the figure tells how well the set was learnt, and little of other streets."""
    UNSEEN = "unseen"
    """It had not: the figure tells what to expect elsewhere."""
