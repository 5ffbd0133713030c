"""Shared material: real streets and cut-outs, made of the pictures of the shared folder."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import structlog

from benchmarks.cut_outs.cut_out_candidates import (
    Candidate,
    clip_candidates,
    set_candidates,
)
from benchmarks.cut_outs.cut_out_library import CutOutLibrary, make_library
from benchmarks.cut_outs.cut_out_trial import Finder
from benchmarks.cut_outs.real_backgrounds import real_background
from benchmarks.scenes.background import Background
from benchmarks.scenes.cut_out import CutOut
from benchmarks.scenes.pictures.painted_material import painted_cut_out
from labeling.data_sets.reader import read_data_set
from streams.frame import Picture
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# Part of the key under which a library is kept: another way of cutting gives another library.
_RECIPE = 2


class SharedMaterial:
    """Backgrounds and cut-outs made of real pictures; used from one thread.

    A class of which there is no real cut-out is drawn. ``is_findable`` tells which classes a model
    can be expected to find.

    Args:
        shared: Folder with ``data`` and ``media``.
        library: Its cut-outs.
    """

    def __init__(self, shared: Path, library: CutOutLibrary) -> None:
        self._shared = shared
        self.library = library
        self._pictures: dict[str, Picture] = {}

    def is_findable(self, what: str) -> bool:
        """Whether the finder is known to find things of a class in composed pictures."""
        return what in self.library.proven_classes

    def picture_of(self, background: Background) -> Picture:
        """The background's picture.

        Raises:
            BackgroundError: Its files are missing.
        """
        if background.name not in self._pictures:
            self._pictures[background.name] = real_background(background, self._shared)
        return self._pictures[background.name]

    def cut_out(self, what: str, variety: int) -> CutOut:
        """A thing of a visual class; a drawing if there is no real one."""
        if what in self.library:
            return self.library.cut_out(what, variety)
        return _painted(what, variety)


@lru_cache(maxsize=256)
def _painted(what: str, variety: int) -> CutOut:
    return painted_cut_out(what, variety)


def open_shared_material(
    shared: Path, cache: Path, finder: Finder, finder_name: str
) -> SharedMaterial:
    """Material of a shared folder; its cut-outs are made the first time, which takes minutes.

    Args:
        shared: Folder with ``data`` (annotated sets in YOLO's layout) and ``media`` (clips).
        cache: Folder in which cut-outs are kept.
        finder: Finds things in a picture, to choose cut-outs with.
        finder_name: Which one it is; another one makes other cut-outs.

    Raises:
        CityPatrolError: The folder has no pictures, or one of its sets or clips cannot be read.
    """
    sets = sorted(path.parent for path in (shared / "data").glob("*/data.yaml"))
    clips = sorted((shared / "media").glob("*.mp4"))
    if not sets or not clips:
        raise CityPatrolError(
            f"{shared} has {len(sets)} sets in data and {len(clips)} clips in media; scenes of "
            "real pictures need both: set CITYPATROL_SHARED to a folder that has them"
        )
    known = (_RECIPE, finder_name, [(path.name, path.stat().st_size) for path in (*sets, *clips)])
    folder = cache / hashlib.sha256(repr(known).encode()).hexdigest()[:16]
    library = CutOutLibrary.load(folder)
    if library is None:
        log.info("making_cut_outs", sets=len(sets), clips=len(clips), folder=str(folder))
        street = lru_cache(lambda background: real_background(background, shared))
        library = make_library(_all_candidates(sets, clips, finder), finder, street)
        library.save(folder)
    return SharedMaterial(shared, library)


def _all_candidates(sets: list[Path], clips: list[Path], finder: Finder) -> Iterator[Candidate]:
    for clip in clips:
        yield from clip_candidates(clip, finder)
    for folder in sets:
        yield from set_candidates(read_data_set(folder), finder)
