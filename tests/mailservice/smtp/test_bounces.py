"""What came back, as servers write it (the first is RFC 3464's own example, A.1), and as nobody should."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from mailer.mailservice.smtp.bounces import LARGEST, Bounce, Unmatched, WantsNoMore, read

KEY = "01a226c6715a708ba3f02cb0c6d17c59"
REPORT = """\
Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Message-Id: <199407072116.RAA14128@CS.UTK.EDU>
Subject: Returned mail: Cannot send message for 5 days
To: <owner-info-mime@cs.utk.edu>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
      boundary="RAA14128.773615765/CS.UTK.EDU"

--RAA14128.773615765/CS.UTK.EDU

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400
from root@localhost

--RAA14128.773615765/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: message/rfc822

From: office@cedarfinch.example
Message-ID: <{KEY}@cedarfinch.example>
Subject: New rates for hourly work

--RAA14128.773615765/CS.UTK.EDU--
""".replace("{KEY}", KEY)


def test_rfc_3464s_example() -> None:
    assert read(REPORT.encode()) == Bounce(
        f"{KEY}@cedarfinch.example",
        "4.0.0",
        failed=True,
        to="louisl@larry.slip.umd.edu",
        why="426 connection timed out",
        at=datetime(1994, 7, 7, 21, 16, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize("late", ["delayed", "Delayed"])
def test_late_is_not_lost(late: str) -> None:
    found = read(REPORT.replace("Action: failed", f"Action: {late}").encode())
    assert isinstance(found, Bounce)
    assert not found.failed


def test_that_it_was_delivered_is_no_bounce() -> None:
    found = read(REPORT.replace("Action: failed", "Action: delivered").encode())
    assert found == Unmatched("a notice tells that a message to louisl@larry.slip.umd.edu was delivered")


def test_another_senders_bounce() -> None:
    found = read(REPORT.replace(KEY, "abc").encode())
    assert found == Unmatched("a message to louisl@larry.slip.umd.edu came back that was not sent from here")


def test_only_the_head_of_it_came_back() -> None:
    headers = REPORT.replace("content-type: message/rfc822", "content-type: text/rfc822-headers")
    found = read(headers.encode())
    assert isinstance(found, Bounce)
    assert found.message_id == f"{KEY}@cedarfinch.example"


def test_a_reader_who_wants_no_more() -> None:
    asked = "From: Ada Byrd <ada@ash.example>\nSubject: Unsubscribe 2026-12-N-0007\n\nplease\n"
    assert read(asked.encode()) == WantsNoMore("2026-12-N-0007", "Ada Byrd <ada@ash.example>")
    assert read(b"From: ada@ash.example\nSubject: Re: December 2026\n\nhow nice\n") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1_000,
        b"\xff\xfe" * 1_000,
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n" * 20_000,
        b'Content-Type: multipart/report; x="' + b"a;" * 90_000,  # 20 seconds of the processor each
        b"Content-Type: message/delivery-status\n\n\n\n\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)),
        b"".join(b"Content-Type: multipart/mixed; boundary*0=b%d\n\n--b%d\n" % (n, n) for n in range(300))
        + b"\na\n" * 60_000,  # four seconds
        b"Content-Type: message/rfc822\n\n" * 5_000,
        b"Date: Sat, 99 Foo 99999 99:99:99 +99999\n" + REPORT.encode().partition(b"\n")[2],
        b"Date: Mon, 1 Jan 0001 00:00:00 +2359\n" + REPORT.encode().partition(b"\n")[2],
        b"Date: Mon, 01 Jan 99999999999 00:00:00 +0000\n" + REPORT.encode().partition(b"\n")[2],
        b"Date: Mon, 1 Jan 2026 00:00:00 +99999999999999999999\n" + REPORT.encode().partition(b"\n")[2],
        REPORT.replace("Status: 4.0.0", "Status: \x1b[31m" + "9" * 5_000).encode(),
        REPORT.replace("smtp; 426", "smtp; \x1b]0;owned\x07" + "w" * 100_000).encode(),
        REPORT.replace("Subject: Returned", "Subject: =?utf-8?b?" + "A" * 9_999 + "?= =?x?q?\xff?=").encode(),
        REPORT.encode("utf-16"),
    ],
    ids=range(17),
)
def test_nonsense_is_a_finding_at_most(content: bytes) -> None:
    found = read(content)
    said = (found.why, found.to) if isinstance(found, Bounce) else (getattr(found, "why", ""),)
    for words in said:
        assert words.isprintable() or words == ""
        assert len(words) < 300


def test_only_the_beginning_of_a_large_one_is_looked_at() -> None:
    found = read(REPORT.encode() + b"x" * 100_000_000)
    assert isinstance(found, Bounce)
    assert read(b"x" * LARGEST + REPORT.encode()) is None


def test_a_thousand_damaged_ones() -> None:
    source = random.Random(3464)  # noqa: S311
    whole = REPORT.encode()
    for _ in range(1_000):
        damaged = bytearray(whole)
        for _ in range(source.randrange(1, 20)):
            at = source.randrange(len(damaged))
            damaged[at : at + source.randrange(0, 30)] = source.randbytes(source.randrange(0, 30))
        found = read(bytes(damaged))
        assert found is None or isinstance(found, Bounce | WantsNoMore | Unmatched)
