"""``citypatrol bench scenes``: lists the scenes with their truth, and writes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
from platformdirs import user_cache_path
from rich.table import Table

from benchmarks.scenes.cut_outs.blending_measure import FoundShare, found_shares
from benchmarks.scenes.cut_outs.cut_out_trial import Finder
from benchmarks.scenes.cut_outs.shared_material import SharedMaterial, open_shared_material
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pace import EVERY_SECOND
from benchmarks.scenes.pictures.contact_sheet import contact_sheet
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.scene_clip import write_clip
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import Span
from benchmarks.scenes.stories.scene_list import scenes_at
from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from labeling.evaluation.model_choice import model_or_default
from models.registry.settings import ExportSettings
from streams.frame import Picture
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import StageCosts
from streams.replay.shared_folder import shared_folder

_CLIP_SECONDS = 60.0
_CLIP_RATE = 5.0


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


def scene_table(scenes: tuple[Scene, ...]) -> Table:
    """What must be reported of each scene, and when, in looks."""
    table = Table(title="Scenes", show_lines=True)
    for heading in ("scene", "what happens", "looks", "expected: opens, clears (look)"):
        table.add_column(heading, overflow="fold")
    for scene in scenes:
        interval = scene.camera.look_interval_seconds
        table.add_row(
            scene.name,
            scene.story,
            f"{scene.duration / interval:.0f} of {interval:g} s",
            "\n".join(_told(scene)) or "nothing",
        )
    return table


def _told(scene: Scene) -> Iterator[str]:
    for event in scene.expected:
        yield _when(scene, event.issue_code, event)
    for fault in scene.expected_faults:
        yield _when(scene, fault.fault.value, fault)


def _when(scene: Scene, name: str, one: ExpectedEvent | ExpectedFault) -> str:
    clears = "" if one.clears_between is None else f", {_looks(scene, one.clears_between)}"
    return f"{name}: {_looks(scene, one.opens_between)}{clears}"


def _looks(scene: Scene, span: Span) -> str:
    interval = scene.camera.look_interval_seconds
    return f"{span.begins_at / interval:.0f} to {span.ends_at / interval:.0f}"


def write_scene(scene: Scene, folder: Path, material: SceneMaterial) -> tuple[Path, Path]:
    """Write a scene's contact sheet, and its first minute as a clip.

    Returns:
        The paths of the sheet and of the clip.

    Raises:
        CityPatrolError: They cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CityPatrolError(f"--output {folder} cannot be made: {error.strerror}") from None
    sheet, clip = folder / f"{scene.name}.png", folder / f"{scene.name}.mp4"
    if not cv2.imwrite(str(sheet), contact_sheet(scene, material)):
        raise CityPatrolError(f"contact sheet {sheet} cannot be written")
    write_clip(scene, clip, material, _CLIP_RATE, Span(0.0, min(scene.duration, _CLIP_SECONDS)))
    return sheet, clip


def measured_blending(registry: ExportSettings) -> tuple[FoundShare, ...]:
    """The share of things, laid into all scenes, that the default model finds.

    Raises:
        CityPatrolError: The shared folder or the model cannot be used.
    """
    with real_material(registry) as (material, finder, _):
        return found_shares(scenes_at(EVERY_SECOND), material, finder)
