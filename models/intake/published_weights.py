"""Fetching the weights that Ultralytics publishes, where there is internet."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.intake.ultralytics_export import prepare_ultralytics, ultralytics_is_installed
from streams.kit.errors import CityPatrolError

LICENCE = "AGPL-3.0"
"""Terms under which Ultralytics publishes its weights."""


class PullError(CityPatrolError):
    """Published weights cannot be fetched."""


def pull_weights(name: str, folder: Path) -> Path:
    """Fetch published weights into ``folder``, with one try.

    Args:
        name: As Ultralytics calls them, such as yolo11n or yolo26s.
        folder: Where to put them.

    Returns:
        The .pt file.

    Raises:
        PullError: Ultralytics is not installed or publishes no such weights, or there is no
            way to them from here.
    """
    if not ultralytics_is_installed():
        raise PullError(
            f"weights {name!r}: Ultralytics is not installed: pip install 'citypatrol[train]'"
        )
    prepare_ultralytics()
    with warnings.catch_warnings(), _online():
        warnings.simplefilter("ignore")
        # Late: it takes seconds and brings torch.
        from ultralytics.utils import downloads  # noqa: PLC0415

        file_name = f"{name.removesuffix('.pt')}.pt"
        if file_name not in downloads.GITHUB_ASSETS_NAMES:
            raise PullError(
                f"weights {name!r}: Ultralytics publishes none of this name; there are, for "
                "example, yolo11n, yolo11s, yolo26n and yolo26s"
            )
        path = folder / file_name
        logging.getLogger("ultralytics").setLevel(logging.ERROR)
        try:
            downloads.attempt_download_asset(path, retry=0)
        except Exception as error:  # noqa: BLE001 - whatever its HTTP client raises
            raise PullError(
                f"weights {name!r} cannot be fetched: {_reason(error)}; fetch {file_name} "
                f"elsewhere and add it with `citypatrol models add {file_name}`"
            ) from None
    return path


@contextmanager
def _online() -> Iterator[None]:
    # Everything else that CityPatrol does with Ultralytics is done offline.
    before = os.environ.pop("YOLO_OFFLINE", None)
    try:
        yield
    finally:
        if before is not None:
            os.environ["YOLO_OFFLINE"] = before


def _reason(error: Exception) -> str:
    # Ultralytics' own error wraps that of its HTTP client, whose text is a page long.
    from requests.exceptions import ConnectionError as NoConnectionError  # noqa: PLC0415
    from requests.exceptions import Timeout  # noqa: PLC0415

    if isinstance(error.__cause__, NoConnectionError | Timeout):
        return "there is no internet from here"
    return " ".join(str(error).split())[:300]
