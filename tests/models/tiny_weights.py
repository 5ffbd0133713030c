"""Untrained weights of small detection models, for tests of the exporter and of training."""

import warnings
from pathlib import Path

import pytest

# Eight layers and a head instead of YOLO11's 24: all that export, quantisation and training do to
# a detector is done to it, in a tenth of the time. The head has YOLO11's form.
SMALL_LAYOUT = {
    "nc": 2,
    "backbone": [
        [-1, 1, "Conv", [16, 3, 2]],
        [-1, 1, "Conv", [16, 3, 2]],
        [-1, 1, "Conv", [32, 3, 2]],
        [-1, 1, "Conv", [32, 3, 2]],
        [-1, 1, "Conv", [32, 3, 2]],
    ],
    "head": [
        [-1, 1, "nn.Upsample", [None, 2, "nearest"]],
        [[-1, 3], 1, "Concat", [1]],
        [-1, 1, "Conv", [32, 3, 1]],
        [[2, 7, 4], 1, "Detect", ["nc"]],
    ],
}
SMALL_BODY_LAYERS = 8
"""Layers of the small model below its detection head."""


def write_tiny_weights(path: Path) -> Path:
    """Write an untrained YOLO11n of two classes; skips the test where torch is not installed."""
    return _write("yolo11n.yaml", path)


def write_small_weights(path: Path) -> Path:
    """Write an untrained model of few layers and two classes, for tests that only need one."""
    return _write(SMALL_LAYOUT, path)


def _write(layout: object, path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        tasks = pytest.importorskip("ultralytics.nn.tasks")
        torch.manual_seed(7)
        model = tasks.DetectionModel(layout, nc=2, verbose=False)
        model.names = {0: "car", 1: "boat"}
        torch.save({"model": model, "license": "for tests"}, path)
    return path
