"""A worker's report says what waits, while it runs and after it has ended."""

from pathlib import Path

from detector.delivery.outbox import Outbox
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from detector.worker.configuration import WorkerConfiguration
from detector.worker.worker import Worker
from detector.worker.worker_report import WorkerReport
from models.registry.settings import ModelSettings
from streams.reading.settings import StreamSettings
from tests.colour_model import write_colour_model
from tests.events import make_feature, make_sighting


def test_waiting_events_are_counted_while_it_runs_and_after(tmp_path: Path):
    folder, report = tmp_path / "worker", tmp_path / "report.json"
    with Outbox(folder, 1 << 30) as outbox:
        sighting = make_sighting()
        outbox.put(make_feature(sighting), sighting, [])
    nobody = WorkerSettings(
        api="http://127.0.0.1:9", key="0123456789", data_dir=folder, drain_seconds=0
    )
    weights = ModelSettings(weights=write_colour_model(tmp_path / "model"))
    configuration = WorkerConfiguration(
        nobody, DetectorSettings(), StreamSettings(), weights, report
    )

    with Worker(configuration) as worker:
        while_running = worker.report().events_waiting

    assert while_running == 1
    left = WorkerReport.model_validate_json(report.read_text())
    assert left.events_waiting == 1
    assert left.models == ["colour-squares@1"]
    assert left.model_faults == []
