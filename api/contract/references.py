"""Reference pictures of cameras: what a view should show. Part of the wire contract."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from models.words import Sha256


class CameraReference(BaseModel):
    """A picture that an operator gave as the reference of a view.

    Attributes:
        camera_id: The camera.
        preset: Its preset; ``first`` for the only view of a camera without presets.
        sha256: Hash of the picture.
        given_by: Name of the key it came with.
        given_at: When.
    """

    model_config = ConfigDict(frozen=True)

    camera_id: str
    preset: Annotated[str, Field(min_length=1)]
    sha256: Sha256
    given_by: str
    given_at: AwareDatetime


CAMERA_REFERENCES = TypeAdapter(list[CameraReference])
