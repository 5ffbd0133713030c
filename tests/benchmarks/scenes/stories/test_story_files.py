"""Story files: every one is read, and a wrong field in one is named in a line."""

from pathlib import Path

import pytest

from benchmarks.scenes.pace import EVERY_FIVE_MINUTES, EVERY_SECOND, PACES
from benchmarks.scenes.stories.scene_list import scenes_at
from benchmarks.scenes.stories.story_moment import Moment
from benchmarks.scenes.stories.story_reader import STORY_FOLDER, played, read_stories
from models.catalogue.error import CatalogueError

FILES = sorted(STORY_FOLDER.glob("*.yaml"))

STORY = """
stories:
- name: small
  story: "A car stands where none may."
  background: junction
  length: 40
  zones: {no_parking: junction_kerb}
  issues: [{code: "09009"}]
  actors:
  - {name: parked, what: car, at: [0.74, 0.63], there: [5, 30]}
  - {traffic: junction_traffic}
  expected:
  - {issue: "09009", actors: [parked], zone: no_parking}
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_story_is_a_scene_of_the_list(path: Path):
    stories = read_stories(path)
    for pace in PACES:
        scenes = {scene.name: scene for scene in scenes_at(pace)}
        for story in stories:
            assert played(story, pace) == scenes[f"{story.name}-{pace.name}"]


def test_there_are_story_files():
    assert {"parking", "people"} <= {path.stem for path in FILES}


def test_a_story_is_played_in_looks(tmp_path: Path):
    (story,) = read_stories(written(tmp_path, STORY))
    assert played(story, EVERY_FIVE_MINUTES).actor("passing-car-0").what == "car"
    for pace in PACES:
        scene = played(story, pace)
        assert scene.duration == 40 * pace.look_interval
        assert scene.actor("parked").appears_at == 5 * pace.look_interval
        assert scene.expected[0].clears_between == pace.clearing(30 * pace.look_interval)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("story:", "storey:", r"\(small\): storey: there is no such field"),
        ("what: car", "whit: car", r"\(small\): actors\.0\.standing\.whit: there is no such field"),
        ("at: [0.74, 0.63]", "at: [left, 0.63]", r"actors\.0\.standing\.at\.x: .*'left'"),
        ("junction_traffic", "junction", r"actors\.1\.traffic\.traffic: .*, got 'junction'"),
        ("[5, 30]", "[30, 5]", r"a span from 30 s cannot end at 5 s"),
        ("no_parking: j", "no_barking: j", r"zones\.no_barking.*did you mean 'no_parking'"),
        ("junction_kerb", "kerb", r"there is no outline 'kerb'; there are .*junction_kerb"),
        ("background: junction", "background: moon", "there is no background 'moon'"),
        ("actors: [parked]", "actors: [x]", r"expected 09009 names actors \['x'\]"),
        ("zone: no_parking", "zone: road", r"expected 09009 names zone \['road'\]"),
        ('issue: "09009"', 'issue: "1"', r"expected 1 names issue \['1'\]"),
        ("actors: [parked], ", "", "expected 09009 names no actors; say when it begins"),
        ("length: 40", "length: 40\n  length: 50", "field 'length' stands twice"),
    ],
)
def test_what_is_wrong_is_named_in_a_line(right: str, wrong: str, said: str, tmp_path: Path):
    assert right in STORY
    with pytest.raises(CatalogueError, match=said) as raised:
        read_stories(written(tmp_path, STORY.replace(right, wrong)))
    assert "\n" not in str(raised.value)
    assert "small.yaml" in str(raised.value)


def test_moments():
    assert Moment.model_validate(3).at(EVERY_FIVE_MINUTES) == 900
    assert Moment(looks=30, seconds=-1).at(EVERY_SECOND) == 29
    at_least = Moment(looks=40, at_least=Moment(seconds=80))
    assert [at_least.at(pace) for pace in PACES] == [80, 1200, 12000]
    at_most = Moment(looks=45, at_most=Moment(seconds=7200))
    assert [at_most.at(pace) for pace in PACES] == [45, 1350, 7200]


def written(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path
