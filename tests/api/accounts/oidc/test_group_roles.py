"""The file that says what groups give."""

from pathlib import Path

import pytest

from api.accounts.oidc.group_roles import Granted, GroupRoles, GroupsFileError, read_group_roles
from api.accounts.role import Role


def test_without_a_file_no_group_gives_anything():
    assert read_group_roles(None).of(frozenset({"a"})) is None


def test_groups_of_one_unit_give_their_roles_together(tmp_path: Path):
    path = tmp_path / "groups.yaml"
    path.write_text(
        "- {group: a, roles: [viewer], unit: u1}\n- {group: b, roles: [handler], unit: u1}\n"
    )
    groups = read_group_roles(path)
    assert groups.of(frozenset({"a"})) == Granted(frozenset({Role.VIEWER}), "u1")
    both = Granted(frozenset({Role.VIEWER, Role.HANDLER}), "u1")
    assert groups.of(frozenset({"a", "b", "c"})) == both
    assert isinstance(groups, GroupRoles)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- {group: a, roles: [boss]}", "0.roles.0: Input should be 'collector'|none of the 13"),
        ("- {group: a, roles: []}", "at least 1 item"),
        ("- {roles: [viewer]}", "0.group: Field required"),
        ("- {group: a, roles: [viewer], units: u1}", "0.units: Extra inputs"),
        ("- {group: a, roles: [viewer], unit: a b}", "0.unit: String should match"),
        ("a: [", "expected"),
        ("a: 1", "Input should be a valid tuple"),
        ("", "Input should be a valid tuple"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, said: str):
    path = tmp_path / "groups.yaml"
    path.write_text(content)
    with pytest.raises(GroupsFileError, match=said) as refused:
        read_group_roles(path)
    assert str(path) in str(refused.value)


def test_a_file_that_is_missing_is_said_to_be(tmp_path: Path):
    with pytest.raises(GroupsFileError, match="No such file"):
        read_group_roles(tmp_path / "none.yaml")
