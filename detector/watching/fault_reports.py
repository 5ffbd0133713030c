"""Fault reports: faults of one camera as sightings of the catalogue's camera types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from ulid import ULID

from detector.sighting import ChangeKind, Sighting, SightingChange
from models.catalogue.issue_catalogue import IssueCatalogue
from models.rules.rule import Rule, WatchFor
from models.words import IssueKind
from streams.camera import Camera
from streams.camera_health.health_report import HealthReport, StandingFault

_WHOLE_PICTURE = np.array([[0.0, 0.0, 1.0, 1.0]], np.float32)
# A fault is declared after measurements over several looks; it has no score.
_NO_SCORE = np.ones(1, np.float32)


@dataclass(frozen=True, slots=True)
class _WatchedFaults:
    issue_code: str
    rule: Rule


class FaultReports:
    """What operators are told of one camera. Belongs to one thread at a time.

    Every camera is watched for every type of kind ``camera``, and for those of its own list
    that watch for faults. A type's sighting opens when one of its faults has been declared for
    as long as its rule asks, and clears when none of them stands.

    Args:
        camera: The camera.
        catalogue: What its types mean.
        standing: Open sightings of an earlier run.
    """

    def __init__(
        self, camera: Camera, catalogue: IssueCatalogue, standing: Sequence[Sighting] = ()
    ) -> None:
        listed = {enabled.code for enabled in camera.issue_types}
        self._watched = [
            _WatchedFaults(issue.code, issue.rule)
            for issue in catalogue.types.values()
            if issue.rule.watch_for is WatchFor.CAMERA_FAULT
            and (issue.kind is IssueKind.CAMERA or issue.code in listed)
            and catalogue.watched(issue.code)
        ]
        codes = {watched.issue_code for watched in self._watched}
        self._open = {
            sighting.issue_code: sighting for sighting in standing if sighting.issue_code in codes
        }

    @property
    def issue_codes(self) -> frozenset[str]:
        """Codes of the types it reports."""
        return frozenset(watched.issue_code for watched in self._watched)

    def note(self, report: HealthReport) -> list[SightingChange]:
        """Say what a report of the camera's health changes."""
        changes = (self._judge(watched, report) for watched in self._watched)
        return [change for change in changes if change is not None]

    def open_sightings(self) -> list[Sighting]:
        """The faults that stand now."""
        return list(self._open.values())

    def _judge(self, watched: _WatchedFaults, report: HealthReport) -> SightingChange | None:
        known = self._open.get(watched.issue_code)
        faults = [fault for fault in report.standing if fault.fault in watched.rule.faults]
        if not faults:
            if known is None:
                return None
            del self._open[watched.issue_code]
            return SightingChange(ChangeKind.CLEARED, known, max(report.at, known.last_seen))
        first = min(faults, key=lambda fault: fault.since)
        lasted = (report.at - first.since).total_seconds()
        if known is None and lasted < watched.rule.dwell_seconds:
            return None
        if known is None:
            sighting = _opened(watched.issue_code, first, report.at)
        else:
            sighting = replace(
                known,
                last_seen=max(report.at, known.last_seen),
                observed_count=known.observed_count + 1,
                class_names=(str(first.fault),),
                measured=first.measured,
            )
        self._open[watched.issue_code] = sighting
        kind = ChangeKind.OPENED if known is None else ChangeKind.CONTINUED
        return SightingChange(kind, sighting, sighting.last_seen)


def _opened(issue_code: str, fault: StandingFault, at: datetime) -> Sighting:
    return Sighting(
        event_id=str(ULID.from_datetime(at)),
        issue_code=issue_code,
        zone_id=None,
        first_seen=fault.since,
        last_seen=max(at, fault.since),
        observed_count=1,
        score=1.0,
        boxes=_WHOLE_PICTURE,
        class_names=(str(fault.fault),),
        scores=_NO_SCORE,
        measured=fault.measured,
    )
