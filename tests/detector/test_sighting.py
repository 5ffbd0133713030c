import dataclasses
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detector.sighting import Sighting

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def a_sighting(**fields) -> Sighting:
    return Sighting(
        **{
            "event_id": "01JTDZ3V2N8Q4R6S7T8V9WXYZ0",
            "issue_code": "09009",
            "zone_id": "kerb",
            "first_seen": NOON,
            "last_seen": NOON + timedelta(seconds=30),
            "observed_count": 12,
            "score": 0.9,
            "boxes": np.array([[0.1, 0.2, 0.3, 0.4]], np.float32),
            "class_names": ("car",),
            "scores": np.array([0.8], np.float32),
        }
        | fields
    )


@given(
    boxes=arrays.arrays(np.float32, (3, 4), elements=st.floats(0, 1, width=32)),
    scores=arrays.arrays(np.float32, 3, elements=st.floats(0, 1, width=32)),
    count=st.integers(1, 10**6),
    zone_id=st.none() | st.just("kerb"),
    microseconds=st.integers(0, 10**12),
    unwatched=st.floats(0, 1e6),
)
def test_a_sighting_survives_json(boxes, scores, count, zone_id, microseconds, unwatched):
    sighting = a_sighting(
        boxes=boxes,
        scores=scores,
        class_names=("car", "bus", "car"),
        observed_count=count,
        zone_id=zone_id,
        last_seen=NOON + timedelta(microseconds=microseconds),
        unwatched_seconds=unwatched,
    )
    back = Sighting.from_json(sighting.to_json())
    for field in dataclasses.fields(Sighting):
        given_value, read = getattr(sighting, field.name), getattr(back, field.name)
        assert np.array_equal(given_value, read), field.name
        assert type(read) is type(given_value), field.name
    assert back.boxes.dtype == np.float32
    assert back.to_json() == sighting.to_json()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"class_names": ()}, "0 class_names"),
        ({"boxes": np.zeros((2, 4), np.float32)}, r"boxes \(2, 4\)"),
        ({"scores": np.zeros(2, np.float32)}, r"scores \(2,\)"),
        ({"first_seen": NOON.replace(tzinfo=None)}, "has no zone"),
        ({"last_seen": NOON - timedelta(seconds=1)}, "is before"),
    ],
)
def test_a_wrong_sighting_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        a_sighting(**fields)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{}", "event_id"),
        (a_sighting().to_json().replace("01JTDZ", "01jtdz"), "event_id"),
        (a_sighting().to_json().replace('"scores":[', '"scores":["x",'), "scores"),
    ],
)
def test_json_that_is_no_sighting_is_refused(text, field):
    with pytest.raises(ValueError, match=field):
        Sighting.from_json(text)


def test_the_best_look_is_known():
    assert not a_sighting().shows_best
    assert a_sighting(score=0.8 - 1e-9).shows_best
