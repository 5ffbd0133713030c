from pathlib import Path

import pytest

from models.ultralytics_export import ultralytics_is_installed
from tests.models.tiny_weights import write_tiny_weights


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of an untrained model of the classes car and boat."""
    if not ultralytics_is_installed():
        pytest.skip("the extra 'train' (ultralytics, onnx) is not installed")
    return write_tiny_weights(tmp_path_factory.mktemp("weights") / "tiny model.pt")
