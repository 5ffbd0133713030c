"""A car that is followed over RTSP crosses a line, and one event comes of it."""

from pathlib import Path

import numpy as np

from demo.district_processes import DistrictApi, DistrictWorker
from streams.camera import Camera, EnabledIssueType
from streams.line import Line, LineKind
from streams.replay.replay_server import ReplayServer
from tests.clips import make_clip
from tests.colour_model import ColourSquare, colour_square_picture
from tests.end_to_end.conftest import stored_events
from tests.waiting import wait_until

PICTURES, PICTURES_A_SECOND = 35, 10
# Drawn downwards, so that what goes to the right of the picture crosses it from right to left.
MIDDLE = Line(line_id="gate", kind=LineKind.EXIT, points=((0.5, 0.1), (0.5, 0.9)))

ENTRY = """
  - code: "{code}"
    slug: {slug}
    name_zh: 逆行
    name_en: Wrong way through a gate
    department: traffic_police
    severity: medium
    time_limit_hours: 2
    time_limit_clock: work
    source: own
    rule:
      classes: [car]
      crossing: {{lines: [exit], direction: {direction}}}
      clear_after_seconds: 600
"""
OVERLAY = "\n".join(
    [
        'overlay_version: "lines-1"',
        "types:",
        ENTRY.format(code="09801", slug="goes_right", direction="right_to_left"),
        ENTRY.format(code="09802", slug="goes_left", direction="left_to_right"),
    ]
)


def passing_car(number: int, width: int, height: int) -> np.ndarray:
    """A picture of a car on its way from the left to the right."""
    x = 0.2 + 0.6 * number / PICTURES
    return colour_square_picture([ColourSquare("car", x, 0.5)], width, height)


def test_a_car_that_crosses_a_line_is_one_event(tmp_path: Path, worker_options: list[str]):
    overlay = tmp_path / "lines.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    clip = make_clip(
        tmp_path / "passing.mp4",
        PICTURES,
        PICTURES_A_SECOND,
        keyframe_every=1,
        size=(640, 480),
        picture=passing_car,
    )
    with (
        ReplayServer({"gate": clip}) as server,
        DistrictApi(tmp_path / "api", 0, overlays=[overlay]) as api,
        DistrictWorker(
            api.access, tmp_path / "worker", worker_options, overlays=[overlay]
        ) as worker,
    ):
        camera = Camera(
            camera_id="gate",
            name="Gate",
            stream_url=server.url("gate"),
            lon=106.457,
            lat=29.541,
            lines=(MIDDLE,),
            look_interval_seconds=0.2,
            issue_types=(EnabledIssueType(code="09801"), EnabledIssueType(code="09802")),
        )
        api.put_cameras([camera])
        # It is crossed again each time the clip begins anew, and stays one event.
        wait_until(
            lambda: (
                stored_events(api.access)
                and stored_events(api.access)[0].properties.observed_count >= 2
            ),
            timeout=60,
        )
        events = stored_events(api.access)
    (event,) = events
    assert (event.properties.issue_code, event.properties.zone_id) == ("09801", "gate")
    assert [found.class_name for found in event.properties.detections] == ["car"]
    assert worker.report().events_refused == 0
