"""Workers change models while they run: no frame is lost, and bad models are refused."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

import api.commands.model_commands
import detector.commands.model_commands
from api.commands.client import ApiCallError, OperatorClient
from api.commands.client_settings import ClientSettings
from api.contract.models import ModelFileHash, ModelsAtWork, Rollback
from demo.district_processes import DistrictApi, DistrictWorker
from detector.delivery.api_client import ApiClient
from detector.delivery.worker_settings import WorkerSettings
from detector.inference.settings import DetectorSettings
from detector.live_models.live_models import LiveModels
from detector.live_models.model_opener import ModelOpener
from detector.live_models.model_set import AnalysedFrame, ModelSet
from detector.worker.batcher import Batcher
from detector.worker.frame_analysis import FrameAnalysis
from models.cards.model_card import ModelFileError
from models.cards.self_test import ExpectedDetection
from models.cards.stored_model import InstalledModel
from models.intake.installed_model import ModelNotFoundError
from models.model_version import ModelVersion
from models.registry.registry import UnknownModelVersionError
from models.registry.registry_access import open_registry
from models.registry.settings import ModelSettings, RegistrySettings
from streams.frame import Frame
from streams.kit.stage_costs import Stage, StageCosts
from streams.reading.latest_frames import LatestFrames
from tests.colour_model import ColourSquare, colour_square_picture
from tests.colour_versions import (
    TEST_SQUARE,
    ColourVersion,
    add_version,
    only,
    promotion_of,
    square_box,
)
from tests.end_to_end.conftest import Street, read, replayed, stored_events
from tests.waiting import wait_until

PICTURE = colour_square_picture([ColourSquare("car", 0.5, 0.5)])
SHIPPED = ModelVersion(name="street", version="2026.11")
CAMERAS = tuple(f"camera-{number}" for number in range(6))
CAR_IN_THE_CORNER = ExpectedDetection(visual_class="car", box=(0.0, 0.0, 0.1, 0.1))


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistrictApi]:
    folder = tmp_path_factory.mktemp("api")
    with DistrictApi(folder, 0) as running:
        yield running


@pytest.fixture
def operator(district: DistrictApi) -> Iterator[OperatorClient]:
    """An operator before an API on which nothing is live."""
    access = district.access
    with OperatorClient(ClientSettings(api=access.url, key=SecretStr(access.keys.own))) as client:
        yield client
        for model in client.live_models():
            client.withdraw_model(model.name)


class LiveWorker:
    """The part of a worker that follows live models."""

    def __init__(self, url: str, key: str, folder: Path, weights: Path | None = None) -> None:
        self.registry = folder / "registry"
        self.costs = StageCosts()
        worker = WorkerSettings(api=url, key=SecretStr(key), data_dir=folder / "worker")
        self._client = ApiClient(worker)
        self.models = ModelSet()
        opener = ModelOpener(DetectorSettings(inference_threads=1), self.costs)
        settings = ModelSettings(registry=str(self.registry), weights=weights)
        self.live = LiveModels(self.models, opener, settings, self._client)

    def __enter__(self) -> "LiveWorker":
        return self

    def __exit__(self, *exception: object) -> None:
        with self._client, self.models:
            pass

    def add(self, wanted: ColourVersion) -> InstalledModel:
        return add_version(self.registry, wanted)

    def running(self) -> list[str]:
        return [str(model.card.model_version) for model in self.models.models]

    def follow(self) -> list[str]:
        self.live.follow()
        return self.running()


@pytest.fixture
def worker(district: DistrictApi, tmp_path: Path) -> Iterator[LiveWorker]:
    with LiveWorker(district.access.url, district.access.keys.worker, tmp_path) as worker:
        yield worker


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A version never changes its files, so tests that share an API use names of their own."""
    return request.node.name.lower().replace("[", "-").replace("]", "")[:60]


class Flow:
    """Frames of several cameras that flow until told to stop; each waits for the one before."""

    def __init__(self, models: ModelSet) -> None:
        self.frames = LatestFrames()
        self.given: dict[str, int] = dict.fromkeys(CAMERAS, 0)
        self.judged: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._give)
        settings = DetectorSettings(maximum_batch=4)
        self.analysis = FrameAnalysis(Batcher(self.frames, settings), models, self._judge)

    def __enter__(self) -> "Flow":
        self.analysis.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        self._thread.join()
        wait_until(lambda: self.count() == sum(self.given.values()))
        self.analysis.__exit__(*exception)

    def count(self) -> int:
        return sum(len(judged) for judged in self.judged.values())

    def go_on(self, frames: int = 12) -> None:
        """Wait until so many more frames were judged."""
        wanted = self.count() + frames
        wait_until(lambda: self.count() >= wanted)

    def _give(self) -> None:
        while not self._stopping.wait(0.001):
            for camera_id in CAMERAS:
                number = self.given[camera_id]
                if len(self.judged[camera_id]) == number:
                    self.given[camera_id] += 1
                    self.frames.put(Frame(camera_id, PICTURE, datetime.now(UTC), number))

    def _judge(self, analysed: AnalysedFrame) -> None:
        (index,) = range(len(analysed.detections))
        version = analysed.found_by[analysed.detections.class_name(index)].version
        self.judged[analysed.frame.camera_id].append((analysed.frame.sequence, version))


