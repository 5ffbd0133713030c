from datetime import date

import pytest

from models.catalogue.error import CatalogueError
from models.catalogue.yaml_file import read_catalogue_yaml

SCALARS = """\
off: off
code: 06010
hours: 22:00
day: 2026-10-01
yes: true
none: null
left_out:
whole: 10
broken: 0.5
version: 2026.3a
"""


def test_what_yaml_1_1_would_take_for_something_else_stays_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(SCALARS)
    assert read_catalogue_yaml(path) == {
        "off": "off",
        "code": "06010",
        "hours": "22:00",
        "day": date(2026, 10, 1),
        "yes": True,
        "none": None,
        "left_out": None,
        "whole": 10,
        "broken": 0.5,
        "version": "2026.3a",
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: {c: 1,\n c: 2}\n", r"line 3, column 2: field 'c' stands twice"),
        (b"[a]: 1\n", r"line 1, column 1: a list or mapping stands where"),
        (b"a: [\n", r"line 2, column 1"),
        (b"a: !!python/name:os.system x\n", r"line 1, column 4: could not determine"),
        (b"\xff\xfe", "is no UTF-8 text"),
        (b"", "holds NoneType"),
        (b"a: 2026-02-30\n", "day is out of range"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, content, message):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=message) as refusal:
        read_catalogue_yaml(path)
    assert str(path) in str(refusal.value)
