"""The shared folder: pictures, clips and data sets that lie beside the repository."""

import os
from pathlib import Path


def shared_folder() -> Path:
    """``$CITYPATROL_SHARED``, or ``shared`` beside the repository; it need not be there."""
    beside_repository = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("CITYPATROL_SHARED") or beside_repository)
