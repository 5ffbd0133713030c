"""How a node says it is doing, and how it describes itself."""

from pathlib import Path

import psycopg
import pytest
from fastapi.openapi.models import OpenAPI

from api.database.database import MIGRATIONS
from api.routes import examples
from tests.api.running_api import JPEG, RunningApi, event


def test_healthy_node(api: RunningApi):
    answer = api.reader.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"


def test_node_with_tables_of_another_version_is_not_healthy(fresh_api: RunningApi):
    api = fresh_api
    with psycopg.connect(api.settings.database_url.get_secret_value()) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    answer = api.reader.get("/health")
    assert answer.status_code == 503
    assert "9999" in answer.json()["detail"]


def test_requests_and_events_are_counted(fresh_api: RunningApi):
    api = fresh_api
    api.add_camera()
    api.post(event(0), event(1, issue_code="00000"), {"type": "x" * 1000})
    api.post(event(0))
    api.reader.get("/v1/events/nothing")
    text = api.reader.get("/metrics").text
    for line in (
        'citypatrol_http_requests_total{method="POST",route="/v1/events",status="200"} 2.0',
        'method="GET",route="/v1/events/{event_id}",status="422"} 1.0',
        'citypatrol_events_received_total{status="stored"} 1.0',
        'citypatrol_events_received_total{status="duplicate"} 1.0',
        'citypatrol_events_received_total{status="rejected"} 2.0',
        'citypatrol_events_rejected_total{field="properties.issue_code"} 1.0',
        "citypatrol_ingest_seconds_count 2.0",
    ):
        assert line in text


def test_description_is_valid_and_every_route_has_examples(api: RunningApi):
    description = api.reader.get("/openapi.json").json()
    OpenAPI.model_validate(description)
    assert description["info"]["title"] == "CityPatrol"
    features = description["components"]["schemas"]["EventBatch"]["properties"]["features"]
    assert features["items"] == {"$ref": "#/components/schemas/EventFeature"}
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            assert {"tags", "summary", "description"} <= route.keys(), (method, path)
            for code, answer in route["responses"].items():
                for media_type, content in answer.get("content", {}).items():
                    is_plain = media_type.startswith(("image/", "text/plain"))
                    is_plain |= content.get("schema", {}).get("format") == "binary"
                    assert is_plain or "example" in content, (method, path, code)


def test_every_reference_in_the_description_leads_somewhere(api: RunningApi):
    description = api.reader.get("/openapi.json").json()

    def references(value: object):
        if isinstance(value, dict):
            yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                yield from references(item)

    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert set(references(description)) <= known


def test_examples_are_what_the_api_takes_and_gives(api: RunningApi, monkeypatch):
    assert api.http.post("/v1/cameras", json=examples.CAMERA).status_code == 201
    assert api.http.put("/v1/grids", json=examples.GRIDS).status_code == 200
    name = api.add_evidence(JPEG)
    posted = {**examples.EVENT, "properties": {**examples.EVENT["properties"]}}
    posted["properties"]["evidence"] = [
        {**examples.EVENT["properties"]["evidence"][0], "sha256": name}
    ]
    (receipt,) = api.post(posted)
    assert receipt.keys() == examples.BATCH_RECEIPT["receipts"][0].keys()
    assert receipt["status"] == "stored", receipt
    (stored,) = api.stored()
    assert stored["properties"].keys() == examples.STORED_EVENT["properties"].keys()
    for field in ("issue_name_zh", "department_en", "unit_grid", "camera_name", "severity"):
        assert stored["properties"][field] == examples.STORED_EVENT["properties"][field], field
    shown = api.reader.get("/v1/cameras.geojson").json()["features"]
    assert [one["properties"].keys() for one in shown] == [
        one["properties"].keys() for one in examples.CAMERA_MAP["features"]
    ]


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_pages_of_the_description(api: RunningApi, path):
    assert api.reader.get(path).status_code == 200


def test_migrations_are_packaged():
    assert (Path(MIGRATIONS) / "versions" / "__init__.py").exists()
