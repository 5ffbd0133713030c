"""When a camera's next look is due."""

# Keyframes of a camera that sends one a second come a little early or late; with a look wanted
# every second, each of them should count.
_EARLY_SHARE = 0.1


class LookClock:
    """Tells which of the pictures that arrive are due, for one camera.

    Looks keep to the interval in the long run: one that came early within the tolerance does not
    move the next one forward, and a gap is not made up for by looks in quick succession.

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
        self._tolerance = interval_seconds * _EARLY_SHARE
        self._due_at: float | None = None

    def is_due(self, now: float) -> bool:
        """Whether a look is due at ``now``, monotonic seconds."""
        return self._due_at is None or now >= self._due_at - self._tolerance

    def note_look(self, now: float) -> None:
        """Say that a look was taken at ``now``, monotonic seconds."""
        due_at = now if self._due_at is None else max(self._due_at, now - self._tolerance)
        self._due_at = due_at + self._interval
