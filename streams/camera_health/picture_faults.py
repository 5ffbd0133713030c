"""Which faults one picture shows by itself."""

from collections.abc import Mapping

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.colour_measure import Colour
from streams.camera_health.finding import UNKNOWN, Finding, Verdict
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.picture_measures import LIT_LEVEL, PictureMeasures

FLAT_STRUCTURE = 0.5
"""Mean detail, in levels, below which a cell shows nothing: half a level is what rounding and a
coder leave of a smooth surface."""

# Under street lamps everything has the lamps' colour, and white balance gives up.
_JUDGED_BY_DAY = 50


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
