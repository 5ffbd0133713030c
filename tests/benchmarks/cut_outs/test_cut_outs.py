"""Cut-outs have the outline of the thing, and libraries keep them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.cut_outs.cut_out_candidates import Candidate, without_likes
from benchmarks.cut_outs.cut_out_library import CutOutLibrary, make_library
from benchmarks.cut_outs.cut_out_masks import cut
from benchmarks.scenes.background import Background
from benchmarks.scenes.cut_out import CutOutError, trimmed
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.pictures.painted_material import PaintedMaterial, painted_cut_out
from detector.detections import Detections
from streams.frame import Picture

BOX = PictureBox(0.25, 0.3, 0.75, 0.7)


def thing_in_a_street(seed: int = 0) -> tuple[Picture, Picture]:
    """A red ellipse in ``BOX`` on a grainy street, and the same street without it."""
    chance = np.random.default_rng(seed)
    empty = np.clip(chance.normal(110, 12, (200, 240, 3)), 0, 255).astype(np.uint8)
    picture = empty.copy()
    cv2.ellipse(picture, (120, 100), (59, 39), 0, 0, 360, (30, 40, 210), -1)
    cv2.line(picture, (60 + seed * 13 % 120, 70), (180 - seed * 29 % 120, 130), (240, 240, 90), 5)
    return picture, empty


@pytest.mark.parametrize("with_empty", [False, True])
def test_outline(with_empty: bool):
    picture, empty = thing_in_a_street()
    found = cut(picture, BOX, "car", "test", empty if with_empty else None)
    hides = found.pixels[:, :, 3] >= 128
    assert found.aspect == pytest.approx(1.5, rel=0.1)
    # An ellipse fills pi/4 of its box.
    assert hides.mean() == pytest.approx(np.pi / 4, abs=0.06)
    assert not hides[0, 0]


@pytest.mark.parametrize("what", ["shop_signboard", "pothole", "flame"])
def test_things_without_an_outline(what: str):
    picture, _ = thing_in_a_street()
    picture[80:120, 100:140] = (120, 230, 255)
    assert cut(picture, BOX, what, "test").what == what


def test_what_cannot_be_cut():
    _, empty = thing_in_a_street()
    with pytest.raises(CutOutError):
        cut(empty, BOX, "car", "test", empty)
    with pytest.raises(CutOutError, match="too small"):
        cut(empty, PictureBox(0.5, 0.5, 0.501, 0.501), "car", "test")
    with pytest.raises(CutOutError, match="empty"):
        trimmed("car", np.zeros((4, 4, 4), np.uint8), "test")


def candidates(count: int) -> list[Candidate]:
    found = []
    for seed in range(count):
        picture, empty = thing_in_a_street(seed)
        found.append(Candidate("car", 0.9, f"clip/{seed}#0", picture, BOX, empty))
    return found


def test_likes_are_left_out():
    twice = candidates(1) * 2
    assert len(without_likes(twice, 10)) == 1
    assert len(without_likes(candidates(6), 2)) == 2


def street(background: Background) -> Picture:
    return PaintedMaterial().picture_of(background)


def find_red(picture: Picture) -> Detections:
    """Finds what is red, as a car."""
    red = (picture[:, :, 2] > 140) & (picture[:, :, 1] < 100) & (picture[:, :, 0] < 110)
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    boxes = np.zeros((0, 4), np.float32)
    if rows.size:
        size = np.array([picture.shape[1], picture.shape[0]] * 2)
        corners = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]])
        boxes = (corners / size).astype(np.float32)
    scores = np.full(len(boxes), 0.9, np.float32)
    return Detections(boxes, scores, np.zeros(len(boxes), np.int64), ("car",))


def find_nothing(_picture: Picture) -> Detections:
    none = np.zeros(0, np.float32)
    return Detections(np.zeros((0, 4), np.float32), none, np.zeros(0, np.int64), ("car",))


def test_library_knows_what_is_found_again(tmp_path: Path):
    library = make_library(candidates(2), find_red, street)
    assert library.proven_classes == {"car"}
    assert make_library(candidates(2), find_nothing, street).proven_classes == set()

    library.save(tmp_path)
    loaded = CutOutLibrary.load(tmp_path)
    assert loaded is not None
    assert loaded.counts == library.counts
    assert loaded.proven_classes == {"car"}
    assert (loaded.cut_out("car", 5).pixels == library.cut_out("car", 5).pixels).all()
    with pytest.raises(CutOutError, match="no cut-out of boat"):
        loaded.cut_out("boat", 0)
    (tmp_path / "car_00.png").unlink()
    with pytest.raises(CutOutError, match="missing or damaged"):
        CutOutLibrary.load(tmp_path)


def test_no_library(tmp_path: Path):
    assert CutOutLibrary.load(tmp_path) is None


@pytest.mark.parametrize("height", [3, 60, 240])
def test_scaled(height: int):
    one = painted_cut_out("person", 3)
    scaled = one.scaled(height)
    assert scaled.pixels.shape[0] == height
    assert scaled.aspect == pytest.approx(one.aspect, abs=0.35)
