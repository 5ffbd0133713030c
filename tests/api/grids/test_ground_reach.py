"""Which cells lie on a unit's ground."""

import pytest

from api.grids.ground_reach import EVERYWHERE, NOWHERE, GroundPart, GroundReach, _parts

NORTH, SOUTH = "440305001001001", "440305002001001"


@pytest.mark.parametrize(
    ("ours", "others", "inside", "outside"),
    [
        (["440305001"], ["440305", "440305002"], [NORTH], [SOUTH, "110101001001001", None]),
        (["440305", "440305001", "440305002"], [], [NORTH, SOUTH], ["110101001001001"]),
        (["440305"], ["440305002"], [NORTH], [SOUTH]),
        (["440305", "440305002001"], ["440305002"], [NORTH, SOUTH], ["440305002002001"]),
        (["110101", "440305002"], [], ["110101001001001", SOUTH], [NORTH]),
        ([], ["440305"], [], [NORTH, None]),
    ],
)
def test_cell_is_of_the_area_that_matches_it_longest(ours, others, inside, outside):
    reach = GroundReach(_parts(ours, others))
    assert [one for one in (*inside, *outside) if reach.covers(one)] == inside


def test_everywhere_is_also_what_lies_in_no_cell():
    assert EVERYWHERE.covers(None)
    assert not NOWHERE.covers(NORTH)


def test_areas_within_areas_are_one_part():
    assert _parts(["440305", "440305001", "440305002"], []) == (GroundPart("440305"),)
