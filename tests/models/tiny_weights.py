"""Untrained weights of a small detection model, for tests of the exporter."""

import warnings
from pathlib import Path

import pytest


def write_tiny_weights(path: Path) -> Path:
    """Write an Ultralytics model of two classes; skips the test where it is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        tasks = pytest.importorskip("ultralytics.nn.tasks")
        torch.manual_seed(7)
        model = tasks.DetectionModel("yolo11n.yaml", nc=2, verbose=False)
        model.names = {0: "car", 1: "boat"}
        torch.save({"model": model, "license": "for tests"}, path)
    return path
