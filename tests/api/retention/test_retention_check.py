"""The check finds what should not be there, and the first of it by name."""

import os
from datetime import UTC, datetime

import psycopg
import pytest

from api.accounts.audit_log import TamperedAuditError
from api.retention.retention_check import RetentionViolationError
from tests.api.retention.conftest import DAY, MOMENT, Vault, jpeg


def deleted_picture(vault: Vault) -> tuple[str, datetime]:
    picture = vault.upload()
    due = vault.moment("evidence", "received_at", "sha256", picture) + DAY
    assert vault.run(due) == {"unused": 1}
    return picture, due


def test_proof_that_was_changed(vault: Vault):
    picture, due = deleted_picture(vault)
    change = 'UPDATE audit_records SET details = details || \'{"class": "confirmed"}\' '
    with pytest.raises(psycopg.errors.RaiseException, match="audit_records only grows"):
        vault.execute(f"{change} WHERE subject = %s", picture)
    vault.execute("ALTER TABLE audit_records DISABLE TRIGGER only_grows")
    vault.execute(f"{change} WHERE subject = %s AND action = 'delete_picture'", picture)
    with pytest.raises(TamperedAuditError, match=r"was changed .*delete_picture"):
        vault.check(due)


def test_file_that_is_there_again(vault: Vault):
    picture, due = deleted_picture(vault)
    vault.path(picture).write_bytes(jpeg())
    with pytest.raises(
        RetentionViolationError, match=rf"{picture} .* though the picture was deleted at"
    ):
        vault.check(due + DAY)
    assert vault.take_in(due + DAY) == 1
    assert vault.run(due + 2 * DAY) == {"unused": 1}
    assert vault.check(due + 2 * DAY).kept == 0


def test_row_that_is_there_again(vault: Vault):
    picture, due = deleted_picture(vault)
    vault.execute(
        "INSERT INTO evidence (sha256, size, media_type) VALUES (%s, 1, 'image/jpeg')", picture
    )
    with pytest.raises(RetentionViolationError, match=f"picture {picture} was deleted at"):
        vault.check(due)


def test_file_that_no_row_knows(vault: Vault):
    picture = vault.upload()
    vault.execute("DELETE FROM evidence")
    now = datetime.now(UTC)
    # It may be one whose row is being written.
    assert vault.check(now).kept == 0
    old = (now - DAY).timestamp()
    os.utime(vault.path(picture), (old, old))
    with pytest.raises(RetentionViolationError, match=f"{picture} .* no row knows it"):
        vault.check(now)
    assert vault.take_in(now) == 1
    assert vault.run(now + MOMENT) == {"unused": 1}
    assert not vault.path(picture).exists()
    assert vault.check(now + MOMENT).deletions == 1


def test_what_a_crash_left_of_an_upload(vault: Vault):
    half = vault.path(vault.upload()).with_name("new-abc123")
    half.write_bytes(b"\xff\xd8")
    now = datetime.now(UTC) + DAY / 2
    with pytest.raises(RetentionViolationError, match="file new-abc123 of"):
        vault.check(now)
    assert vault.take_in(now) == 1
    assert not half.exists()
    assert vault.check(now).kept == 1


def test_picture_that_is_overdue(vault: Vault):
    picture = vault.upload()
    event_id = vault.gone_event(0, picture)
    due = vault.moment("events", "updated_at", "event_id", event_id) + DAY
    assert vault.check(due + DAY - MOMENT).kept == 1
    said = rf"picture {picture} \(unconfirmed, event {event_id}\) was due at {due:%Y-%m-%dT%H:%M}"
    with pytest.raises(RetentionViolationError, match=said):
        vault.check(due + DAY)


def test_preview_that_is_overdue(vault: Vault):
    now = datetime.now(UTC)
    vault.execute("INSERT INTO camera_previews VALUES ('north-gate', 'x', 'y', %s)", now)
    assert vault.check(now + 2 * DAY - MOMENT).kept == 0
    with pytest.raises(RetentionViolationError, match="camera north-gate is of"):
        vault.check(now + 2 * DAY)
