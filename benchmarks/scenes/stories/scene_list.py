"""The scene list: every scene at every pace."""

from collections.abc import Callable
from functools import lru_cache, partial

from benchmarks.scenes.pace import PACES, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.stories.health_scenes import HEALTH_SCENES
from benchmarks.scenes.stories.quiet_scenes import quiet_hour, quiet_street
from benchmarks.scenes.stories.story_reader import STORY_FOLDER, played, read_stories
from benchmarks.scenes.stories.tour_scenes import turning_camera
from streams.kit.errors import CityPatrolError

# What follows from the catalogue, from the kinds of faults or from the pace itself is not told by
# a file but by a function.
_Played = Callable[[Pace], Scene]


@lru_cache
def scenes_at(pace: Pace) -> tuple[Scene, ...]:
    """All scenes for cameras that are looked at at one pace.

    Raises:
        CatalogueError: A story file is wrong.
    """
    return tuple(play(pace) for play in _all_played())


def _all_played() -> tuple[_Played, ...]:
    return (
        *_from_file("parking"),
        *_from_file("rubbish"),
        *_from_file("people"),
        *_from_file("change"),
        quiet_street,
        *_from_file("danger"),
        *_from_file("form"),
        turning_camera,
        *HEALTH_SCENES,
    )


@lru_cache
def _from_file(name: str) -> tuple[_Played, ...]:
    stories = read_stories(STORY_FOLDER / f"{name}.yaml")
    return tuple(partial(played, story) for story in stories)


@lru_cache
def quiet_scene() -> Scene:
    """The quiet hour, which has one pace only."""
    return quiet_hour()


def all_scenes() -> tuple[Scene, ...]:
    """All scenes at all paces, and the quiet hour."""
    return (*(scene for pace in PACES for scene in scenes_at(pace)), quiet_scene())


def scene_named(name: str) -> Scene:
    """The scene of this name.

    Raises:
        CityPatrolError: There is none.
    """
    scenes = {scene.name: scene for scene in all_scenes()}
    if name not in scenes:
        raise CityPatrolError(
            f"there is no scene {name!r}; `citypatrol bench scenes` lists them: {', '.join(scenes)}"
        )
    return scenes[name]
