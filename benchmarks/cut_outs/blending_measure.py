"""How real composed pictures look to a detector: the share of laid-in things that it finds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from benchmarks.cut_outs.cut_out_trial import Finder, score_of
from benchmarks.cut_outs.shared_material import SharedMaterial
from benchmarks.scenes.pictures.composer import render
from benchmarks.scenes.pictures.truth import visible_things
from benchmarks.scenes.scene import Scene

# Things that are partly hidden are missed in real pictures too.
_LEAST_VISIBLE = 0.85


@dataclass(frozen=True, slots=True)
class FoundShare:
    """How many things of a class were found.

    Attributes:
        what: Visual class.
        shown: Things in pictures, hardly hidden.
        found: Those that the detector found with at least the score asked for.
    """

    what: str
    shown: int
    found: int

    @property
    def share(self) -> float:
        """Part of them that was found."""
        return self.found / self.shown


def found_shares(
    scenes: Iterable[Scene],
    material: SharedMaterial,
    finder: Finder,
    least_score: float = 0.4,
    looks: int = 6,
) -> tuple[FoundShare, ...]:
    """Look for every real thing of scenes in their composed pictures.

    Scenes of camera faults are left out: not finding anything is their point.

    Args:
        scenes: What is looked at.
        material: Their pictures; drawn things do not count.
        finder: The detector.
        least_score: What counts as found.
        looks: How many looks at each scene, spread over its length.
    """
    shown: dict[str, int] = defaultdict(int)
    found: dict[str, int] = defaultdict(int)
    for scene in scenes:
        if scene.expected_faults:
            continue
        for moment in np.linspace(0.05, 0.95, looks) * scene.duration:
            picture = render(scene, float(moment), material)
            seen = finder(picture)
            for thing in visible_things(scene, float(moment), material):
                if thing.visible < _LEAST_VISIBLE or thing.what not in material.library:
                    continue
                sides = (thing.box.left, thing.box.top, thing.box.right, thing.box.bottom)
                box = np.array(sides, np.float32)
                shown[thing.what] += 1
                found[thing.what] += score_of(seen, thing.what, box) >= least_score
    return tuple(FoundShare(what, shown[what], found[what]) for what in sorted(shown))


def found_table(shares: Iterable[FoundShare]) -> Table:
    """The shares as a table."""
    table = Table(title="Things laid into streets that the detector finds")
    for heading in ("visual class", "shown", "found", "share"):
        table.add_column(heading, justify="left" if heading == "visual class" else "right")
    for one in shares:
        table.add_row(one.what, str(one.shown), str(one.found), f"{one.share:.2f}")
    return table
