"""A hat drawn alone becomes a hat with the head, in the set that draws it so and in no other."""

import json
from pathlib import Path

import numpy as np
import pytest

from labeling.data_sets.reader import read_data_set
from tests.labeling.made_data_set import HEIGHT, WIDTH, add_label, made_data_set

HATS = "github.com/MinhNKB/helmet-safety-vest-detection (train-images-data)"


@pytest.mark.parametrize(
    ("source", "class_name", "height"),
    [(HATS, "hard_hat", 48), (HATS, "reflective_vest", 24), ("elsewhere", "hard_hat", 24)],
)
def test_hat_alone_reaches_down_to_the_chin(
    tmp_path: Path, source: str, class_name: str, height: float
) -> None:
    folder = made_data_set(tmp_path / "hats", names=("person", class_name))
    (folder / "meta.json").write_text(json.dumps({"source": source, "licence": "MIT"}))
    add_label(folder, "train/a.jpg", f"1 0.5 0.5 {40 / WIDTH} {24 / HEIGHT}\n")

    picture = read_data_set(folder).split("train")[0]

    [[left, top, right, bottom]] = picture.pixel_boxes
    assert (right - left, bottom - top) == pytest.approx((40, height))
    assert top == pytest.approx(HEIGHT / 2 - 12)


def test_corrected_box_ends_at_the_pictures_edge_and_never_shrinks(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "hats", names=("person", "hard_hat"))
    (folder / "meta.json").write_text(json.dumps({"source": HATS, "licence": "MIT"}))
    add_label(folder, "train/a.jpg", "1 0.5 0.95 0.2 0.1\n1 0.5 0.4 0.1 0.6\n")

    picture = read_data_set(folder).split("train")[0]

    np.testing.assert_allclose(picture.boxes[:, 1::2], [[0.9, 1.0], [0.1, 0.7]], atol=1e-6)
