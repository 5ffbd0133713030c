"""A worker's report says what waits, while it runs and after it has ended."""

from pathlib import Path

from detector.openvino_backend import OpenVinoBackend
from detector.outbox import Outbox
from detector.settings import DetectorSettings
from detector.worker import Worker, WorkerConfiguration
from detector.worker_report import WorkerReport
from detector.worker_settings import WorkerSettings
from models.installed_model import find_model
from models.settings import ModelSettings
from streams.settings import StreamSettings
from streams.stage_costs import StageCosts
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
    installed = find_model(ModelSettings(weights=write_colour_model(tmp_path / "model")))
    detector, costs = DetectorSettings(), StageCosts()
    configuration = WorkerConfiguration(nobody, detector, StreamSettings(), report)

    with (
        OpenVinoBackend(installed, detector, costs) as backend,
        Worker(configuration, backend, costs) as worker,
    ):
        while_running = worker.report().events_waiting

    assert while_running == 1
    assert WorkerReport.model_validate_json(report.read_text()).events_waiting == 1
