import pytest
from pydantic import ValidationError

from detector.inference.settings import DetectorSettings, Precision


def test_each_field_is_described():
    for name, field in DetectorSettings.model_fields.items():
        assert field.description, name


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CITYPATROL_DETECTOR_CONFIDENCE", "0.6")
    monkeypatch.setenv("CITYPATROL_DETECTOR_PRECISION", "float32")
    settings = DetectorSettings()
    assert settings.confidence == 0.6
    assert settings.precision is Precision.FLOAT32


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("confidence", 0),
        ("confidence", 1.5),
        ("confidence", float("nan")),
        ("iou", 0),
        ("device", ""),
        ("device", "CPU; rm"),
        ("inference_threads", -1),
        ("precision", "int3"),
        ("maximum_batch", 0),
        ("batch_window_seconds", 5),
        ("staleness_seconds", 0),
    ],
)
def test_values_out_of_bounds_are_refused(field: str, value: object):
    with pytest.raises(ValidationError, match=field):
        DetectorSettings(**{field: value})
