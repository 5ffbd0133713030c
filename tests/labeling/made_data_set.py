"""Small data sets made on the spot: scenes that differ as streets do, and their labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import yaml

WIDTH, HEIGHT = 320, 240


def scene(seed: int) -> np.ndarray:
    """A picture of a made-up place, uint8 (HEIGHT, WIDTH, 3); the same for the same seed."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (9, 12, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    for _ in range(12):
        left, top = random.integers(0, (WIDTH - 40, HEIGHT - 40)).tolist()
        width, height = random.integers(10, 80, 2).tolist()
        colour = random.integers(0, 255, 3).tolist()
        cv2.rectangle(picture, (left, top), (left + width, top + height), colour, -1)
    return picture


def jpeg(picture: np.ndarray, quality: int = 90) -> bytes:
    """``picture`` as the content of a JPEG file."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def add_picture(folder: Path, name: str, content: bytes, label: str | None = "") -> Path:
    """Add a picture, such as "train/a.jpg", and its label unless that is None."""
    path = folder / "images" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if label is not None:
        add_label(folder, name, label)
    return path


def add_label(folder: Path, name: str, label: str) -> Path:
    """Add the label of the picture ``name``."""
    path = (folder / "labels" / name).with_suffix(".txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(label)
    return path


def made_data_set(folder: Path, names: Sequence[str] = ("car", "fire")) -> Path:
    """A data set without a fault: two pictures in train, one in val, all of other places."""
    describe(folder, {"names": list(names)})
    for seed, name in enumerate(("train/a.jpg", "train/b.jpg", "val/c.jpg")):
        add_picture(folder, name, jpeg(scene(seed)), f"{seed % 2} 0.5 0.5 0.25 0.5\n")
    return folder


def describe(folder: Path, changes: Mapping[str, object]) -> None:
    """Write data.yaml with ``changes``; a value of None leaves the entry out."""
    content = {"path": ".", "train": "images/train", "val": "images/val", **changes}
    folder.mkdir(parents=True, exist_ok=True)
    written = {name: value for name, value in content.items() if value is not None}
    (folder / "data.yaml").write_text(yaml.safe_dump(written))
