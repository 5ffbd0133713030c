"""What the console says of an event, in the page's language."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.console.translations import Texts
from api.contract import EvidenceKind, StoredEventFeature
from models.issue_catalogue import IssueCatalogue


def evidence_url(event: StoredEventFeature, *kinds: EvidenceKind) -> str | None:
    """Return the address of the first kind of picture that the event has, or None."""
    for kind in kinds:
        for reference in event.properties.evidence:
            if reference.kind is kind:
                return f"/v1/evidence/{reference.sha256}"
    return None


@dataclass(frozen=True, slots=True)
class EventFacts:
    """Turns events into words.

    Attributes:
        texts: The page's language.
        time_zone: The zone in which times are written.
        catalogue: Where time limits are looked up.
    """

    texts: Texts
    time_zone: ZoneInfo
    catalogue: IssueCatalogue

    def issue_name(self, event: StoredEventFeature) -> str:
        """Return what the issue is called."""
        properties = event.properties
        return self.texts.choose(properties.issue_name_zh, properties.issue_name_en)

    def severity(self, event: StoredEventFeature) -> str:
        """Return how bad it is."""
        return self.texts.word("severity", event.properties.severity)

    def status(self, event: StoredEventFeature) -> str:
        """Return whether it stands."""
        return self.texts.word("status", event.properties.status)

    def cell(self, event: StoredEventFeature) -> str:
        """Return the management cell it lies in."""
        code = event.properties.unit_grid
        if code is None:
            return self.texts.text("event.no_grid")
        return self.texts.text("event.grid", code=code)

    def score(self, event: StoredEventFeature) -> str:
        """Return the detection score as a percentage."""
        return f"{event.properties.score:.0%}"

    def time(self, moment: datetime) -> str:
        """Return a time on the district's clock."""
        return f"{moment.astimezone(self.time_zone):%Y-%m-%d %H:%M:%S}"

    def rows(self, event: StoredEventFeature) -> list[tuple[str, str]]:
        """Return all further facts, each as its name and its value."""
        properties, text = event.properties, self.texts.text
        lon, lat = event.geometry.coordinates
        cleared = properties.cleared_at
        rows = [
            ("event.camera", properties.camera_name),
            ("event.unit_grid", properties.unit_grid or text("event.no_grid")),
            ("event.first_seen", self.time(properties.first_seen)),
            ("event.last_seen", self.time(properties.last_seen)),
            *([("event.cleared_at", self.time(cleared))] if cleared else []),
            ("event.looks", text("event.looks_value", n=properties.observed_count)),
            ("event.score", self.score(event)),
            ("event.objects", self._objects(event)),
            ("event.place", f"{lon:.6f}, {lat:.6f}"),
            ("event.location_source", self.texts.word("location", properties.location_source)),
            ("event.accuracy", text("event.accuracy_value", metres=f"{properties.accuracy_m:.1f}")),
            (
                "event.department",
                self.texts.choose(properties.department_zh, properties.department_en),
            ),
            ("event.time_limit", self._time_limit(event)),
            ("event.code", properties.issue_code),
            ("event.model", f"{properties.model.name} {properties.model.version}"),
            ("event.id", event.id),
        ]
        return [(text(name), value) for name, value in rows]

    def _objects(self, event: StoredEventFeature) -> str:
        counts = Counter(detection.class_name for detection in event.properties.detections)
        named = [
            f"{self._class_name(class_name)} × {count}"
            for class_name, count in counts.most_common()
        ]
        return ", ".join(named) or self.texts.text("event.unknown")

    def _class_name(self, name: str) -> str:
        described = self.catalogue.visual_classes.get(name)
        if described is None:
            return name
        return self.texts.choose(described.zh, name.replace("_", " "))

    def _time_limit(self, event: StoredEventFeature) -> str:
        issue = self.catalogue.types.get(event.properties.issue_code)
        if issue is None:
            return self.texts.text("event.unknown")
        return self.texts.text(
            f"event.time_limit_{issue.time_limit_clock}", hours=f"{issue.time_limit_hours:g}"
        )
