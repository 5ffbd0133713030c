"""The file that a command writes its figures to: ``--report FILE``."""

from pathlib import Path

from pydantic import BaseModel

from streams.kit.errors import CityPatrolError


def write_report(figures: BaseModel, path: Path) -> None:
    """Write figures as JSON.

    Raises:
        CityPatrolError: The file cannot be written.
    """
    try:
        path.write_text(figures.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CityPatrolError(
            f"--report {path} cannot be written: {error.strerror or error}"
        ) from None
