"""How many bits a second arrived of late."""

from collections import deque
from dataclasses import dataclass

WINDOW_SECONDS = 10.0
"""Long enough for several keyframes of a usual camera, short enough to tell of now."""
# Packets of one moment come in a burst; over less than this, a rate means nothing.
_SHORTEST_SECONDS = 1.0


@dataclass(slots=True)
class _Group:
    """A keyframe and what follows it, up to the next one."""

    began: float
    size: int = 0


class BitrateWindow:
    """Bitrate of one stream over whole groups of pictures. Belongs to the thread that reads it.

    A keyframe weighs as much as seconds of what lies between keyframes; cut anywhere else, a
    window would rise and fall with the share of keyframes in it. So it reaches from one keyframe
    back to another, ``seconds`` or as little as possible more; at first it is shorter.

    Args:
        seconds: Time that the window should cover.

    Example:
        >>> window = BitrateWindow(seconds=2.0)
        >>> for second in range(5):
        ...     window.begin_group(float(second))
        ...     window.add(9_000)
        ...     window.add(1_000)
        >>> window.bits_per_second
        80000.0
    """

    def __init__(self, seconds: float = WINDOW_SECONDS) -> None:
        self._seconds = seconds
        self._whole: deque[_Group] = deque()
        self._current: _Group | None = None

    def begin_group(self, now: float) -> None:
        """Say that the next packet is a keyframe and came at ``now``, monotonic seconds."""
        if self._current is not None:
            self._whole.append(self._current)
        self._current = _Group(now)
        while len(self._whole) > 1 and now - self._whole[1].began >= self._seconds:
            self._whole.popleft()

    def add(self, size: int) -> None:
        """Count a packet of ``size`` bytes; one that comes before any keyframe is left out."""
        if self._current is not None:
            self._current.size += size

    @property
    def bits_per_second(self) -> float | None:
        """Bitrate up to the latest keyframe; None until enough has come to tell."""
        if self._current is None or not self._whole:
            return None
        seconds = self._current.began - self._whole[0].began
        if seconds < _SHORTEST_SECONDS:
            return None
        return 8 * sum(group.size for group in self._whole) / seconds
