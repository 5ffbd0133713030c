"""The wire contract for lists of cameras: what became of each."""

from enum import StrEnum

from pydantic import BaseModel

from api.contract.events import FieldError


class CameraStatus(StrEnum):
    """What became of one camera of a list."""

    CREATED = "created"
    UPDATED = "updated"
    REJECTED = "rejected"


class CameraReceipt(BaseModel):
    """The answer to one camera of a list.

    Attributes:
        camera_id: Its id, if one could be read.
        status: What became of it.
        errors: Why it was rejected.
    """

    camera_id: str | None
    status: CameraStatus
    errors: list[FieldError] = []


class CameraReceipts(BaseModel):
    """The answer to a list of cameras, in its order."""

    receipts: list[CameraReceipt]
