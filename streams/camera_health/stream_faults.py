"""Which faults show in what a stream says about itself."""

from collections.abc import Mapping
from datetime import datetime

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.finding import UNKNOWN, Finding
from streams.camera_health.health_settings import HealthSettings
from streams.stream_facts import StreamFacts

_HALF_HOUR = 1800.0
_LONGEST_ZONE = 14 * 3600.0


def stream_findings(
    facts: StreamFacts, pixels: int, at: datetime, settings: HealthSettings
) -> Mapping[CameraFault, Finding]:
    """Judge the facts of a stream.

    Args:
        facts: What the stream says.
        pixels: Pixels of its pictures.
        at: When the picture arrived, by the worker's clock.
        settings: Where faults begin.
    """
    return {
        CameraFault.LOW_BITRATE: _low_bitrate(facts, pixels, settings),
        CameraFault.CLOCK_WRONG: _clock_wrong(facts, at, settings),
    }


def _low_bitrate(facts: StreamFacts, pixels: int, settings: HealthSettings) -> Finding:
    judged = []
    if facts.keyframe_bytes is not None:
        bits = 8 * facts.keyframe_bytes / pixels
        least = settings.bits_per_pixel
        judged.append((bits < least, f"keyframe of {bits:.3f} bits per pixel, below {least:g}"))
    if facts.bitrate is not None:
        bits, least = facts.bitrate / pixels, settings.bits_per_second_and_pixel
        judged.append(
            (
                bits < least,
                f"stream of {facts.bitrate / 1000:.0f} kbit/s, below "
                f"{least * pixels / 1000:.0f} kbit/s",
            )
        )
    if not judged:
        return UNKNOWN
    return max((Finding.of(words, faulty=low) for low, words in judged), key=_is_faulty)


def _is_faulty(finding: Finding) -> bool:
    return finding == Finding.of(finding.measured, faulty=True)


def _clock_wrong(facts: StreamFacts, at: datetime, settings: HealthSettings) -> Finding:
    if facts.camera_clock is None:
        return UNKNOWN
    ahead = (facts.camera_clock - at).total_seconds()
    measured = (
        f"camera's clock {_span(abs(ahead))} {'ahead' if ahead > 0 else 'behind'}, "
        f"over {_span(settings.clock_seconds)}{_zone_hint(ahead, settings.clock_seconds)}"
    )
    return Finding.of(measured, faulty=abs(ahead) > settings.clock_seconds)


def _zone_hint(ahead: float, tolerance: float) -> str:
    """Say so if the difference looks like another time zone: the usual mistake."""
    steps = round(ahead / _HALF_HOUR)
    near = abs(ahead - steps * _HALF_HOUR) <= min(tolerance, 120.0)
    return "; a wrong time zone?" if near and steps and abs(ahead) <= _LONGEST_ZONE else ""


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * 86400:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"
