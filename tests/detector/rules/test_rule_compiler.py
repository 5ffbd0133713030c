import pytest
from structlog.testing import capture_logs

from models.catalogue.issue_catalogue import UnknownIssueTypeError
from streams.kit.errors import CityPatrolError
from tests.watching import CROWD, PARKING, Watching, car, catalogue_of

CATALOGUE = catalogue_of(c90001=PARKING, c90002=CROWD)


@pytest.mark.parametrize(
    ("own", "looks_until_open"),
    [({}, 6), ({"dwell_seconds": 0}, 3), ({"dwell_seconds": 0, "minimum_looks": 8}, 8)],
)
def test_a_camera_has_its_own_dwell_and_looks(own, looks_until_open):
    watching = Watching(CATALOGUE, issue_types=[{"code": "90001"} | own])
    changed = [bool(watching.show(car())) for _ in range(20)]
    assert changed.index(True) + 1 == looks_until_open


def test_an_unknown_type_names_the_camera():
    with pytest.raises(UnknownIssueTypeError, match=r"'c1'.*'99999'.*citypatrol catalogue list"):
        Watching(CATALOGUE, issue_types=[{"code": "99999"}])


def test_an_own_value_that_does_not_fit_is_named():
    with pytest.raises(CityPatrolError, match=r"'c1'.*90001.*minimum_count.*3"):
        Watching(CATALOGUE, issue_types=[{"code": "90001", "minimum_count": 3}])


def test_a_type_without_its_zone_is_reported():
    with capture_logs() as logs:
        watching = Watching(CATALOGUE, zones=[])
        watching.looks(20, car())
    assert [entry["issue_code"] for entry in logs] == ["90001", "90002"]
    assert "no_parking" in logs[0]["reason"]
    assert watching.changes == []


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"size": {"minimum_height_m": 1.0}}, "surveyed points or a pose"),
        ({"needs": ("thermal_camera",)}, "switched off"),
    ],
)
def test_a_type_that_can_never_be_seen_is_left_out_with_its_reason(rule, reason):
    with capture_logs() as logs:
        watching = Watching(catalogue_of(c90001=PARKING | rule))
        watching.looks(20, car())
    assert watching.changes == []
    (entry,) = logs
    assert (entry["event"], entry["issue_code"]) == ("issue_type_not_watched", "90001")
    assert reason in entry["reason"]
