"""Bounces: read from a folder of .eml files or by IMAP, recorded as returned, and what that undoes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from mailer.cli.main import run
from mailer.mailservice.smtp import mailbox
from mailer.mailservice.smtp.wire import Mailbox
from tests.fakes.imap import mailbox_server
from tests.fakes.lines import line_server
from tests.fakes.post import PASSWORD, MailServer
from tests.support.office import RATES, Office, page_texts

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))


def bounce(server: MailServer, piece: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """As a server writes it (RFC 3464), about the letter that it was given."""
    letter = server.one(piece)
    to = str(letter["To"]).partition("<")[2].rstrip(">")
    return f"""\
Date: {format_datetime(datetime.now(UTC))}
From: MAILER-DAEMON@mail.example
To: office@cedarfinch.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

This is the mail system at host mail.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{to}>: user unknown

--b
Content-Type: message/rfc822

Message-ID: {letter["Message-ID"]}
Subject: New rates for hourly work

--b--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def sent(wired: Office) -> Office:
    wired.edit("mailer.toml", "per_minute = 0", 'per_minute = 0\nbounce_folder = "bounces"')
    (wired.root / "bounces").mkdir()
    wired.does("send", RATES, "--yes")
    return wired


def put(office: Office, name: str, content: bytes) -> Path:
    path = office.root / "bounces" / name
    path.write_bytes(content)
    return path


def test_a_bounce_is_a_return_and_undoes_the_notice(sent: Office, server: MailServer) -> None:
    put(sent, "1.eml", bounce(server, L2))
    ran = sent.does("track")
    assert f"mailed → returned, 1: {L2}" in ran.said
    assert f"TOLD {L2}: ada@ash.example: 550 5.1.1 <ada@ash.example>: user unknown" in ran.said
    again = sent.does("track")
    assert "0 new events, 0 moved on" in again.said
    assert "ada@ash.example" not in again.said
    found = sent.checked()
    assert {number: found[number]["state"] for number in ("N-1", "N-3", "N-4")} == {
        "N-1": "returned",
        "N-3": "running",
        "N-4": "running",
    }
    sent.does("ledger", "verify")
    payloads = [str(payload) for (payload,) in sent.rows("SELECT payload FROM event")]
    assert any("bounced 5.1.1" in payload for payload in payloads)
    assert not any("ada@ash.example" in payload for payload in payloads)  # so that `forget` can drop it


def test_late_is_no_return(sent: Office, server: MailServer) -> None:
    put(sent, "1.eml", bounce(server, L2, action="delayed", status="4.4.1"))
    assert "0 moved on" in sent.does("track").said
    assert [status for _, status in sent.pieces()] == ["mailed"] * 4


