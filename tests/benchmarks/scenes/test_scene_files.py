"""Scenes as files: clips, contact sheets, and the command that writes them."""

from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from benchmarks.commands.commands import bench
from benchmarks.scenes.actor import OnGround, standing
from benchmarks.scenes.pictures.contact_sheet import contact_sheet
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.scene_clip import write_clip
from benchmarks.scenes.span import ALWAYS, Span
from streams.kit.errors import CityPatrolError
from streams.replay.footage import prepare_clip
from tests.benchmarks.scenes.small_scene import small_scene

MATERIAL = PaintedMaterial()
SCENE = small_scene(standing("car", "car", OnGround(0.5, 0.7), ALWAYS))


def test_clip_can_be_served(tmp_path: Path):
    path = tmp_path / "small.mp4"
    assert write_clip(SCENE, path, MATERIAL, 5.0, Span(0, 12)) == 60
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert len(frames) == 60
    assert frames[0].shape == (180, 240, 3)
    # Fit for the replay server as it is.
    assert prepare_clip(path, tmp_path / "prepared") == path


@pytest.mark.parametrize(
    ("path", "span", "said"),
    [
        ("a.mp4", Span(70, 80), "has no picture"),
        ("missing/a.mp4", Span(0, 1), "cannot be written"),
    ],
)
def test_what_cannot_be_written(path: str, span: Span, said: str, tmp_path: Path):
    with pytest.raises(CityPatrolError, match=said):
        write_clip(SCENE, tmp_path / path, MATERIAL, 5.0, span)


def test_contact_sheet():
    assert contact_sheet(SCENE, MATERIAL, 5).shape == (720, 1920, 3)


def test_command_lists_scenes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("CITYPATROL_SHARED", str(tmp_path / "nowhere"))
    ran = CliRunner(env={"COLUMNS": "160"}).invoke(bench, ["scenes"], catch_exceptions=False)
    assert "car-replaced-1s" in ran.output
    assert "clock_wrong" in ran.output

    with pytest.raises(CityPatrolError, match="there is no scene 'x'"):
        CliRunner().invoke(bench, ["scenes", "--scene", "x"], catch_exceptions=False)
