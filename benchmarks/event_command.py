"""``citypatrol bench events``: what its options mean."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.scene_run import SceneDetector, scene_catalogue
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pace import PACES, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.scene_command import material_at_hand, real_material
from benchmarks.scenes.truth import USUAL, detections_of
from detector.detections import Detections
from models.settings import ExportSettings
from streams.errors import CityPatrolError
from streams.frame import Frame


def chosen_paces(names: Sequence[str]) -> tuple[Pace, ...]:
    """The paces of these names; all, if there are none.

    Raises:
        CityPatrolError: A name is none.
    """
    known = {pace.name: pace for pace in PACES}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CityPatrolError(f"--pace {unknown[0]!r} is none; there are {', '.join(known)}")
    return tuple(known[name] for name in names) or PACES


@contextmanager
def scene_detector(
    registry: ExportSettings, *, made_up: bool
) -> Iterator[tuple[SceneMaterial, SceneDetector]]:
    """What scenes are made of, and who finds things in them.

    Args:
        registry: Where models are.
        made_up: Whether the truth is told, flawed as by a usual detector; else the model that a
            worker would run looks at pictures made of real ones.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    if made_up:
        types = scene_catalogue().types
        with material_at_hand(registry) as material:

            def tell(scene: Scene, moment: float, frame: Frame) -> Detections:
                del frame
                named = [
                    types[watched.code].rule.seen_classes for watched in scene.camera.issue_types
                ]
                known = {name for of_type in named for name in of_type}
                return detections_of(scene, moment, material, USUAL, known)

            yield material, tell
        return
    with real_material(registry) as (material, finder):

        def look(scene: Scene, moment: float, frame: Frame) -> Detections:
            del scene, moment
            return finder(frame.picture)

        yield material, look
