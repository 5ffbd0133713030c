"""The node's secret: made once, closed to others, another for each purpose."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.accounts.secret_key import FILE_NAME, SecretKeyError, secret_of


def key_of(folder: Path, given: str | None = None) -> bytes:
    return secret_of(folder, given).for_purpose("tests")


def test_it_is_made_once_and_closed_to_others(tmp_path: Path):
    folder = tmp_path / "new" / "data"
    first = key_of(folder)
    file = folder / FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key_of(folder) == first
    assert [one.name for one in folder.iterdir()] == [FILE_NAME]
    assert key_of(tmp_path) != first


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path):
    secret = secret_of(tmp_path, None)
    assert len(secret.for_purpose("a")) == 32
    assert secret.for_purpose("a") != secret.for_purpose("b")
    assert (tmp_path / FILE_NAME).read_text() not in repr(secret)


def test_of_many_that_start_at_once_all_have_the_same(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(key_of, [tmp_path] * 32))
    assert len(keys) == 1


def test_one_that_was_set_is_taken(tmp_path: Path):
    assert key_of(tmp_path, "x" * 32) == key_of(tmp_path / "elsewhere", "x" * 32)
    assert not (tmp_path / FILE_NAME).exists()
    with pytest.raises(SecretKeyError, match="has 31 characters and needs 32"):
        key_of(tmp_path, "x" * 31)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [("x" * 64, 0o644, "is open to others; `chmod 600"), ("short", 0o600, "holds 5 characters")],
)
def test_a_file_that_keeps_no_secret_is_refused(tmp_path: Path, content, mode, said):
    file = tmp_path / FILE_NAME
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(SecretKeyError, match=said):
        key_of(tmp_path)
