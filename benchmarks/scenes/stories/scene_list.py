"""The scene list: every scene at every pace."""

from functools import lru_cache

from benchmarks.scenes.pace import PACES, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.stories.change_scenes import CHANGE_SCENES
from benchmarks.scenes.stories.danger_scenes import DANGER_SCENES
from benchmarks.scenes.stories.form_scenes import FORM_SCENES
from benchmarks.scenes.stories.health_scenes import HEALTH_SCENES
from benchmarks.scenes.stories.parking_scenes import PARKING_SCENES
from benchmarks.scenes.stories.people_scenes import PEOPLE_SCENES
from benchmarks.scenes.stories.quiet_scenes import quiet_hour
from benchmarks.scenes.stories.rubbish_scenes import RUBBISH_SCENES
from benchmarks.scenes.stories.tour_scenes import TOUR_SCENES
from streams.kit.errors import CityPatrolError

_BUILDERS = (
    *PARKING_SCENES,
    *RUBBISH_SCENES,
    *PEOPLE_SCENES,
    *CHANGE_SCENES,
    *DANGER_SCENES,
    *FORM_SCENES,
    *TOUR_SCENES,
    *HEALTH_SCENES,
)


@lru_cache
def scenes_at(pace: Pace) -> tuple[Scene, ...]:
    """All scenes for cameras that are looked at at one pace."""
    return tuple(build(pace) for build in _BUILDERS)


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
