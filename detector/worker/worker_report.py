"""What a worker did, as a report in JSON."""

import os
from collections import Counter
from pathlib import Path

from pydantic import BaseModel

from streams.kit.stage_costs import Stage


class WorkerReport(BaseModel):
    """Counters of a worker since its start.

    Attributes:
        cameras: Cameras it was given.
        cameras_streaming: Those that send pictures now.
        visits: Looks taken at cameras: frames decoded, whether or not they were analysed.
        frames_analysed: Frames that went through the model and the rules.
        detections: Boxes found in them.
        dropped_frames: Frames not analysed, per cause.
        events_posted: Events that the API has committed.
        events_refused: Events that the API would not take; they stay in the outbox.
        events_waiting: Events still in the outbox.
        clock_ahead_seconds: How far this machine's clock runs before the API's, if that is known.
        errors: Frames that could not be analysed, refused events and models, failing cameras.
        camera_faults: What is wrong with which camera, one line each.
        models: The model versions that run, or ran last, such as street@2026.11.
        model_faults: Why which live model does not run, one line each.
        cpu_seconds: CPU time per stage, seconds.
        cpu_seconds_total: CPU time of the whole process, seconds.
    """

    cameras: int
    cameras_streaming: int
    visits: int
    frames_analysed: int
    detections: int
    dropped_frames: Counter[str]
    events_posted: int
    events_refused: int
    events_waiting: int
    clock_ahead_seconds: float | None = None
    errors: int
    camera_faults: list[str]
    models: list[str] = []
    model_faults: list[str] = []
    cpu_seconds: dict[Stage, float]
    cpu_seconds_total: float

    def write(self, path: Path) -> None:
        """Write the report so that a reader never sees half of it."""
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        unfinished.replace(path)
