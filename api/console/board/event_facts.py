"""What the console says of an event, in the page's language."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.console.parts.translations import Texts
from api.contract.conditions import FaultState, ReportedFault
from api.contract.confirmations import ConfirmationStatus
from api.contract.events import EvidenceKind, EvidenceReference, StoredEventFeature
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import IssueKind

# The others say nothing of the street: nobody looked yet, or nobody could tell.
_VERDICTS = frozenset({ConfirmationStatus.CONFIRMED, ConfirmationStatus.REFUTED})


def evidence_url(event: StoredEventFeature, *kinds: EvidenceKind) -> str | None:
    """Return the address of the best picture of the first kind that the event has, or None."""
    best = best_picture(event, *kinds)
    return None if best is None else picture_url(best)


def best_picture(event: StoredEventFeature, *kinds: EvidenceKind) -> EvidenceReference | None:
    """Return the best picture of the first kind that the event has, or None."""
    for kind in kinds:
        # The last of a kind is the best.
        for reference in reversed(event.properties.evidence):
            if reference.kind is kind:
                return reference
    return None


def picture_url(reference: EvidenceReference) -> str:
    """Return the address of a picture."""
    return f"/v1/evidence/{reference.sha256}"


def is_camera_fault(event: StoredEventFeature) -> bool:
    """Whether an event is of a camera itself and not of the street."""
    return event.properties.kind is IssueKind.CAMERA


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

    def kind(self, event: StoredEventFeature) -> str:
        """Return the mark of an event that is no matter of the street; empty for the others."""
        return self.texts.text("event.camera_fault") if is_camera_fault(event) else ""

    def fault(self, event: StoredEventFeature) -> str:
        """Return what is wrong with the camera, in fewer words than the issue's name."""
        names = {found.class_name for found in event.properties.detections}
        faults = [self.texts.word("fault", name) for name in sorted(names)]
        return ", ".join(faults) or self.issue_name(event)

    def reported_fault(self, fault: ReportedFault) -> str:
        """Return what a worker says is wrong with a camera, or what it suspects."""
        name = self.texts.word("fault", fault.fault)
        if fault.state is FaultState.STANDING:
            return name
        return self.texts.text("fault.suspected", name=name)

    def score(self, event: StoredEventFeature) -> str:
        """Return the detection score as a percentage; empty for what is measured, not detected."""
        return "" if is_camera_fault(event) else f"{event.properties.score:.0%}"

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
            *self._unwatched(event),
            *self._recurrence(event),
            *self._found(event),
            *self._confirmed(event),
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
            *([("event.merged_into", into)] if (into := properties.merged_into) else []),
        ]
        return [(text(name), value) for name, value in rows]

    def _unwatched(self, event: StoredEventFeature) -> list[tuple[str, str]]:
        minutes = round(event.properties.unwatched_seconds / 60)
        value = self.texts.text("event.unwatched_value", minutes=minutes)
        return [("event.unwatched", value)] if minutes else []

    def story(self, event: StoredEventFeature) -> list[tuple[str, EvidenceReference]]:
        """Return the pictures beside the best one in their order, each with what it shows."""
        of_kind = [one for one in event.properties.evidence if one.kind is EvidenceKind.ANNOTATED]
        names = ["event.story_opened", *["event.story_later"] * len(of_kind)]
        told = list(zip(names, of_kind[:-1], strict=False))
        told += [
            ("event.story_cleared", one)
            for one in event.properties.evidence
            if one.kind is EvidenceKind.CLEARED
        ]
        return [(self.texts.text(name), one) for name, one in told]

    def _recurrence(self, event: StoredEventFeature) -> list[tuple[str, str]]:
        times = event.properties.recurrence_number
        value = self.texts.text("event.recurrence_value", n=times)
        return [("event.recurrence", value)] if times else []

    def _found(self, event: StoredEventFeature) -> list[tuple[str, str]]:
        if is_camera_fault(event):
            return [("event.fault", self.fault(event))]
        return [("event.score", self.score(event)), ("event.objects", self._objects(event))]

    def confirmation_status(self, event: StoredEventFeature) -> str:
        """Return how its confirmation stands, for style sheets; empty where nobody is asked."""
        asked = event.properties.confirmation
        return "" if asked is None else asked.status.value

    def verdict(self, event: StoredEventFeature) -> str:
        """Return the mark of an event that was confirmed or refuted; empty for the others."""
        status = self.confirmation_status(event)
        return self.texts.word("confirmation", status) if status in _VERDICTS else ""

    def _confirmed(self, event: StoredEventFeature) -> list[tuple[str, str]]:
        asked = event.properties.confirmation
        if asked is None:
            return []
        who = self.texts.word("confirmer", asked.by)
        stands = self.texts.text(
            "event.confirmation_value",
            status=self.texts.word("confirmation", asked.status),
            who=who,
        )
        answered = "" if asked.answered_at is None else self.time(asked.answered_at)
        rows = [
            ("event.confirmation", stands),
            ("event.confirmation_model", asked.model or ""),
            ("event.confirmation_question", asked.question or ""),
            ("event.confirmation_reason", asked.reason or ""),
            ("event.confirmation_answer", asked.answer or ""),
            ("event.confirmation_at", answered),
        ]
        return [(name, value) for name, value in rows if value]

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
