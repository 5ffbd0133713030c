from pathlib import Path

import pytest
import yaml

from labeling.training.plan import TrainingPlan, TrainingPlanError, read_training_plan

STAGES: list[dict[str, object]] = [{"name": "whole", "epochs": 1}]
PLAN: dict[str, object] = {
    "name": "street",
    "version": "1",
    "base": {"weights": "base.pt", "kept_classes": ["car"]},
    "new_classes": ["garbage_pile"],
    "sets": [{"folder": "sets/garbage"}],
    "stages": STAGES,
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(PLAN | changes))
    return path


def test_paths_count_from_the_plans_folder_and_name_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREET_DATA", str(tmp_path / "elsewhere"))
    sets = [{"folder": "sets/garbage"}, {"folder": "${STREET_DATA}/signs"}]
    unseen = {"weights": "coco.pt", "stages": STAGES, "left_out": [["signs"]]}
    plan = read_training_plan(written(tmp_path, sets=sets, unseen_sources=unseen))
    assert [one.folder for one in plan.sets] == [
        tmp_path / "sets/garbage",
        tmp_path / "elsewhere/signs",
    ]
    assert plan.base.weights == tmp_path / "base.pt"
    assert plan.unseen_sources is not None
    assert plan.unseen_sources.weights == tmp_path / "coco.pt"
    assert plan.class_names == ("car", "garbage_pile")
    assert str(plan.model_version) == "street@1"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": ""}, "version"),
        ({"new_classes": ["car"]}, r"classes has \['car'\] more than once"),
        ({"new_classes": ["Garbage pile"]}, "new_classes.0"),
        ({"stages": []}, "stages: .* at least 1 item"),
        (
            {"stages": [{"name": "a", "epochs": 1}, {"name": "a", "epochs": 2}]},
            r"stages has \['a'\]",
        ),
        ({"stages": [{"name": "a", "epochs": 0}]}, "stages.0.epochs: .* got 0"),
        ({"stages": [{"name": "a", "epochs": 1, "input_pixels": 100}]}, "multiple of 32"),
        (
            {
                "base": {"weights": "b.pt", "kept_classes": ["car"], "keeping": "grafted"},
                "stages": [{"name": "deep", "epochs": 1, "frozen_layers": 4}],
            },
            "deep freezes 4 layers, but the first 5 are shared",
        ),
        ({"device": "gpu"}, "device: .* got 'gpu'"),
        ({"sets": [{"folder": "a/x"}, {"folder": "b/x"}]}, r"sets has \['x'\]"),
        ({"sets": [{"folder": "x", "absent_classes": ["tram"]}]}, r"x calls \['tram'\] absent"),
        (
            {"unseen_sources": {"weights": "b.pt", "stages": STAGES, "left_out": [["signs"]]}},
            r"left_out names \['signs'\], which are no sets of this plan; it has \['garbage'\]",
        ),
        (
            {"unseen_sources": {"weights": "b.pt", "stages": STAGES, "left_out": [["garbage"]]}},
            r"left_out leaves no set: \['garbage'\]",
        ),
        ({"learning_rate": 0.1}, "learning_rate: Extra inputs"),
        ({"sets": [{"folder": "${NO_SUCH_VARIABLE_HERE}/x"}]}, "NO_SUCH_VARIABLE_HERE.*not set"),
    ],
)
def test_wrong_field_is_named(tmp_path: Path, changes: dict[str, object], problem: str) -> None:
    path = written(tmp_path, **changes)
    with pytest.raises(TrainingPlanError, match=problem) as caught:
        read_training_plan(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("content", [b"a: [", b"\xff\xfe", b"- 1"])
def test_file_that_is_no_plan_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(TrainingPlanError, match=r"plan\.yaml"):
        read_training_plan(path)


def test_absent_plan_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingPlanError, match=r"nowhere\.yaml cannot be read: .*No such file"):
        read_training_plan(tmp_path / "nowhere.yaml")


def test_the_shipped_models_own_plan_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYPATROL_SHARED", "/somewhere")
    path = Path(__file__).parents[3] / "labeling" / "plans" / "street.yaml"
    plan = read_training_plan(path)
    assert isinstance(plan, TrainingPlan)
    assert {"garbage_pile", "overflowing_bin", "flame", "pothole"} <= set(plan.new_classes)
