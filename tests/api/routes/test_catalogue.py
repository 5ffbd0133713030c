"""The catalogue and its coverage over HTTP, with a city's overlay and live models."""

from pathlib import Path

import pytest

from api.routes import examples
from api.settings import ApiSettings
from models.catalogue.error import CatalogueError
from models.catalogue.issue_catalogue import load_catalogue
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from tests.api.running_api import RunningApi, event
from tests.waiting import wait_until

OVERLAY = """\
overlay_version: city-1
types:
  - {code: "09009", department: town, rule: {dwell_seconds: 5}}
switched_off: ["06010"]
"""


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "city.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    monkeypatch.setenv("CITYPATROL_CATALOGUE_OVERLAYS", str(path))
    monkeypatch.setenv("CITYPATROL_MODEL_REGISTRY", str(tmp_path / "models"))
    return path


def promote(api: RunningApi, name: str, version: str) -> None:
    promotion = {**examples.PROMOTION, "version": version}
    answer = api.http.post(f"/v1/models/{name}/promotions", json=promotion)
    assert answer.status_code == 201, answer.text


def test_the_city_s_overlay_is_what_everyone_reads(overlay: Path, settings: ApiSettings):
    with RunningApi(settings) as api:
        document = api.reader.get("/v1/catalogue").json()
        assert document["catalogue_version"] == "2026.3+city-1"
        assert document["overlays"] == ["city-1"]
        types = {one["issue_type"]["code"]: one for one in document["types"]}
        assert types.keys() == load_catalogue().types.keys()
        assert types["09009"].keys() == examples.CATALOGUE["types"][0].keys()
        assert types["09009"]["issue_type"]["rule"]["dwell_seconds"] == 5
        assert types["09009"]["department"]["en"] == "Town or sub-district"
        assert (types["06010"]["watched"], types["06010"]["unwatched"]) == (False, "switched_off")

        camera = api.add_camera()
        api.add_evidence()
        feature = event(1, camera_id=camera["camera_id"], catalogue_version="2026.3+city-1")
        assert api.post(feature)[0]["status"] == "stored"
        (stored,) = api.reader.get("/v1/events").json()["features"]
        assert stored["properties"]["catalogue_version"] == "2026.3+city-1"
        assert stored["properties"]["department_en"] == "Town or sub-district"


def report(api: RunningApi, *models: dict, worker: int = 1, seconds: float = 30.0) -> None:
    body = {"models": models, "next_report_seconds": seconds}
    answer = api.http.put(f"/v1/models/running/01JD8Z6Q3V5W7X9Y1A3C5E7G9{worker}", json=body)
    assert answer.status_code == 204, answer.text


def coverage(api: RunningApi) -> dict:
    answer = api.reader.get("/v1/catalogue/coverage")
    assert answer.status_code == 200, answer.text
    return answer.json()


def statuses(found: dict) -> dict[str, str]:
    return {one["code"]: one["status"] for one in found["types"]}


def test_coverage_counts_what_workers_say_they_run(overlay: Path, settings: ApiSettings):
    cars = [
        {"visual_class": name, "precision": 0.95, "recall": 0.6, "boxes": 99, "source": "unseen"}
        for name in ("car", "bus", "truck")
    ]
    quay = {"name": "quay", "version": "3", "classes": cars}
    with RunningApi(settings) as api:
        promote(api, "elsewhere", "1")
        report(api, quay)
        found = coverage(api)
        assert (found["counted"], found["workers"], found["models"]) == ("reported", 1, ["quay@3"])
        assert found["models_without_card"] == []
        assert statuses(found)["09009"] == "recognisable"

        seldom = [{**one, "recall": 0.2} for one in cars]
        report(api, {**quay, "version": "4", "classes": seldom}, worker=2)
        found = coverage(api)
        assert (found["workers"], found["models"]) == (2, ["quay@3", "quay@4"])
        (parking,) = [one for one in found["types"] if one["code"] == "09009"]
        assert parking["status"] == "partly"
        assert [one["recall"] for one in parking["weak_classes"]] == [0.2] * 3

        at_work = api.reader.get("/v1/models/running").json()["workers"]
        assert [one["models"][0]["version"] for one in at_work] == ["3", "4"]
        assert at_work[0].keys() == examples.MODELS_AT_WORK["workers"][0].keys()


def test_report_that_is_long_overdue_counts_no_more(overlay: Path, settings: ApiSettings):
    with RunningApi(settings) as api:
        report(api, {"name": "quay", "version": "3", "classes": []}, seconds=0.001)
        wait_until(lambda: coverage(api)["counted"] == "expected", what="the report to be overdue")
        assert api.reader.get("/v1/models/running").json() == {"workers": []}


@pytest.mark.parametrize(
    ("worker", "body", "field"),
    [
        ("nobody", examples.WORKER_MODELS, "worker"),
        ("01JD8Z6Q3V5W7X9Y1A3C5E7G9J", {"models": []}, "next_report_seconds"),
    ],
)
def test_wrong_report_is_refused(api: RunningApi, worker: str, body: dict, field: str):
    answer = api.http.put(f"/v1/models/running/{worker}", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert api.reader.put(f"/v1/models/running/{worker}", json=body).status_code == 403
    assert api.nobody.put(f"/v1/models/running/{worker}", json=body).status_code == 401


def test_without_reports_coverage_counts_what_a_worker_would_run(
    overlay: Path, settings: ApiSettings
):
    shipped = open_registry(RegistrySettings()).shipped.versions()[0]
    with RunningApi(settings) as api:
        alone = coverage(api)
        assert alone.keys() == examples.COVERAGE.keys()
        assert alone["totals"].keys() == examples.COVERAGE["totals"].keys()
        assert alone["types"][0].keys() == examples.COVERAGE["types"][0].keys()
        assert (alone["counted"], alone["models"]) == ("expected", [str(shipped)])
        assert statuses(alone)["06010"] == "switched_off"

        promote(api, "elsewhere", "1")
        unknown = coverage(api)
        assert unknown["models"] == unknown["models_without_card"] == ["elsewhere@1"]
        assert statuses(unknown)["09009"] == "needs_classes"

        promote(api, shipped.name, shipped.version)
        both = coverage(api)
        assert both["models"] == ["elsewhere@1", str(shipped)]
        assert both["totals"] == alone["totals"]


def test_an_api_does_not_start_with_an_overlay_that_is_wrong(overlay: Path, settings: ApiSettings):
    overlay.write_text('overlay_version: x\nswitched_on: ["00000"]\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"city\.yaml: switched_on entry 1: '00000' is no"):
        RunningApi(settings)
