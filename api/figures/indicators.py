"""What is made of counters: shares, means and the composite score."""

from collections.abc import Mapping

from api.figures.figure_definitions import FigureDefinitions
from api.figures.figure_settings import FigureSettings


def indicators_of(
    counters: Mapping[str, float], definitions: FigureDefinitions, weights: FigureSettings
) -> dict[str, float | None]:
    """Return every indicator of a line; None where there is nothing to divide by."""
    found: dict[str, float | None] = {
        one.key: _share(counters[one.of], counters[one.over]) for one in definitions.indicators
    }
    found[definitions.score.key] = _score(found, weights)
    return found


def _share(of: float, over: float) -> float | None:
    return of / over if over else None


def _score(shares: Mapping[str, float | None], weights: FigureSettings) -> float | None:
    parts = (
        (weights.score_dispose, shares["dispose_rate"]),
        (weights.score_in_time, shares["in_time_dispose_rate"]),
        (weights.score_no_rework, _left_by(shares["rework_rate"])),
        (weights.score_no_overtime, _left_by(shares["overtime_to_dispose_rate"])),
        (weights.score_no_delay, _left_by(shares["delay_rate"])),
    )
    points = 0.0
    for weight, share in parts:
        if share is None:
            return None
        points += weight * share
    return points


def _left_by(share: float | None) -> float | None:
    return None if share is None else max(0.0, 1.0 - share)
