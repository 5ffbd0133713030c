import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.cards.artefact import ArtefactFile
from models.cards.model_card import CARD_FILE_NAME, ModelCardError, ModelFileError, sha256_of
from models.cards.stored_model import files_of, load_model
from models.model_version import ModelVersionError, parse_model_version
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import ModelVersionTakenError, RegistryError, UnknownModelVersionError
from models.registry.shipped_weights import RegistryWithShipped
from models.visual_class import visual_class_name
from tests.colour_model import write_colour_model
from tests.models.registered import install, write_draft

ONE = parse_model_version("squares@1")


def test_an_added_version_is_whole_and_the_draft_stays(registry: Path, tmp_path: Path):
    draft = write_draft(tmp_path / "draft", "squares@1")
    added = FolderRegistry(registry).add(draft)
    assert added.folder == registry / "squares" / "1"
    assert load_model(draft).card == added.card == FolderRegistry(registry).card(ONE)
    assert FolderRegistry(registry).fetch(ONE) == added
    assert sorted(path.name for path in registry.rglob("*")) == [
        "1",
        CARD_FILE_NAME,
        "model.onnx",
        "squares",
    ]


def test_versions_come_by_name_and_the_newest_first(registry: Path):
    for version, day in (("b@1", 1), ("b@2", 3), ("b@0", 2), ("a@1", 1)):
        install(registry, version, created_at=datetime(2026, 1, day, tzinfo=UTC))
    install(registry, "b@undated")
    assert list(map(str, FolderRegistry(registry).versions())) == [
        "a@1",
        "b@2",
        "b@0",
        "b@1",
        "b@undated",
    ]


def test_a_registry_that_is_not_there_holds_nothing(registry: Path):
    assert FolderRegistry(registry).versions() == []
    with pytest.raises(UnknownModelVersionError, match=r"squares@1 is not in .*models list"):
        FolderRegistry(registry).fetch(ONE)


def test_adding_again_does_nothing_whenever_it_was_made(registry: Path, tmp_path: Path):
    first = install(registry, "squares@1", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    again = write_draft(tmp_path / "again", "squares@1", created_at=datetime.now(UTC))
    assert FolderRegistry(registry).add(again) == first


def test_other_content_under_the_same_version_is_refused(registry: Path, tmp_path: Path):
    install(registry, "squares@1")
    other = write_draft(tmp_path / "other", "squares@1", licence="MIT")
    with pytest.raises(ModelVersionTakenError, match=r"squares@1 .*never changes.*--version"):
        FolderRegistry(registry).add(other)
    assert FolderRegistry(registry).card(ONE).licence == "AGPL-3.0-or-later"


def test_a_torn_draft_leaves_nothing(registry: Path, tmp_path: Path):
    draft = write_draft(tmp_path / "draft", "squares@1")
    (draft / "model.onnx").write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="changed or torn"):
        FolderRegistry(registry).add(draft)
    assert not registry.exists()


def test_a_mismatch_names_the_file_both_hashes_and_the_way_out(registry: Path):
    model = install(registry, "squares@1")
    path = model.folder / "model.onnx"
    written = model.card.artefacts[0].files[0].sha256
    path.write_bytes(b"swapped")
    for check in (
        lambda: model.path_of(model.card.artefacts[0]),
        lambda: FolderRegistry(registry).fetch(ONE),
    ):
        with pytest.raises(ModelFileError) as caught:
            check()
        for word in (str(path), written, sha256_of(path), "delete its folder"):
            assert word in str(caught.value)


