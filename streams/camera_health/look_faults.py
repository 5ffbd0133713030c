"""Which faults show in a look: in its picture, in its stream, and in that nothing changes."""

from collections.abc import Mapping
from datetime import datetime

import cv2
import numpy as np

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.finding import UNKNOWN, Finding, Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.picture_measures import LIT_LEVEL, Colour, Grey, PictureMeasures
from streams.look_moment import LookMoment
from streams.stream_facts import StreamFacts

FLAT_STRUCTURE = 0.5
"""Mean detail, in levels, below which a cell shows nothing: half a level is what rounding and a
coder leave of a smooth surface."""

# Under street lamps everything has the lamps' colour, and white balance gives up.
_JUDGED_BY_DAY = 50


_HALF_HOUR = 1800.0
_LONGEST_ZONE = 14 * 3600.0
_CELLS = (32, 18)
"""Columns and rows in which change is looked for."""

_CHANGED_LEVELS = 0.12
"""Mean difference from which a cell changed: one pixel in eight differs by one level, less than
a live sensor's noise leaves behind after a coder."""


def picture_findings(
    measures: PictureMeasures, settings: HealthSettings
) -> Mapping[CameraFault, Finding]:
    """Judge a picture for what it shows without others to compare it with.

    What hides other faults is judged first: a dark, burnt-out or covered picture says nothing
    about focus, colour or noise.
    """
    dark = _dark(measures, settings)
    burnt = _overexposed(measures, settings)
    covered = _covered(measures, settings)
    blind = Verdict.FAULTY in (dark.verdict, burnt.verdict)
    hidden = blind or covered.verdict is Verdict.FAULTY
    return {
        CameraFault.DARK: dark,
        CameraFault.OVEREXPOSED: burnt,
        CameraFault.COVERED: UNKNOWN if blind else covered,
        CameraFault.BLURRED: UNKNOWN if hidden else _blurred(measures, settings),
        CameraFault.COLOUR_CAST: UNKNOWN if hidden else _cast(measures, settings),
        CameraFault.NOISE: UNKNOWN if blind else _noise(measures, settings),
    }


def _dark(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    return Finding.of(
        f"median brightness {measures.median} of 255, below {settings.dark_median}, and "
        f"{measures.lit_share:.1%} brighter than {LIT_LEVEL}, below {settings.dark_lit_share:.1%}",
        faulty=measures.median < settings.dark_median
        and measures.lit_share < settings.dark_lit_share,
    )


def _overexposed(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    return Finding.of(
        f"{measures.burnt_share:.0%} burnt out to white, at least {settings.burnt_share:.0%}",
        faulty=measures.burnt_share >= settings.burnt_share,
    )


def _covered(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    # The first and the last row of cells hold captions.
    flat = float((measures.structure[1:-1] < FLAT_STRUCTURE).mean())
    return Finding.of(
        f"{flat:.0%} of the picture shows nothing, at least {settings.covered_flat_share:.0%}",
        faulty=flat >= settings.covered_flat_share,
    )


def _blurred(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    width = measures.edge_width
    if width is None:
        return UNKNOWN
    return Finding.of(
        f"sharpest edges {width:.1f} pixels wide, over {settings.blurred_edge_width:g}",
        faulty=width > settings.blurred_edge_width,
    )


def _cast(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    if measures.median < _JUDGED_BY_DAY:
        return UNKNOWN
    colour = measures.colour
    return Finding.of(
        f"all {colour.name}: colour {colour.strength:.0f} from grey, at least "
        f"{settings.cast_strength:g}, {colour.neutral_share:.1%} about grey, below "
        f"{settings.cast_neutral_share:.1%}",
        faulty=_is_cast(colour, settings),
    )


def _is_cast(colour: Colour, settings: HealthSettings) -> bool:
    ratio = settings.cast_ratio_warm if colour.warm else settings.cast_ratio
    return (
        colour.strength >= settings.cast_strength
        and colour.strength >= ratio * colour.spread
        and colour.neutral_share < settings.cast_neutral_share
    )


def _noise(measures: PictureMeasures, settings: HealthSettings) -> Finding:
    return Finding.of(
        f"noise of {measures.noise:.1f} levels, at least {settings.noise_levels:g}",
        faulty=measures.noise >= settings.noise_levels,
    )


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


def changed_share(grey: Grey, before: Grey) -> float:
    """Share of the picture in which two pictures of luminance differ at all, 0 to 1.

    Pictures of different sizes differ everywhere.
    """
    if grey.shape != before.shape:
        return 1.0
    difference = cv2.absdiff(grey, before).astype(np.float32)
    cells = cv2.resize(difference, _CELLS, interpolation=cv2.INTER_AREA)
    return float((cells > _CHANGED_LEVELS).mean())


class StillPicture:
    """Compares each picture with the first of a row of equal ones.

    A picture is compared with that first one and not with the last, so that creeping change is
    change: clouds and shadows move in a quiet scene.

    Args:
        settings: What share may change, and from when a pause is suspicious.
    """

    def __init__(self, settings: HealthSettings) -> None:
        self._settings = settings
        self._anchor: Grey | None = None
        self._since: datetime | None = None
        self._seconds = 0.0

    def compare(self, grey: Grey, look: LookMoment) -> Finding:
        """Judge a picture whose luminance is ``grey``; it must not be changed afterwards."""
        anchor, limit = self._anchor, self._settings.frozen_changed_share
        if anchor is None or changed_share(grey, anchor) > limit:
            self._anchor, self._since, self._seconds = grey, look.captured_at, 0.0
            return Finding(Verdict.SOUND)
        self._seconds += look.elapsed_seconds
        if self._seconds < self._settings.frozen_suspect_seconds:
            return Finding(Verdict.SOUND)
        measured = f"at most {limit:.0%} of the picture changed in {self._seconds:.0f} s"
        return Finding(Verdict.FAULTY, measured, self._since, self._seconds)
