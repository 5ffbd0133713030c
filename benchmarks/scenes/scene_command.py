"""What ``citypatrol bench scenes`` shows: the scenes with their truth, and their pictures."""

from collections.abc import Iterator
from pathlib import Path

import cv2
from rich.table import Table

from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pictures.contact_sheet import contact_sheet
from benchmarks.scenes.pictures.scene_clip import write_clip
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import Span
from streams.kit.errors import CityPatrolError

_CLIP_SECONDS = 60.0
_CLIP_RATE = 5.0


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
