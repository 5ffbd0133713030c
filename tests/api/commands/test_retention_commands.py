"""``citypatrol retention``, as an operator types it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from api.settings import ApiSettings
from tests.api.running_api import JPEG, RunningApi

REPOSITORY = Path(__file__).parents[3]


def typed(settings: ApiSettings, word: str) -> subprocess.CompletedProcess[str]:
    address = settings.database_url.get_secret_value()
    return typed_for(settings.data_dir, "retention", word, CITYPATROL_API_DATABASE_URL=address)


def typed_for(data_dir: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables, "COLUMNS": "120"}
    command = [sys.executable, "citypatrol.py", *words]
    return subprocess.run(
        [*command, "--data-dir", str(data_dir)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def cells(shown: str, name: str) -> list[str]:
    (line,) = [line for line in shown.splitlines() if name in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_due_picture_is_shown_run_and_verified(fresh_api: RunningApi):
    settings = fresh_api.settings
    picture = fresh_api.add_evidence()
    assert cells(typed(settings, "show").stdout, "unused")[1:] == ["24 h", "1", "0", "0", "1"]
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        connection.execute("UPDATE evidence SET received_at = now() - interval '49 hours'")
    overdue = typed(settings, "verify")
    assert overdue.returncode == 1
    assert f"picture {picture} (unused, of nothing) was due at" in overdue.stderr
    assert cells(typed(settings, "show").stdout, "unused")[1:] == ["24 h", "1", "0", "1", "0"]
    assert cells(typed(settings, "run").stdout, "unused") == ["unused", "1"]
    assert fresh_api.reader.get(f"/v1/evidence/{picture}").status_code == 410
    verified = typed(settings, "verify")
    assert verified.returncode == 0, verified.stderr
    assert "1 were deleted, and nothing is left of them" in verified.stdout
    file = settings.data_dir / "evidence" / picture[:2] / picture[2:4] / f"{picture}.jpg"
    file.write_bytes(JPEG)
    os.utime(file, (0, 0))
    again = typed(settings, "verify")
    assert again.returncode == 1
    assert "though the picture was deleted at" in again.stderr


@pytest.mark.parametrize("words", [("retention", "verify"), ("audit", "verify"), ("audit", "list")])
def test_mistyped_folder_proves_nothing(tmp_path: Path, words: tuple[str, ...]):
    folder = tmp_path / "mistyped"
    answer = typed_for(folder, *words)
    assert answer.returncode == 1
    assert f"data_dir {folder} has no database" in answer.stderr.replace("\n", " ")
    assert "--data-dir" in answer.stderr
    assert not folder.exists()
