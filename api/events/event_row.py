"""An event between the wire and its table row."""

from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from api.contract.events import EventFeature, EventKind, EventStatus, StoredEventFeature
from api.contract.merges import MergeStatus
from api.database.tables import cameras, events, merge_proposals
from models.catalogue.file import BothNames
from models.catalogue.issue_catalogue import IssueCatalogue

UNKNOWN_DEPARTMENT = BothNames(zh="未知", en="unknown")
UNKNOWN_SEVERITY = "medium"
UNKNOWN_KIND = EventKind.EVENT
SAME_ON_THE_WIRE = (
    "schema_version",
    "catalogue_version",
    "revision",
    "issue_code",
    "camera_id",
    "zone_id",
    "first_seen",
    "last_seen",
    "cleared_at",
    "observed_count",
    "unwatched_seconds",
    "score",
    "location_source",
    "accuracy_m",
    "detections",
    "evidence",
    "model",
    "measured",
    "recurrence_of",
    "recurrence_number",
    "confirmation",
)
# What a worker says of an event and what is known when it comes.
STORED = (
    *SAME_ON_THE_WIRE,
    *("event_id", "camera_name", "unit_grid", "lon", "lat", "received_at", "updated_at"),
)
KNOWN_BESIDES = ("unit_grid", "received_at", "updated_at", "change", "merged_into")


def event_row(feature: EventFeature, camera_name: str, unit_grid: str | None) -> dict[str, Any]:
    """Return an event as the row to store, in values of JSON."""
    lon, lat = feature.geometry.coordinates
    return {
        **feature.properties.model_dump(mode="json"),
        "event_id": feature.id,
        "camera_name": camera_name,
        "unit_grid": unit_grid,
        "lon": lon,
        "lat": lat,
    }


def stored_events() -> Select[Any]:
    """Return the query for rows that ``stored_event`` reads."""
    present_name = func.coalesce(cameras.c.name, events.c.camera_name).label("present_name")
    proposed = (
        select(func.count())
        .select_from(merge_proposals)
        .where(
            merge_proposals.c.status == MergeStatus.PROPOSED.value,
            or_(
                merge_proposals.c.older_event_id == events.c.event_id,
                merge_proposals.c.younger_event_id == events.c.event_id,
            ),
        )
        .scalar_subquery()
        .label("merge_proposals")
    )
    return select(events, present_name, proposed).join_from(
        events, cameras, events.c.camera_id == cameras.c.camera_id, isouter=True
    )


def stored_event(row: Row[Any], catalogue: IssueCatalogue) -> StoredEventFeature:
    """Return a row of ``stored_events`` as it goes to readers."""
    issue = catalogue.types.get(row.issue_code)
    if issue is None:
        # Of an older catalogue: the event stays readable, under its code.
        department = UNKNOWN_DEPARTMENT
        names = {"issue_name_zh": row.issue_code, "issue_name_en": row.issue_code}
        severity, kind = UNKNOWN_SEVERITY, UNKNOWN_KIND
    else:
        department = catalogue.department(issue)
        names = {"issue_name_zh": issue.name_zh, "issue_name_en": issue.name_en}
        severity, kind = issue.severity.value, EventKind(issue.kind.value)
    values = row._mapping
    status = EventStatus.OPEN if row.cleared_at is None else EventStatus.CLEARED
    return StoredEventFeature.model_validate(
        {
            "id": row.event_id,
            "geometry": {"coordinates": (row.lon, row.lat)},
            "properties": {
                **{name: values[name] for name in (*SAME_ON_THE_WIRE, *KNOWN_BESIDES)},
                **names,
                "severity": severity,
                "department_zh": department.zh,
                "department_en": department.en,
                "camera_name": row.present_name,
                "merge_proposals": row.merge_proposals,
                "status": status,
                "kind": kind,
            },
        }
    )
