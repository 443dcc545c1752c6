"""`mailer webhooks` as a process: what it starts with, what may go wrong beside it, how it ends."""

from __future__ import annotations

import shutil
import signal
import socket
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.office import RATES, Office
from tests.web.receiver import letters, receiving, webhook

pytestmark = pytest.mark.long


def test_the_profile_is_read_anew_for_what_comes_later(office_of: Office) -> None:
    """A closed day that is entered while the server runs counts at once."""
    with receiving(office_of) as server:
        profile = office_of.root / "mailer.toml"
        closing = '[[closings]]\ncalendar = "usps"\nday = 2026-11-25\nreason = "flood"\n'
        profile.write_text(profile.read_text() + "\n" + closing)
        assert server.posts(webhook(letters(office_of)[1], "mailed")) == 200
    counts = office_of.rows("SELECT dropped_on, counts_on FROM piece WHERE number = 1")
    assert [str(day) for day in counts[0]] == ["2026-11-25", "2026-11-27"]  # the 26th is Thanksgiving


def test_a_profile_that_is_broken_while_it_runs(office_of: Office) -> None:
    body = webhook(letters(office_of)[1], "mailed")
    with receiving(office_of) as server:
        profile = office_of.root / "mailer.toml"
        whole = profile.read_text()
        profile.write_text(whole + '\nlines = "none"\n')
        assert server.answers(body) == (503, "try again\n")
        profile.write_text(whole)
        assert server.posts(body) == 200
        server.ends()
    assert "503: not recorded (`mailer status` says why)\n" in server.said
    assert office_of.pieces()[0] == (1, "mailed")


def test_a_database_that_is_away_makes_lob_try_again(office_of: Office) -> None:
    body = webhook(letters(office_of)[1], "mailed")
    database, away = office_of.root / "mailer.db", office_of.root / "away"
    with receiving(office_of) as server:
        for path in office_of.root.glob("mailer.db*"):
            away.mkdir(exist_ok=True)
            path.rename(away / path.name)
        database.mkdir()  # nothing can be opened there
        assert server.answers(body) == (503, "try again\n")
        database.rmdir()
        for path in away.iterdir():
            path.rename(office_of.root / path.name)
        assert server.posts(body) == 200
        server.ends()
    assert office_of.pieces()[0] == (1, "mailed")


def test_a_database_that_refuses_is_named_without_what_was_told(office_of: Office) -> None:
    """SQLite's own error repeats the statement and all that was to be written."""
    with sqlite3.connect(office_of.root / "mailer.db") as database:
        database.execute("CREATE TRIGGER no BEFORE INSERT ON tracking BEGIN SELECT RAISE(ABORT, 'no'); END")
    with receiving(office_of) as server:
        assert server.answers(webhook(letters(office_of)[1], "mailed")) == (503, "try again\n")
        server.ends()
    assert "503: not recorded (the database refuses what is written: somebody added a rule" in server.said
    assert "INSERT" not in server.said


def test_a_reader_of_its_lines_that_left(office_of: Office) -> None:
    """As `mailer webhooks 2>&1 | head` does: what is committed is answered all the same."""
    body = webhook(letters(office_of)[1], "mailed")
    with receiving(office_of) as server:
        assert server.process.stderr is not None
        server.process.stderr.close()
        assert server.answers(body) == (200, "recorded\n")
        assert server.answers(b"{}", {}) == (401, "there is no signature.\n")
    assert office_of.pieces()[0] == (1, "mailed")


def test_a_backup_that_is_restored_while_it_runs(office_of: Office, tmp_path: Path) -> None:
    """The file that it had open is gone: what is answered now must be in the one that is there."""
    backup = office_of.copy(tmp_path / "backup").root / "mailer.db"
    letter = letters(office_of)[1]
    with receiving(office_of) as server:
        assert server.posts(webhook(letter, "created")) == 200
        for path in office_of.root.glob("mailer.db*"):
            path.unlink()
        shutil.copy(backup, office_of.root / "mailer.db")
        assert server.posts(webhook(letter, "mailed")) == 503  # an older copy records nothing
        office_of.does("settle", "--not-by", "lob", "--not-printed", RATES)
        assert server.posts(webhook(letter, "mailed")) == 200
    assert office_of.rows("SELECT provider_kind FROM tracking") == [("mailed",)]
    assert office_of.pieces()[0] == (1, "mailed")


def test_without_a_secret_it_does_not_start(office_of: Office) -> None:
    bare = replace(office_of, environ={})
    assert "an unsigned event is never believed" in bare.does("webhooks", "--port", "0", exits=1).said


def test_a_secret_that_is_no_text_does_not_start(office_of: Office) -> None:
    wrong = replace(office_of, environ={"LOB_WEBHOOK_SECRET": "\udcff\udcfe"})
    said = wrong.does("webhooks", "--port", "0", exits=1).said
    assert "there is no secret for Lob's webhooks, or no plain one" in said


def test_a_name_that_is_no_address(office_of: Office) -> None:
    said = office_of.does("webhooks", "--port", "0", "--host", "é" * 300, exits=1).said
    assert "can't listen there: no such address." in said


def test_a_port_that_is_taken(office_of: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert "can't listen there" in office_of.does("webhooks", "--port", port, exits=1).said


def test_ctrl_c_finishes_what_is_under_way(office_of: Office) -> None:
    with receiving(office_of) as server:
        assert server.ends(signal.SIGINT)[0] == 0