def test_what_is_none_of_ours_is_said_and_stops_nothing(sent: Office, server: MailServer) -> None:
    strange = bounce(server, L2).replace(b"Message-ID: <", b"Message-ID: <0")
    put(sent, "1.eml", strange)
    put(sent, "2.eml", b"\0" * 5_000_000)
    put(sent, "3.eml", b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\n" * 100_000)
    put(sent, "4.eml", b"From: Bo <bo@birch.example>\r\nSubject: unsubscribe 2026-12-N-0002\r\n\r\n")
    put(sent, "5.txt", bounce(server, L3))
    (sent.root / "bounces" / "6.eml").mkdir()
    put(sent, "7.eml", bounce(server, L4))
    ran = sent.does("track")
    assert f"mailed → returned, 1: {L4}" in ran.said
    assert "A message to ada@ash.example came back that was not sent from here." in ran.said
    assert "Bo <bo@birch.example> wants no more newsletters (2026-12-N-0002)" in ran.said
    assert "mailer clients mark CLIENT opted-out" in ran.said


def test_a_folder_that_is_not_there(sent: Office) -> None:
    (sent.root / "bounces").rmdir()
    assert "the mailbox can't be read" in sent.does("track", exits=4).said


def test_a_folder_of_somebody_unknown(wired: Office) -> None:
    wired.edit("mailer.toml", "per_minute = 0", 'per_minute = 0\nbounce_folder = "~nobody-of-that-name/in"')
    said = wired.does("send", RATES, "--dry-run", exits=1).said
    assert "mailer.toml [smtp]: bounce_folder can't be one: Could not determine home directory." in said


@pytest.fixture
def inbox(wired: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    messages: list[bytes] = []
    with mailbox_server({"INBOX": lambda: messages}, PASSWORD) as inbox:
        wired.edit(
            "mailer.toml", "per_minute = 0", f'per_minute = 0\nimap = "127.0.0.1"\nimap_port = {inbox.port}'
        )
        yield messages
        assert inbox.changed == []
        assert server.taken


def test_a_mailbox_is_read_and_left_as_it_is(wired: Office, server: MailServer, inbox: list[bytes]) -> None:
    wired.does("send", RATES, "--yes")
    inbox += [b"Subject: hello\r\n\r\nnothing", bounce(server, L3) + b"x" * 1_000_000]
    assert f"mailed → returned, 1: {L3}" in wired.does("track").said


def test_a_mailbox_that_does_not_open(
    wired: Office, inbox: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inbox == []
    wired.does("send", RATES, "--yes")
    monkeypatch.setenv("SMTP_PASSWORD", "wrong-but-secret")
    ran = wired.does("track", exits=4)
    assert "the mailbox can't be read: 127.0.0.1" in ran.said
    assert "(the password)" in ran.said
    assert "wrong-but-secret" not in ran.said


OPENED = [b"* OK hi\r\n", b"* CAPABILITY IMAP4rev1\r\n{tag} OK x\r\n", b"{tag} OK x\r\n", b"{tag} OK x\r\n"]
FOUND = b"* SEARCH 1\r\n{tag} OK x\r\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([*OPENED, FOUND, b"* OK %s\r\n" % (b"x" * 900_000)], "the answer takes more bytes than any"),
        ([*OPENED, FOUND, b"* OK x\r\n"], "the answer takes too long"),
        (
            [*OPENED, FOUND, b"* 1 FETCH (BODY[] {2147483648}\r\n"],
            "a message of 2147483648 bytes where 200000",
        ),
        ([*OPENED, FOUND, b"* 1 FETCH (BODY[] {%s}\r\n" % (b"9" * 5_000)], "something in it is not"),
        ([b"* BYE the house is full\r\n"], "* BYE the house is full"),
        ([b"+ go\r\n"], "its answer is none of a mailbox's"),
        ([b"\xea\x1a'\"\x0b\r\n"], "its answer is none of a mailbox's"),
        ([OPENED[0], b"* CAPABILITY IMAP4rev1 \xff\r\n{tag} OK x\r\n"], "a text in it is not UTF-8"),
        ([*OPENED, b"garbage\r\n"], "unexpected response: garbage"),
        ([*OPENED, b"{tag} BAD no\r\n"], "UID command error: BAD no"),
        ([*OPENED, b"* SEARCH {1}\r\n1\r\n* SEARCH \xff *\r\n{tag} OK x\r\n"], ""),
    ],
)
def test_a_mailbox_that_talks_on_or_nonsense(
    lines: list[bytes], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There were two gigabytes in memory, no end, and tracebacks."""
    monkeypatch.setattr(mailbox, "PATIENCE", 0.3)
    with line_server(lines) as port:
        box = mailbox.Imap(Mailbox("127.0.0.1", port, "office@cedarfinch.example", lambda: PASSWORD))
        told = ""
        try:
            assert list(box.came_back("INBOX", datetime(2026, 11, 1, tzinfo=UTC))) == []
        except OSError as error:
            told = str(error)
    assert said in told
    assert "b'" not in told


def test_a_mailbox_that_answers_each_time_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in time, and 2,000 of them in 33 hours."""
    report = b"Subject: x\r\nContent-Type: multipart/report\r\n\r\nx"
    seconds = iter(range(0, 100_000, 20))
    monkeypatch.setattr(mailbox, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with mailbox_server({"INBOX": lambda: [report] * 200}, PASSWORD) as inbox:
        box = mailbox.Imap(Mailbox("127.0.0.1", inbox.port, "office@cedarfinch.example", lambda: PASSWORD))
        with pytest.raises(OSError, match="it answers so slowly that it was not read in its time"):
            list(box.came_back("INBOX", datetime(2026, 11, 1, tzinfo=UTC)))
    assert len(inbox.asked) < 20


def test_without_a_mailbox_that_is_said(wired: Office, server: MailServer) -> None:
    wired.does("send", RATES, "--yes")
    assert server.taken
    assert "nobody hears of what does not arrive" in wired.does("track").said


def test_an_agreement_that_asks_for_a_letter_since_is_not_met_by_e_mail(wired: Office) -> None:
    wired.does("send", RATES, "--yes")
    before = wired.checked()["N-1"]
    assert before["state"] == "running"
    listed = (
        "Client ID,Company,Contact,Email,Address,City,State,Zip,Contract,Notice Term,Hourly Support Rate\n"
    )
    listed += "N-1,Ash Street Bakery,Ada Byrd,ada@ash.example,1 Ash Street,Sacramento,CA,95814,own-terms,"
    listed += "30 days from deposit,130.00\n"
    wired.imports(listed, "--terms-from", str(datetime.now(UTC).date()), exits=0)
    after = wired.checked()["N-1"]
    assert after["state"] == "due"
    assert (
        "it went by e-mail, and 30 days from deposit (the client's contract) takes a letter"
        in after["reason"]
    )


def test_evidence_says_what_an_e_mail_is_and_is_not(wired: Office) -> None:
    wired.does("send", RATES, "--yes")
    ran = wired.does("evidence", RATES)
    assert "Notice is proved for 4 of 4 clients." in ran.said
    (pack,) = (wired.root / "evidence").iterdir()
    said = " ".join(page_texts(pack / "evidence.pdf"))
    assert (
        "The firm sent the words of 4 pieces by e-mail, one message each, through its own mail server."
        in said
    )
    assert "that they arrived, nobody can say" in said
    for untrue in ("print-and-mail", "scan of the post", "custodian"):
        assert untrue not in said
    assert not list(pack.glob("request-to-*"))
    assert run(["evidence", "verify", str(pack)]) == 0
