import pytest
from pydantic import ValidationError

from api.console.parts.settings import ConsoleSettings


def test_defaults_hold():
    assert ConsoleSettings().time_zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("base_map", "/no/such/file.geojson"),
        ("listed_events", 0),
        ("district_zh", ""),
    ],
)
def test_a_wrong_value_is_refused_by_name(field, value):
    with pytest.raises(ValidationError, match=field):
        ConsoleSettings(**{field: value})
