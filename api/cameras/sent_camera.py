"""A camera as it is sent to the API: read, and every wrong field of it named."""

from collections.abc import Iterator

from pydantic import JsonValue, ValidationError

from api.contract.events import FieldError
from api.http.problems import field_errors, strictly_read, unstorable
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.camera import Camera
from streams.ground.ground_projection import GroundProjection, GroundProjectionError
from streams.kit.validation import SECRET_FIELDS


class CameraFieldsError(ValueError):
    """What was sent is no camera.

    Attributes:
        errors: What is wrong with each field; the stream address is not repeated.
    """

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


def read_camera(document: JsonValue, catalogue: IssueCatalogue) -> Camera:
    """Read a camera that was sent.

    Raises:
        CameraFieldsError: It is none, watches for what is not in the catalogue, or has ground
            points that say nothing of the ground.
    """
    try:
        camera = strictly_read(Camera, document)
    except ValidationError as error:
        raise CameraFieldsError(field_errors(error, SECRET_FIELDS)) from None
    problems = list(unstorable(camera.model_dump(mode="json")))
    if "\x00" in camera.stream_url.get_secret_value():
        problems.append(FieldError(field="stream_url", message="contains a NUL character"))
    problems += [
        FieldError(
            field=f"issue_types.{index}.code",
            message=f"is not in issue catalogue {catalogue.version}",
            value=issue.code,
        )
        for index, issue in enumerate(camera.issue_types)
        if issue.code not in catalogue.types
    ]
    problems += _ground_problems(camera)
    if problems:
        raise CameraFieldsError(problems)
    return camera


def _ground_problems(camera: Camera) -> Iterator[FieldError]:
    views = {
        f"presets.{index}.ground_points": camera.at_preset(preset.name)
        for index, preset in enumerate(camera.presets)
    }
    for field, view in (views or {"ground_points": camera}).items():
        try:
            GroundProjection(view)
        except GroundProjectionError as error:
            yield FieldError(field=field, message=str(error))
