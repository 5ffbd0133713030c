"""What is to become of one picture: kept, held, or deleted from a moment on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.contract.holds import HoldKind
from api.retention.retention_class import Keeping, PictureHolder, RetentionClass, keeping_of
from api.retention.retention_settings import RetentionSettings

# Whoever uploads a picture names it in the next request; a worker's next may have to wait for
# the API to be back.
UPLOAD_GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of a picture.

    Attributes:
        sha256: The picture.
        received_at: When it was last uploaded.
        holders: The events and cases that name it.
    """

    sha256: str
    received_at: datetime
    holders: tuple[PictureHolder, ...]

    @property
    def holders_named(self) -> list[str]:
        """Who names it, in words."""
        return [f"{holder.kind} {holder.holder_id}" for holder in self.holders]

    def ids(self, kind: HoldKind) -> list[str]:
        """Return the ids of its holders of a kind, and of the cases that its events belong to."""
        found = {holder.holder_id for holder in self.holders if holder.kind is kind}
        if kind is HoldKind.CASE:
            found |= {holder.case.case_id for holder in self.holders if holder.case is not None}
        return sorted(found)


@dataclass(frozen=True, slots=True)
class PictureFate:
    """What is to become of a picture.

    Attributes:
        facts: What is known of it.
        retention_class: The class of the holder that keeps it longest.
        since: When its period began; None while it has not.
        due_at: When it is to be deleted; None while nobody can say.
        is_held: Whether a legal hold keeps it.
    """

    facts: PictureFacts
    retention_class: RetentionClass
    since: datetime | None
    due_at: datetime | None
    is_held: bool

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be deleted."""
        return self.due_at is not None and not self.is_held and self.due_at <= now


def fate_of(facts: PictureFacts, settings: RetentionSettings) -> PictureFate:
    """Return what is to become of a picture: the holder that keeps it longest decides."""
    keepings = [keeping_of(holder) for holder in facts.holders]
    if not keepings:
        keepings = [Keeping(RetentionClass.UNUSED, facts.received_at)]
    is_held = any(
        holder.is_held or (holder.case is not None and holder.case.is_held)
        for holder in facts.holders
    )
    for keeping in keepings:
        if keeping.since is None:
            return PictureFate(facts, keeping.retention_class, None, None, is_held)
    due_at, keeping = _longest(keepings, settings)
    due_at = max(due_at, facts.received_at + UPLOAD_GRACE)
    return PictureFate(facts, keeping.retention_class, keeping.since, due_at, is_held)


def _longest(keepings: Sequence[Keeping], settings: RetentionSettings) -> tuple[datetime, Keeping]:
    ends = [
        (keeping.since + settings.period(keeping.retention_class), keeping)
        for keeping in keepings
        if keeping.since is not None
    ]
    return max(ends, key=lambda end: end[0])