def test_every_file_of_an_artefact_and_the_self_tests_picture_are_checked(
    registry: Path, tmp_path: Path
):
    draft = write_draft(tmp_path / "draft", "squares@1")
    for name in ("a.xml", "a.bin", "street.jpg"):
        (draft / name).write_text(name)
    files = [{"path": name, "sha256": sha256_of(draft / name)} for name in ("a.xml", "a.bin")]
    picture = {"path": "street.jpg", "sha256": sha256_of(draft / "street.jpg")}
    expected = [{"visual_class": "car", "box": (0, 0, 1, 1)}]
    write_draft(
        draft,
        "squares@1",
        artefacts=[{"format": "openvino", "precision": "int8", "files": files}],
        self_test={"picture": picture, "expected": expected},
    )
    model = FolderRegistry(registry).add(draft)
    assert [file.path for file in files_of(model.card)] == ["a.xml", "a.bin", "street.jpg"]
    assert model.path_of(model.card.artefacts[0]).name == "a.xml"
    (model.folder / "a.bin").write_text("swapped")
    with pytest.raises(ModelFileError, match=r"a\.bin"):
        model.path_of(model.card.artefacts[0])
    (model.folder / "street.jpg").unlink()
    with pytest.raises(ModelFileError, match=r"street\.jpg cannot be read"):
        model.checked(ArtefactFile.model_validate(picture))


def test_many_threads_add_the_same_version(registry: Path, tmp_path: Path):
    draft = write_draft(tmp_path / "draft", "squares@1")
    added = []
    threads = [
        threading.Thread(target=lambda: added.append(FolderRegistry(registry).add(draft)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(added) == 8
    assert [path.name for path in registry.iterdir()] == ["squares"]


def test_a_registry_that_cannot_be_written(tmp_path: Path):
    (tmp_path / "file").touch()
    draft = write_draft(tmp_path / "draft", "squares@1")
    with pytest.raises(RegistryError, match=r"file.* cannot be written: .*--registry"):
        FolderRegistry(tmp_path / "file" / "registry").add(draft)


def test_what_is_no_version_is_a_fault(registry: Path):
    install(registry, "good@1")
    install(registry, "moved@1").folder.rename(registry / "moved" / "2")
    install(registry, "bad@1").folder.joinpath(CARD_FILE_NAME).write_text("name: [")
    write_colour_model(registry / "yolo-0123-640")
    write_colour_model(registry / ".adding-half" / "entry")
    content = FolderRegistry(registry).content()
    assert [str(card.model_version) for card in content.cards] == ["good@1"]
    problems = {fault.place: fault.problem for fault in content.faults}
    assert set(problems) == {"bad/1", "moved/2", "yolo-0123-640"}
    assert "move its folder to moved/1" in problems["moved/2"]
    assert "outdated" in problems["yolo-0123-640"]
    with pytest.raises(ModelCardError, match="move its folder to moved/1"):
        FolderRegistry(registry).card(parse_model_version("moved@2"))


def test_the_shipped_models_stand_behind_ones_own(registry: Path, tmp_path: Path):
    install(tmp_path / "shipped", "street@1")
    both = RegistryWithShipped(FolderRegistry(registry), FolderRegistry(tmp_path / "shipped"))
    both.add(write_draft(tmp_path / "draft", "street@2"))
    assert list(map(str, both.versions())) == ["street@2", "street@1"]
    shipped, own = (parse_model_version(f"street@{number}") for number in (1, 2))
    assert both.is_shipped(shipped)
    assert not both.is_shipped(own)
    assert both.fetch(own).folder.is_relative_to(registry)
    same = write_draft(tmp_path / "same", "street@1")
    assert both.add(same) == both.fetch(shipped)
    other = write_draft(tmp_path / "other", "street@1", licence="MIT")
    with pytest.raises(ModelVersionTakenError, match="CityPatrol brings along"):
        both.add(other)
    assert sorted(path.name for path in (registry / "street").iterdir()) == ["2"]


@pytest.mark.parametrize(
    "text", ["street", "street@", "@1", "Street@1", "a/b@1", "a@../b", "a@1\n"]
)
def test_what_is_no_version(text: str):
    with pytest.raises(ModelVersionError, match="NAME@VERSION"):
        parse_model_version(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("car", "car"),
        ("Traffic light", "traffic_light"),
        ("fire-hydrant", "fire_hydrant"),
        (" e bike/moped ", "e_bike_moped"),
        ("垃圾", ""),
    ],
)
def test_visual_class_of_a_name(name: str, expected: str):
    assert visual_class_name(name) == expected
