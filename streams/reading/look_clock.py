"""When a camera's next look is due."""

# Keyframes of a camera that sends one a second come a little early or late; with a look wanted
# every second, each of them should count.
_EARLY_SHARE = 0.1

# A keyframe that comes late, on a busy machine or network, must not make the next one, which is
# on time again, seem too early.
_LATE_SHARE = 0.5


class LookClock:
    """Tells which of the pictures that arrive are due, for one camera.

    Looks keep to the interval in the long run: one that came a little early or late does not move
    the next one, and a longer gap is not made up for by looks in quick succession.

    Args:
        interval_seconds: Time between two looks.

    Example:
        >>> clock = LookClock(interval_seconds=1.0)
        >>> taken = []
        >>> for at in (0.0, 0.5, 0.95, 2.0, 7.0, 7.2):
        ...     if clock.is_due(at):
        ...         clock.note_look(at)
        ...         taken.append(at)
        >>> taken
        [0.0, 0.95, 2.0, 7.0]
    """

    def __init__(self, interval_seconds: float) -> None:
        self._interval = interval_seconds
        self._earliness = interval_seconds * _EARLY_SHARE
        self._lateness = interval_seconds * _LATE_SHARE
        self._due_at: float | None = None

    def is_due(self, now: float) -> bool:
        """Whether a look is due at ``now``, monotonic seconds."""
        return self._due_at is None or now >= self._due_at - self._earliness

    def note_look(self, now: float) -> None:
        """Say that a look was taken at ``now``, monotonic seconds."""
        due_at = now if self._due_at is None else max(self._due_at, now - self._lateness)
        self._due_at = due_at + self._interval
