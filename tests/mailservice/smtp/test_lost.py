"""`settle --lost`: nothing that may have gone goes again before somebody said that it did not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.lob import Handle
from tests.fakes.post import MailServer
from tests.support.copies import backup, restored
from tests.support.office import RATES, Office

TO_DANA = '\ntest_to = "dana@cedarfinch.example"'
LABELS = [f"{RATES}-L-000{number}" for number in (1, 2, 3, 4)]
LOST = ("settle", "--not-by", "lob", "--lost", "smtp")


@pytest.fixture
def tried(wired: Office, server: MailServer, tmp_path: Path) -> Office:
    """Sent to the firm itself, copied, then sent for real; the copy, whose journal is lost."""
    wired.edit("mailer.toml", 'sign_in = "none"', f'sign_in = "none"{TO_DANA}')
    wired.does("send", RATES)
    file = backup(wired)
    server.taken.clear()
    for office in (wired, again := restored(wired, file, tmp_path / "again")):
        office.edit("mailer.toml", TO_DANA, "")
    wired.does("send", RATES, "--yes")
    return again


def test_what_was_only_tried_when_it_was_copied(tried: Office, server: MailServer) -> None:
    assert f"--not-printed {RATES}" in tried.does(*LOST, exits=1).said
    assert "4 pieces may have gone since" in tried.does(*LOST, "--not-printed", RATES).said
    tried.does("send", RATES, "--yes", exits=4)
    assert server.copies() == dict.fromkeys(LABELS, 1)
    tried.does("send", RATES, "--yes", *(word for label in LABELS for word in ("--taken", label)))
    assert [status for _, status in tried.pieces()] == ["mailed"] * 4
    assert server.copies() == dict.fromkeys(LABELS, 1)
    tried.does("ledger", "verify")


@pytest.mark.parametrize("value", ["'x'", "9e999", "x'00'"])
def test_a_journal_that_somebody_edited(wired: Office, value: str) -> None:
    """It was called what it was not made for."""
    wired.does("send", RATES, "--yes")
    with closing(sqlite3.connect(wired.root / ".smtp-sent.db")) as journal, journal:
        journal.execute(f"UPDATE message SET begun = {value}")  # noqa: S608
        journal.execute(f"UPDATE folder SET begun = {value}")  # noqa: S608
    said = wired.does("track", exits=1).said
    assert "the file that tells which e-mails went cannot be used (something in it is not of the kind" in said


def test_what_was_only_tried_and_then_printed(real: Office, fake_lob: Handle, tmp_path: Path) -> None:
    tested = real.by_lob(fake_lob.base)
    tested.does("send", RATES)
    copy = restored(tested, backup(tested), tmp_path / "again")
    live = copy.by_lob(fake_lob.base, key="live_key")
    assert f"{RATES}: 4 pieces. Say --not-printed" in live.does("settle", exits=1).said
    other = replace(live, root=live.copy(tmp_path / "other").root)
    live.does("settle", "--printed", RATES)
    assert [status for _, status in live.pieces()] == ["produced"] * 4
    assert "in a job already" in live.does("print", RATES, exits=1).said
    other.does("settle", "--not-printed", RATES)
    other.does("send", RATES, "--yes")
    for office in (live, other):
        office.does("ledger", "verify")
