"""`citypatrol users` and `citypatrol audit`, on a database."""

import os
import pty
import subprocess

import psycopg

from api.accounts.role import Role
from tests.api.running_api import PASSWORD, make_user
from tests.api.test_server import CITYPATROL


def given(address: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CITYPATROL, *arguments],
        env={**os.environ, "CITYPATROL_API_DATABASE_URL": address, "COLUMNS": "200"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_user_is_made_changed_and_what_was_done_is_kept(database_url: str):
    def run(*arguments: str, stdin: str = "", fails: bool = False) -> str:
        done = given(database_url, *arguments, stdin=stdin)
        assert (done.returncode != 0) == fails, done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        return done.stdout + done.stderr

    make = ("users", "create", "li.na", "--name", "李娜", "--role", "dispatcher")
    make += ("--role", "viewer", "--unit", "u1", "--password-stdin")
    assert "li.na may sign in" in run(*make, stdin=f"{PASSWORD}\n")
    assert "is taken" in run(*make, stdin=f"{PASSWORD}\n", fails=True)
    assert "holds no password" in run(*make, fails=True)
    assert "15 to 256 characters, this one 5" in run(*make, stdin="short\n", fails=True)
    assert "no terminal to ask for the password on" in run(*make[:-1], fails=True)
    assert "signed out" in run("users", "roles", "li.na", "--role", "auditor")
    assert "signed out" in run("users", "disable", "li.na")
    listed = run("users", "list")
    for said in ("li.na", "李娜", "auditor", "u1", "no"):
        assert said in listed
    assert "signed out" in run("users", "enable", "li.na")
    new = "mountains do not walk away"
    assert "signed out" in run("users", "password", "li.na", "--password-stdin", stdin=new)
    assert "no user has the login 'nobody'" in run("users", "disable", "nobody", fails=True)
    key = run("keys", "create", "wall", "--scope", "read", "--days", "7").strip()
    run("keys", "revoke", "wall")

    kept = run("audit", "list")
    assert new not in kept
    assert key not in kept
    for action in ("make_user", "change_user", "make_key", "revoke_key"):
        assert action in kept
    assert kept.count("change_user") == 4
    assert len(run("audit", "list", "--limit", "1").splitlines()) < len(kept.splitlines())
    assert "7 records, all as they were written" in run("audit", "verify")

    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE audit_records DISABLE TRIGGER ALL")
        connection.execute("UPDATE audit_records SET subject = 'x' WHERE number = 3")
    assert "audit record 3 was changed" in run("audit", "verify", fails=True)


def test_the_password_is_asked_for_without_echo(database_url: str):
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [*CITYPATROL, "users", "create", "li.na", "--name", "Li Na", "--role", "viewer"],
        env={**os.environ, "CITYPATROL_API_DATABASE_URL": database_url},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for asked in (b"characters: ", b"confirmation: "):
        while asked not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, f"{PASSWORD}\n".encode())
    while b"may sign in" not in shown:
        shown += os.read(ours, 1000)
    assert child.wait(30) == 0
    os.close(ours)
    assert PASSWORD.encode() not in shown


def test_the_last_administrator_is_not_locked_out(database_url: str):
    make_user(database_url, Role.ADMINISTRATOR, login="li.na")
    for change in (("disable", "li.na"), ("roles", "li.na", "--role", "viewer")):
        refused = given(database_url, "users", *change)
        assert refused.returncode != 0
        assert "'li.na' is the last administrator" in refused.stdout + refused.stderr
