"""kill -9 of `mailer send` by e-mail, around the last line of a message, and connections that break.

`make emails` sends 5,000. A test's messages all go to one address; whose they are, their headers say. What is
unknown is looked up in the Sent folder, into which the server puts what it takes.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.fakes.imap import mailbox_server
from tests.fakes.post import PASSWORD, Fault, MailServer, mail_server
from tests.mailservice.test_send import backdate
from tests.support.killing import killed
from tests.support.office import Office, begin
from tests.test_crash import many
from tests.test_crash_sending import CLOCK, ISSUE

pytestmark = pytest.mark.long
PIECES = int(os.environ.get("MAILER_EMAILS", "40"))
PART = PIECES // 20
STEPS = [
    *(f"before-end:{PART + 1}", f"after-end:{PART + 1}", "before-commit:3", f"after-end:{PART + 2}"),
    *(("before-commit:4", "after-commit:5") if PIECES > 1_000 else ()),
]
KILLS = 14 if PIECES > 1_000 else 4


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    with mailbox_server({"Sent": lambda: list(server.raw), "INBOX": list}, PASSWORD) as mailbox:
        office = begin(tmp_path / "office")
        table = f"""[smtp]
host = "127.0.0.1"
port = {server.port}
sign_in = "none"
test_to = "dana@cedarfinch.example"
per_minute = 0
per_day = 0
imap = "127.0.0.1"
imap_port = {mailbox.port}
sent = "Sent"
"""
        office.edit("mailer.toml", "[lead_times]", f"{table}\n[lead_times]")
        office.imports(many(PIECES))
        office.does("approve", ISSUE)
        yield office


def age(office: Office) -> int:
    """Ten minutes pass for what is open; how much that is."""
    with closing(sqlite3.connect(office.root / ".smtp-sent.db")) as database, database:
        changed = database.execute("UPDATE message SET begun = begun - 601 WHERE taken IS NULL")
        return changed.rowcount


def test_each_message_goes_once(office: Office, server: MailServer) -> None:
    began, opened = time.monotonic(), 0
    for number, (step, hours) in enumerate(zip(islice(cycle(STEPS), KILLS), cycle(CLOCK))):
        server.faults = [
            Fault("drop-after" if number % 2 else "lose"),
            Fault("drop-before", times=2),
            Fault("refuse", reply="451 4.3.0 later", times=3),
        ]
        killed(office, step, "send", ISSUE)
        assert max(server.copies().values(), default=1) == 1, f"a message went twice after {step}"
        backdate(office, hours)
        opened += age(office)
    server.faults = []
    office.does("send", ISSUE)
    assert server.copies() == {f"2026-12-N-{number:04}": 1 for number in range(1, PIECES + 1)}
    assert Counter(status for _, status in office.pieces(ISSUE)) == {"accepted": PIECES}
    assert len(set(server.ids)) == PIECES
    assert opened >= KILLS
    office.does("ledger", "verify")
    print(  # noqa: T201 (`make emails` shows it)
        f"\n{PIECES:,} e-mails through {KILLS} times kill -9 and as many lost answers: each taken "
        f"once; {opened} were open in between and were looked up; {time.monotonic() - began:.0f} s"
    )
