"""What a demo run did, as a report in JSON."""

from pydantic import BaseModel


class DemoReport(BaseModel):
    """Figures of one demo run.

    Attributes:
        cameras: Cameras that were shown.
        visits: Looks taken at them.
        frames_analysed: Frames that went through the model and the rules.
        detections: Boxes found in them.
        events_posted: Events the worker delivered.
        events_stored: Events the API holds at the end.
        cases: Cases that they became; the newest 500 at most.
        cases_dispatched: How many of these were dispatched.
        cases_closed: How many were closed.
        issue_types: Number of stored events per issue type code.
        seconds_to_first_event: From the start of the demo to the first stored event, or None.
        errors: What went wrong, one line each.
    """

    cameras: int
    visits: int
    frames_analysed: int
    detections: int
    events_posted: int
    events_stored: int
    cases: int
    cases_dispatched: int
    cases_closed: int
    issue_types: dict[str, int]
    seconds_to_first_event: float | None
    errors: list[str]
