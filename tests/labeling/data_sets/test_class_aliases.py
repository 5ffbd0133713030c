from pathlib import Path

import pytest

from labeling.data_sets.class_aliases import ClassAliasesError, load_class_aliases


@pytest.mark.parametrize(
    ("name", "visual"),
    [
        ("garbage", ("garbage_pile",)),
        ("Vehicle", ("car", "bus", "truck", "motorcycle")),
        ("traffic light", ("traffic_light",)),
        ("window_ad", ("window_ad",)),
    ],
)
def test_built_in_names(name: str, visual: tuple[str, ...]):
    assert load_class_aliases().visual_classes(name) == visual


def test_names_in_other_scripts_need_an_entry(tmp_path: Path):
    path = tmp_path / "aliases.yaml"
    path.write_text("垃圾: garbage_pile\n", encoding="utf-8")
    aliases = load_class_aliases(path)

    assert aliases.visual_classes("垃圾") == ("garbage_pile",)
    with pytest.raises(ClassAliasesError, match="no visual class is known for the class '烟'"):
        aliases.visual_classes("烟")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("car: Big Car", "car.*Big Car"),
        ("car: []", "car"),
        ("- car", "valid dictionary"),
        ("car: [", "cannot be read"),
    ],
)
def test_wrong_file_is_an_error(tmp_path: Path, content: str, said: str):
    path = tmp_path / "aliases.yaml"
    path.write_text(content)

    with pytest.raises(ClassAliasesError, match=said):
        load_class_aliases(path)


def test_absent_file_is_an_error(tmp_path: Path):
    with pytest.raises(ClassAliasesError, match="cannot be read"):
        load_class_aliases(tmp_path / "none.yaml")
