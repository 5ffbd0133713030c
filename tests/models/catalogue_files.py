"""Small catalogues and overlays, written to disk for tests."""

from pathlib import Path

ENTRY = """
  - code: "09009"
    slug: illegal_parking
    name_zh: 机动车乱停放
    name_en: Illegal motor-vehicle parking
    department: police
    severity: medium
    time_limit_hours: 2
    time_limit_clock: work
    source: standard
    rule:
      classes: [car]
      zones: [no_parking]
      same_object: true
      dwell_seconds: 600
"""
FURTHER = ENTRY.replace("09009", "09800").replace("illegal_parking", "further")


def written_catalogue(folder: Path, types: str = ENTRY) -> Path:
    """A catalogue of one department, two visual classes and these types."""
    (folder / "types").mkdir()
    (folder / "catalogue.yaml").write_text(
        'catalogue_version: "7"\ndepartments:\n  police: {zh: 公安, en: Police}\n',
        encoding="utf-8",
    )
    (folder / "visual_classes.yaml").write_text(
        "classes:\n  - {name: car, zh: 车, en: a car}\n  - {name: bus, zh: 公交车, en: a bus}\n",
        encoding="utf-8",
    )
    (folder / "types" / "one.yaml").write_text(
        f"major_class: {{zh: 街面秩序, en: Street order}}\ntypes:\n{types}", encoding="utf-8"
    )
    return folder


def written_overlay(folder: Path, fields: str, version: str = "city-1") -> Path:
    """An overlay file of its own name."""
    path = folder / f"{version}.yaml"
    path.write_text(f"overlay_version: {version}\n{fields}", encoding="utf-8")
    return path
