import pytest
from pydantic import ValidationError

from streams.camera import Camera
from streams.line import Line
from tests.watching import ZONES

EXIT = {"line_id": "exit", "kind": "exit", "points": [[0.2, 0.7], [0.8, 0.7]]}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"points": [[0.2, 0.7]]}, "at least 2 items"),
        ({"points": [[0.2, 0.7], [0.2, 0.7], [0.8, 0.7]]}, r"\[0.2, 0.7\] follows itself"),
        ({"points": [[0.2, 0.7], [0.8, 1.7]]}, "less than or equal to 1"),
        ({"kind": "river"}, "solid_line"),
        ({"line_id": "a b"}, "pattern"),
    ],
)
def test_what_is_no_line_is_refused(fields, said):
    with pytest.raises(ValidationError, match=said):
        Line.model_validate(EXIT | fields)


@pytest.mark.parametrize(
    ("lines", "name"), [([EXIT, EXIT], "exit"), ([EXIT | {"line_id": "kerb"}], "kerb")]
)
def test_lines_and_zones_have_ids_of_their_own(lines, name):
    with pytest.raises(ValidationError, match=rf"lines lists \['{name}'\] more than once"):
        Camera(
            camera_id="c1",
            name="Corner",
            stream_url="rtsp://camera.invalid/1",
            lon=106.5,
            lat=29.5,
            zones=ZONES,
            lines=lines,
        )
