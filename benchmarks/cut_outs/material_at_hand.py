"""The material at hand: pictures of the shared folder with an installed model, or drawn ones."""

from collections.abc import Iterator
from contextlib import contextmanager

from platformdirs import user_cache_path

from benchmarks.cut_outs.blending_measure import FoundShare, found_shares
from benchmarks.cut_outs.cut_out_trial import Finder
from benchmarks.cut_outs.shared_material import SharedMaterial, open_shared_material
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pace import EVERY_SECOND
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.stories.scene_list import scenes_at
from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from labeling.evaluation.model_choice import model_or_default
from models.registry.settings import ExportSettings
from streams.frame import Picture
from streams.kit.stage_costs import StageCosts
from streams.replay.shared_folder import shared_folder


@contextmanager
def default_finder(registry: ExportSettings) -> Iterator[tuple[Finder, str]]:
    """The model that a worker would run, as a finder, and its name and version.

    Raises:
        CityPatrolError: There is none, or it cannot be run.
    """
    installed = model_or_default(None, registry)
    backend = ModelOpener(DetectorSettings(), StageCosts()).open(installed).backend
    with backend:

        def find(picture: Picture) -> Detections:
            return backend.detect([picture]).result()[0]

        yield find, str(installed.card.model_version)


@contextmanager
def real_material(registry: ExportSettings) -> Iterator[tuple[SharedMaterial, Finder, str]]:
    """Material of the shared folder, the finder that chose its cut-outs, and the finder's name.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    cache = user_cache_path("citypatrol") / "scenes"
    with default_finder(registry) as (finder, name):
        yield open_shared_material(shared_folder(), cache, finder, name), finder, name


@contextmanager
def material_at_hand(registry: ExportSettings) -> Iterator[SceneMaterial]:
    """Real material where there is a shared folder, else painted material."""
    if shared_folder().is_dir():
        with real_material(registry) as (material, *_):
            yield material
    else:
        yield PaintedMaterial()


def measured_blending(registry: ExportSettings) -> tuple[FoundShare, ...]:
    """The share of things, laid into all scenes, that the default model finds.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    with real_material(registry) as (material, finder, _):
        return found_shares(scenes_at(EVERY_SECOND), material, finder)