def test_frames_flow_through_changes_of_the_model(
    operator: OperatorClient, worker: LiveWorker, name: str
):
    one, two = (worker.add(ColourVersion(name, version)) for version in ("1", "2"))
    operator.promote_model(name, promotion_of(one))
    worker.models.follow({camera_id: frozenset({"car"}) for camera_id in CAMERAS})
    assert worker.follow() == [f"{name}@1"]
    with Flow(worker.models) as flow:
        flow.go_on()
        operator.promote_model(name, promotion_of(two))
        assert worker.follow() == [f"{name}@2"]
        flow.go_on()
        before = worker.costs.seconds()[Stage.INFER]
        operator.roll_back_model(name, Rollback())
        assert worker.follow() == [f"{name}@1"]
        flow.go_on()

    assert worker.costs.seconds()[Stage.INFER] > before
    assert flow.analysis.counts().errors == 0
    assert sum(flow.frames.drops().values()) == 0
    for camera_id in CAMERAS:
        sequences, versions = zip(*flow.judged[camera_id], strict=True)
        assert list(sequences) == list(range(flow.given[camera_id]))
        text = "".join(versions)
        assert text.strip("1").strip("2") == "", text
        assert text.startswith("1")
        assert text.endswith("1")


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (ColourVersion(version="2", expected=(CAR_IN_THE_CORNER,)), "fails its self-test"),
        (ColourVersion(version="3"), "SHA-256"),
        (ColourVersion(version="4"), "other files than"),
        (ColourVersion(version="5"), "@5 is not in"),
    ],
    ids=["self-test", "torn", "other-files", "missing"],
)
def test_bad_version_is_refused_and_what_ran_before_goes_on(
    operator: OperatorClient, worker: LiveWorker, name: str, version: ColourVersion, said: str
):
    operator.promote_model(name, promotion_of(worker.add(ColourVersion(name, "1"))))
    worker.follow()
    bad = worker.add(ColourVersion(name, version.version, expected=version.expected))
    promotion = promotion_of(bad)
    path = bad.folder / "model.onnx"
    match version.version:
        case "3":
            path.write_bytes(path.read_bytes()[:-50])
        case "4":
            files = (ModelFileHash(path="model.onnx", sha256="0" * 64),)
            promotion = promotion.model_copy(update={"files": files})
        case "5":
            for file in bad.folder.iterdir():
                file.unlink()
    operator.promote_model(name, promotion)

    assert worker.follow() == [f"{name}@1"]
    (fault,) = worker.live.faults
    assert said in fault
    assert fault.startswith(f"model {name}@{version.version} is refused")
    assert worker.follow() == [f"{name}@1"]

    operator.roll_back_model(name, Rollback())
    assert worker.follow() == [f"{name}@1"]
    assert worker.live.faults == []


def test_models_serve_in_the_order_in_which_they_came_into_service(
    operator: OperatorClient, worker: LiveWorker, name: str
):
    for number, own in enumerate((("car",), ("car", "boat")), start=1):
        added = worker.add(ColourVersion(f"{name}-{number}", "1", only(*own)))
        operator.promote_model(added.card.name, promotion_of(added))
    assert worker.follow() == [f"{name}-1@1", f"{name}-2@1"]
    operator.withdraw_model(f"{name}-1")
    assert worker.follow() == [f"{name}-2@1"]


def test_candidate_runs_nowhere_until_it_is_promoted(
    operator: OperatorClient, worker: LiveWorker, name: str
):
    shipped = open_registry(RegistrySettings()).shipped.fetch(SHIPPED)
    candidate = worker.add(ColourVersion(name, "own"))
    assert worker.follow() == [str(SHIPPED)]
    (model,) = worker.models.models
    operator.promote_model(SHIPPED.name, promotion_of(shipped))
    worker.follow()
    assert worker.models.models == (model,), "what runs already was opened again"
    operator.promote_model(name, promotion_of(candidate))
    assert worker.follow() == [str(SHIPPED), f"{name}@own"]


def test_shipped_model_stands_in_where_the_live_one_cannot_run(
    operator: OperatorClient, worker: LiveWorker, name: str
):
    files = (ModelFileHash(path="model.onnx", sha256="0" * 64),)
    absent = promotion_of(worker.add(ColourVersion("draft", "1"))).model_copy(
        update={"files": files, "version": "9"}
    )
    operator.promote_model(name, absent)
    assert worker.follow() == [str(SHIPPED)]
    assert len(worker.live.faults) == 1


def test_given_weights_win_and_the_api_is_not_asked(tmp_path: Path):
    weights = add_version(tmp_path / "registry", ColourVersion(version="given")).folder
    for given in (weights, Path("colour@given")):
        with LiveWorker("http://127.0.0.1:9", "0123456789", tmp_path, given) as worker:
            assert worker.follow() == ["colour@given"]
            assert worker.follow() == ["colour@given"]


