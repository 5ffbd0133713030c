import re

import pytest
from pydantic import ValidationError

from streams.camera import Camera
from streams.kit.stream_address import redacted
from streams.kit.validation import field_problems

GOOD = {
    "camera_id": "gate",
    "name": "Gate",
    "stream_url": "rtsp://admin:s3cret@10.0.0.1/live",
    "lon": 106.4,
    "lat": 29.5,
}
ZONE = {"zone_id": "z", "kind": "road", "polygon": [[0, 0], [1, 0], [1, 1]]}


def problems(**changes):
    with pytest.raises(ValidationError) as caught:
        Camera.model_validate(GOOD | changes)
    assert "s3cret" not in str(caught.value)
    found = field_problems(caught.value)
    assert "s3cret" not in repr(found)
    return {one.field: (one.message, one.shown_value) for one in found}


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"lon": 200}, "lon", "200"),
        ({"stream_url": "http://admin:s3cret@h/"}, "stream_url", "'http://***@h/'"),
        ({"stream_url": "s3cret"}, "stream_url", "'***'"),
        ({"stream_url": {"url": "s3cret"}}, "stream_url", "'***'"),
        ({"name": "rtsp://a:s3cret@h/" + "x" * 200}, "name", None),
        ({"zones": [ZONE | {"kind": "moat"}]}, "zones.0.kind", "'moat'"),
        ({"zones": [ZONE, ZONE]}, "", None),
        ({"pose": {"stream_url": "rtsp://a:s3cret@h/"}}, "pose.stream_url", "'rtsp://***@h/'"),
        ({"pose": "rtsp://a:s3cret@h/"}, "pose", "'rtsp://***@h/'"),
    ],
)
def test_problem_names_field_and_value_without_secret(changes, field, value):
    found = problems(**changes)
    assert field in found
    if value is not None:
        assert found[field][1] == value


def test_missing_field_has_no_value():
    with pytest.raises(ValidationError) as caught:
        Camera.model_validate({"camera_id": "gate", "stream_url": "rtsp://a:s3cret@h/"})
    found = field_problems(caught.value)
    assert [str(one) for one in found] == [
        "name: Field required",
        "lon: Field required",
        "lat: Field required",
    ]


def test_long_values_are_shortened():
    _, value = problems(gb28181_id="1" * 5000)["gb28181_id"]
    assert len(value) <= 120


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtsp://10.0.0.1:554/live", "rtsp://10.0.0.1:554/live"),
        ("rtsp://admin:s3cret@10.0.0.1/live?key=s3cret", "rtsp://***@10.0.0.1/live?***"),
        ("rtsp://admin:s3@cret@10.0.0.1/live", "rtsp://***@10.0.0.1/live"),
        ("rtsp://admin:12/s3cret@10.0.0.1/live", "<unreadable address>"),
        ("rtsp://admin:12?s3cret@10.0.0.1/live", "<unreadable address>"),
        ("rtsp://admin:12#s3cret@10.0.0.1/live", "<unreadable address>"),
        ("rtsp://admin:s3/cret@10.0.0.1/live", "<unreadable address>"),
        ("s3cret", "<unreadable address>"),
        ("admin:s3cret@10.0.0.1/live", "<unreadable address>"),
        ("rtsp:///s3cret", "<unreadable address>"),
        (
            "rtsp://10.0.0.1/user=admin&password=s3cret&channel=1",
            "rtsp://10.0.0.1/user=***&password=***&channel=1",
        ),
    ],
)
def test_redacted(url, expected):
    assert redacted(url) == expected


def test_one_name_of_very_many_is_answered_with_the_nearest():
    zone = {"zone_id": "z", "kind": "side_walk", "polygon": [[0, 0], [1, 0], [1, 1]]}
    message, value = problems(zones=[zone])["zones.0.kind"]
    assert re.fullmatch(r"is none of the \d+ known; the nearest are 'sidewalk', .*", message)
    assert len(message) < 120
    assert value == "'side_walk'"
