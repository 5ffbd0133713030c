"""A clip run: what the product reports of a real clip, against its truth."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.clips.clip_looks import clip_seconds, looks_at_clip
from benchmarks.clips.clip_truth import ClipTruth
from benchmarks.scenes.stories.street import CITY
from benchmarks.street_run import SceneOutcome, StreetRun, run_street
from detector.detections import Detections
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.frame import Picture


def run_clip(
    truth: ClipTruth,
    shared: Path,
    finder: Callable[[Picture], Detections],
    catalogue: IssueCatalogue,
) -> SceneOutcome:
    """Let the product look at a clip once a second, and compare.

    Args:
        truth: What must be reported.
        shared: The folder that the clip is in.
        finder: Finds things in its pictures.
        catalogue: What issue types mean; see ``scene_catalogue``.

    Raises:
        CityPatrolError: The clip cannot be read.
    """
    expected = [event.expected() for event in truth.events]
    run = StreetRun(
        truth.name,
        truth.camera,
        clip_seconds(shared / truth.clip),
        looks_at_clip(truth, shared),
        lambda _, frame: finder(frame.picture),
        expected,
    )
    return run_street(run, catalogue, CITY)