def test_without_any_model_the_way_out_is_named(
    operator: OperatorClient, worker: LiveWorker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(
        "models.registry.shipped_weights.SHIPPED_WEIGHTS", tmp_path / "nothing shipped"
    )
    with pytest.raises(ModelNotFoundError, match="--weights"):
        worker.follow()


def test_api_that_is_away_changes_nothing(tmp_path: Path):
    with LiveWorker("http://127.0.0.1:9", "0123456789", tmp_path) as worker:
        worker.add(ColourVersion())
        assert worker.follow() == []


def models_command(district: DistrictApi, registry: Path, *arguments: str) -> str:
    """Run a `citypatrol models` command within this process, which is quick."""
    app = typer.Typer()
    app.callback()(lambda: None)
    for module in (api.commands.model_commands, detector.commands.model_commands):
        module.register(app)
    done = CliRunner().invoke(
        app,
        ["models", *arguments],
        env={
            "CITYPATROL_CLIENT_API": district.access.url,
            "CITYPATROL_CLIENT_KEY": district.access.keys.own,
            "CITYPATROL_MODEL_REGISTRY": str(registry),
            "COLUMNS": "200",
        },
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_commands_promote_show_and_take_back(
    operator: OperatorClient, district: DistrictApi, tmp_path: Path
):
    registry = tmp_path / "registry"
    run = partial(models_command, district, registry)
    with pytest.raises(UnknownModelVersionError, match="city@1 is not in"):
        run("promote", "city@1")
    expected = ExpectedDetection(visual_class="car", box=square_box(TEST_SQUARE))
    for version in ("1", "2"):
        add_version(registry, ColourVersion("city", version, expected=(expected,)))
    assert "no model is live" in run("live")
    assert "city@2 (onnx float32) passes: it finds 1 of 1" in run("test", "city")
    assert run("promote", "city@1", "--note", "the first").startswith("city@1 is live since")
    assert run("promote", "city@2").startswith("city@2 is live since")
    listed = run("live")
    assert "city@2" in listed
    assert "district" in listed
    assert "city@1 is live" in run("rollback", "city")
    with pytest.raises(ApiCallError, match="answered 409: no version of model 'city'"):
        run("rollback", "city")
    history = run("history", "city")
    assert (history.count("promotion"), history.count("rollback")) == (2, 1)
    assert "the first" in history
    assert "no version of city is live any more" in run("withdraw", "city")
    with pytest.raises(ApiCallError, match="answered 404"):
        run("withdraw", "city")


def test_version_that_was_changed_in_the_registry_is_not_promoted(
    operator: OperatorClient, district: DistrictApi, tmp_path: Path
):
    registry = tmp_path / "registry"
    model = add_version(registry, ColourVersion("torn", "1"))
    path = model.folder / "model.onnx"
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(ModelFileError, match=r"model\.onnx has SHA-256"):
        models_command(district, registry, "promote", "torn@1")
    assert operator.live_models() == ()


def running_models(district: DistrictApi) -> list[str]:
    """What the one worker says it runs."""
    answer = read(district.access, "/v1/models/running")
    [worker] = ModelsAtWork.model_validate_json(answer.content).workers
    return [f"{model.name}@{model.version}" for model in worker.models]


def test_worker_process_changes_to_what_is_promoted(
    operator: OperatorClient, district: DistrictApi, tmp_path: Path
):
    registry = tmp_path / "registry"
    expected = ExpectedDetection(visual_class="car", box=square_box(TEST_SQUARE))
    one, two = (
        add_version(registry, ColourVersion("process", version, expected=(expected,)))
        for version in ("1", "2")
    )
    options = ["--registry", str(registry), "--camera-refresh-seconds", "0.5"]

    def version_of_event(camera_id: str) -> str | None:
        events = stored_events(district.access)
        found = [one for one in events if one.properties.camera_id == camera_id]
        return found[0].properties.model.version if found else None

    operator.promote_model("process", promotion_of(one))
    with (
        replayed(tmp_path, [Street("first")]) as cameras,
        DistrictWorker(district.access, tmp_path / "worker", options) as worker,
    ):
        district.put_cameras(cameras)
        assert wait_until(lambda: version_of_event("first"), timeout=60) == "1"
        assert running_models(district) == ["process@1"]
        operator.promote_model("process", promotion_of(two))
        # The change takes a moment, in which further cameras may still be seen by the old one.
        versions = []
        while len(versions) < 10 and "2" not in versions:
            camera = cameras[0].model_copy(update={"camera_id": f"later-{len(versions)}"})
            district.put_cameras([camera])
            versions.append(wait_until(partial(version_of_event, camera.camera_id), timeout=60))
        assert versions[-1] == "2"
        wait_until(lambda: running_models(district) == ["process@2"])
        assert version_of_event("first") == "1"

    report = worker.report()
    assert report.models == ["process@2"]
    assert (report.errors, report.model_faults) == (0, [])
