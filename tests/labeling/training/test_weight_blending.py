from pathlib import Path

import pytest
import torch
from torch import nn
from ultralytics.utils.patches import torch_load

from labeling.training.weight_blending import BlendingError, blend_weights


def write_weights(path: Path, value: float, width: int = 3, **fields: object) -> Path:
    model = nn.BatchNorm1d(width)
    nn.init.constant_(model.weight, value)
    torch.save({"model": model, "ema": None, "optimizer": {}, "epoch": -1} | fields, path)
    return path


def test_the_middle_lies_where_the_share_says(tmp_path: Path) -> None:
    before, after = (
        write_weights(tmp_path / f"{value}.pt", value, names=[str(value)]) for value in (0.0, 4.0)
    )
    blend_weights(before, after, 0.25, tmp_path / "blended.pt")
    blended = torch_load(tmp_path / "blended.pt", map_location="cpu")
    assert blended["model"].weight.tolist() == [1.0, 1.0, 1.0]
    assert (blended["names"], blended["epoch"]) == (["4.0"], -1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.0.pt", "4.0.pt", "blended.pt"]


def test_averaged_weights_of_a_run_are_taken_where_there_are_any(tmp_path: Path) -> None:
    averaged = nn.BatchNorm1d(3)
    nn.init.constant_(averaged.weight, 8.0)
    before = write_weights(tmp_path / "before.pt", 0.0)
    after = write_weights(tmp_path / "after.pt", 4.0, ema=averaged)
    blend_weights(before, after, 0.5, tmp_path / "blended.pt")
    assert torch_load(tmp_path / "blended.pt", map_location="cpu")["model"].weight[0] == 4.0


def test_layouts_that_differ_are_named(tmp_path: Path) -> None:
    before = write_weights(tmp_path / "before.pt", 0.0, width=2)
    after = write_weights(tmp_path / "after.pt", 4.0)
    with pytest.raises(BlendingError, match=r"before\.pt and .*after\.pt differ in their layers"):
        blend_weights(before, after, 0.5, tmp_path / "blended.pt")
    assert not (tmp_path / "blended.pt").exists()


def test_a_file_without_a_model_is_refused(tmp_path: Path) -> None:
    before = write_weights(tmp_path / "before.pt", 0.0)
    after = write_weights(tmp_path / "after.pt", 0.0, model=None)
    with pytest.raises(BlendingError, match="holds no model"):
        blend_weights(before, after, 0.5, tmp_path / "blended.pt")
