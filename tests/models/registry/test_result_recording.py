"""A result takes the place of the same measurement, and of no other."""

from pathlib import Path

from models.model_version import parse_model_version
from models.registry.folder_registry import FolderRegistry
from models.registry.result_recording import record_result
from tests.models.registered import write_draft
from tests.models.registry.test_comparison import set_result


def test_what_a_stand_in_was_measured_with_stays(tmp_path: Path):
    registry = FolderRegistry(tmp_path / "registry")
    by_stand_in = set_result("street", 0.3, by_stand_in=True)
    draft = write_draft(tmp_path / "m", "m@1", results=[set_result("street", 0.6), by_stand_in])
    registry.add(draft)
    version = parse_model_version("m@1")
    own = registry.card(version).results[0]

    record_result(registry, version, own.model_copy(update={"map50": 0.7}))

    kept = {one.by_stand_in: one.map50 for one in registry.card(version).results}
    assert kept == {False: 0.7, True: 0.3}
