"""Backgrounds made of real pictures and clips."""

from pathlib import Path

import pytest

from benchmarks.cut_outs.real_backgrounds import BackgroundError, real_background
from benchmarks.scenes.background import Background, ClipMedian, PictureParts
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.stories.backgrounds import CAMPUS, RIVER, ROAD
from tests.benchmarks.scenes.small_scene import SMALL
from tests.shared_material import shared_path


@pytest.mark.parametrize("background", [CAMPUS, RIVER, ROAD], ids=lambda one: one.name)
def test_real_ones(background: Background):
    source = background.source
    file = shared_path(source.clip if isinstance(source, ClipMedian) else source.picture)
    shared = next(folder for folder in file.parents if (folder / "media").is_dir())
    picture = real_background(background, shared)
    assert picture.shape == (background.height, background.width, 3)
    assert picture.std() > 20


@pytest.mark.parametrize(
    "source", [ClipMedian("a.mp4"), PictureParts("a.jpg", (PictureBox(0, 0, 1, 1),))]
)
def test_missing_files(source: ClipMedian | PictureParts, tmp_path: Path):
    background = Background("b", source, 100, 100, SMALL.ground)
    with pytest.raises(BackgroundError, match=r"a\.(mp4|jpg) cannot be read"):
        real_background(background, tmp_path)
