"""A whole training run of a small detector: plan in, registered version out."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import pytest
import torch
import typer
import yaml
from typer.testing import CliRunner
from ultralytics.nn.tasks import load_checkpoint
from ultralytics.utils.patches import torch_load

from labeling.training.commands import register
from labeling.training.data import merge_sets, prepare_sets
from labeling.training.partial_label_trainer import PartialLabelTrainer
from labeling.training.plan import read_training_plan
from labeling.training.run import TrainingRun
from labeling.training.stages import TrainingGround, train_stages
from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.model_version import ModelVersion
from models.registry.folder_registry import FolderRegistry
from models.words import PictureSource, Viewpoint
from streams.kit.errors import CityPatrolError
from tests.colour_model import ColourSquare, colour_square_picture
from tests.labeling.made_data_set import add_label, describe
from tests.models.tiny_weights import SMALL_BODY_LAYERS, write_small_weights

VERSION = ModelVersion(name="small", version="1")
STAGES = [
    {"name": "first", "epochs": 1, "frozen_layers": 4, "input_pixels": 64},
    {"name": "second", "epochs": 2, "frozen_layers": 2, "input_pixels": 64},
]
GRAFTED = {"weights": "base.pt", "kept_classes": ["car"], "keeping": "grafted", "shared_layers": 2}


def write_set(folder: Path, pictures: int) -> None:
    """Pictures of one blue square each, called garbage; in val it lies lower."""
    describe(folder, {"names": ["garbage"]})
    for split, count in (("train", pictures), ("val", 3)):
        for number in range(count):
            x, y = 0.2 + 0.6 * number / max(count - 1, 1), 0.4 if split == "train" else 0.7
            picture = colour_square_picture([ColourSquare("boat", x, y)])
            name = f"{split}/{folder.name}-{number}.jpg"
            (folder / "images" / split).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / "images" / name), picture)
            add_label(folder, name, f"0 {x} {y} 0.15 0.2\n")


@dataclass(frozen=True)
class Ground:
    """A folder with a plan, its data and a registry."""

    folder: Path

    @property
    def registry(self) -> FolderRegistry:
        return FolderRegistry(self.folder / "registry")

    @property
    def run(self) -> Path:
        return self.folder / "run"

    def write_plan(self, **changes: object) -> None:
        plan = {
            "name": VERSION.name,
            "version": VERSION.version,
            "summary": "Finds blue squares.",
            "base": {"weights": "base.pt", "kept_classes": ["car"]},
            "new_classes": ["garbage_pile"],
            # All its pictures resemble each other, and none is the same.
            "sets": [{"folder": "garbage", "similarity": 1.0}],
            "stages": STAGES,
            "batch": 4,
            "device": "cpu",
            "calibration_pictures": 10,
        }
        (self.folder / "plan.yaml").write_text(yaml.safe_dump(plan | changes))

    def train_stages(self) -> Path:
        plan = read_training_plan(self.folder / "plan.yaml")
        data = self.run / "data" / "data.yaml"
        if not data.exists():
            merge_sets(prepare_sets(plan), plan, data.parent)
        return train_stages(plan, TrainingGround(data, self.run, plan.base.weights))

    def train(self) -> str:
        return train(
            str(self.folder / "plan.yaml"),
            *("--output", str(self.run)),
            *("--registry", str(self.folder / "registry")),
        )


def train(*words: str) -> str:
    """What ``citypatrol train`` says; a user's error is raised."""
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["train", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def prepared_ground(folder: Path) -> Ground:
    """A plan that was not trained yet."""
    write_small_weights(folder / "base.pt")
    write_set(folder / "garbage", 8)
    ground = Ground(folder)
    ground.write_plan()
    return ground


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr("labeling.training.stages._DRAWS_PLOTS", False)
    return prepared_ground(tmp_path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """A grafted model, trained and registered; what trains on from it works on a copy."""
    ground = prepared_ground(tmp_path_factory.mktemp("trained"))
    ground.write_plan(base=GRAFTED, stages=[STAGES[1] | {"epochs": 1}])
    assert "added small@1" in ground.train()
    return ground


def epochs_of(ground: Ground, stage: str) -> int:
    return len((ground.run / stage / "results.csv").read_text().splitlines()) - 1


def test_plan_becomes_a_registered_version(trained: Ground) -> None:
    ground = trained
    model = ground.registry.fetch(VERSION)
    model.check()
    card = model.card
    assert card.class_names == ("car", "garbage_pile")
    assert card.summary == "Finds blue squares."
    for form, precision in (
        (ArtefactFormat.ONNX, ArtefactPrecision.FLOAT32),
        (ArtefactFormat.OPENVINO, ArtefactPrecision.INT8),
        (ArtefactFormat.ULTRALYTICS, ArtefactPrecision.FLOAT16),
    ):
        assert card.artefact(form, precision) is not None
    [training_set] = card.training_sets
    assert (training_set.name, training_set.pictures) == ("garbage", 8)
    assert training_set.labelled_classes == ("garbage_pile",)
    assert [(one.set_name, one.split, one.pictures) for one in card.results] == [
        ("garbage", "val", 3)
    ] * 2
    assert (ground.run / "second" / "results.png").exists()
    report = json.loads((ground.run / "evaluation/garbage/int8/report.json").read_text())
    assert report["pictures"] == 3
    with pytest.raises(CityPatrolError, match=r"has small@1 already.*give the plan another"):
        ground.train()


def test_sets_that_are_all_trained_on_are_measured_by_stand_ins(ground: Ground) -> None:
    write_set(ground.folder / "heaps", 8)
    describe(ground.folder / "heaps", {"names": ["garbage", "fire"]})
    stages = [STAGES[1] | {"epochs": 1}]
    ground.write_plan(
        base=GRAFTED,
        stages=stages,
        new_classes=["garbage_pile", "flame"],
        sets=[
            {"folder": "garbage", "similarity": 1.0, "viewpoint": "pole"},
            {"folder": "heaps", "similarity": 1.0},
        ],
        unseen_sources={"weights": "base.pt", "stages": stages, "left_out": [["heaps"]]},
    )
    ground.train()
    card = ground.registry.card(VERSION)
    int8 = [one for one in card.results if one.precision is ArtefactPrecision.INT8]
    assert [
        (one.set_name, one.by_stand_in, one.viewpoint, [entry.source for entry in one.classes])
        for one in int8
    ] == [
        ("garbage", False, Viewpoint.POLE, [PictureSource.TRAINED]),
        ("heaps", False, None, [PictureSource.TRAINED]),
        ("heaps", True, None, [PictureSource.UNSEEN]),
    ]
    stand_in, _ = load_checkpoint(str(ground.run / "without-heaps" / "draft" / "model.pt"))
    # Flames are labelled in the set that was left out alone.
    assert list(stand_in.names.values()) == ["car", "garbage_pile"]


def test_version_is_trained_further_from_the_one_before(ground: Ground, trained: Ground) -> None:
    first = trained.registry.fetch(VERSION)
    older = first.folder / "model.pt"
    ground.write_plan(
        version="2",
        base={**GRAFTED, "weights": str(older), "version": {"name": "small", "version": "1"}},
        stages=[STAGES[1] | {"epochs": 1}],
    )
    ground.train()
    newer = ground.registry.fetch(ModelVersion(name="small", version="2"))
    assert newer.card.parent == VERSION
    assert newer.card.class_names == first.card.class_names
    before, _ = load_checkpoint(str(older))
    after, _ = load_checkpoint(str(newer.folder / "model.pt"))
    assert after.yaml == before.yaml
    for index, layer in enumerate(after.model[:-1]):
        changed = any(
            not torch.equal(value, before.model[index].state_dict()[name])
            for name, value in layer.state_dict().items()
            if not name.endswith("num_batches_tracked")
        )
        has_weights = any(True for _ in layer.parameters())
        assert changed == (index >= SMALL_BODY_LAYERS and has_weights), index


def test_interrupted_run_goes_on_where_it_was(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        keep = PartialLabelTrainer.save_model

        def save_then_die(self: PartialLabelTrainer) -> bool:
            kept = bool(keep(self))
            if self.args.name == "second":
                raise KeyboardInterrupt
            return kept

        patch.setattr(PartialLabelTrainer, "save_model", save_then_die)
        with pytest.raises(KeyboardInterrupt):
            ground.train_stages()
    first = (ground.run / "first" / "weights" / "last.pt").read_bytes()
    assert epochs_of(ground, "second") == 1
    weights = ground.train_stages()
    assert (ground.run / "first" / "weights" / "last.pt").read_bytes() == first
    assert epochs_of(ground, "second") == 2
    left = weights.read_bytes()
    assert ground.train_stages().read_bytes() == left


def test_stage_may_leave_the_middle_of_its_way(ground: Ground) -> None:
    first, second = STAGES
    ground.write_plan(stages=[first, second | {"epochs": 1, "own_share": 0.25}])
    blended = ground.train_stages()
    states = [
        _state(path)
        for path in (
            ground.run / "first" / "weights" / "last.pt",
            ground.run / "second" / "weights" / "last.pt",
            blended,
        )
    ]
    before, after, middle = states
    assert any(not torch.equal(before[name], after[name]) for name in before)
    for name, value in middle.items():
        expected = torch.lerp(before[name].float(), after[name].float(), 0.25)
        torch.testing.assert_close(value.float(), expected, rtol=2e-3, atol=2e-3)
    left = blended.read_bytes()
    assert ground.train_stages().read_bytes() == left


def _state(path: Path) -> dict[str, torch.Tensor]:
    checkpoint = torch_load(path, map_location="cpu")
    model = checkpoint.get("ema") or checkpoint["model"]
    state: dict[str, torch.Tensor] = model.state_dict()
    return state


def test_training_on_the_cpu_takes_every_core(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.write_plan(stages=STAGES[:1])
    threads = []
    keep = PartialLabelTrainer.preprocess_batch

    def count_threads(self: PartialLabelTrainer, batch: dict[str, Any]) -> dict[str, Any]:
        threads.append(torch.get_num_threads())
        return keep(self, batch)

    monkeypatch.setattr(PartialLabelTrainer, "preprocess_batch", count_threads)
    ground.train_stages()
    assert set(threads) == {os.cpu_count()}


def test_run_folder_of_another_plan_is_refused(ground: Ground) -> None:
    ground.run.mkdir()
    (ground.run / "plan.sha256").write_text("0" * 64)
    with pytest.raises(CityPatrolError, match=r"another plan was trained.*--output"):
        ground.train()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"device": "7"}, r"device '7': this machine has \d+ GPUs.*device: cpu"),
        ({"sets": [{"folder": "nowhere"}]}, "nowhere"),
        ({"base": {"weights": "absent.pt"}}, r"there is no weights file .*absent\.pt"),
        ({"base": {"weights": "plan.yaml"}}, r"plan\.yaml is no Ultralytics model, or damaged"),
        (
            {"base": {"weights": "base.pt", "kept_classes": ["tram"]}},
            r"cannot teach \['tram'\]",
        ),
        (
            {
                "base": {**GRAFTED, "kept_classes": ["tram"]},
                "stages": STAGES[1:],
            },
            r"base\.pt does not know \['tram'\]",
        ),
    ],
)
def test_what_cannot_be_trained_is_named(
    ground: Ground, changes: dict[str, object], problem: str
) -> None:
    ground.write_plan(**changes)
    with pytest.raises(CityPatrolError, match=problem):
        ground.train()


def test_plan_that_could_not_begin_leaves_the_folder_to_a_mended_one(ground: Ground) -> None:
    ground.write_plan(sets=[{"folder": "nowhere"}])
    with pytest.raises(CityPatrolError, match="nowhere"):
        ground.train()
    assert not (ground.run / "plan.sha256").exists()


def test_full_disk_is_named_before_an_hour_is_lost(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labeling.training.stages._BYTES_PER_STAGE", 10**18)
    with pytest.raises(CityPatrolError, match=r"MB free, and training needs about.*--output"):
        ground.train()


def test_relative_folder_is_the_users_own(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ground.folder)
    ground.write_plan(stages=STAGES[:1])
    plan = read_training_plan(Path("plan.yaml"))
    run = TrainingRun(plan, Path("runs") / "small-1")
    added = run.run(ground.registry)
    assert added.card.model_version == VERSION
    assert (ground.folder / "runs" / "small-1" / "first" / "weights" / "last.pt").exists()
