"""One piece as an e-mail: its headers, the same words twice, and what it can't be made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mailer.mailservice.registry import tables
from mailer.mailservice.service import Consignment, PostalAddress
from mailer.mailservice.smtp.message import Sender, id_of, message, page, problems
from mailer.profile import Profile
from mailer.settings import load_settings
from tests.support.office import Office

KEY = "01a226c6715a708ba3f02cb0c6d17c59"
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
ASH = PostalAddress("Ada Byrd", "Ash Street Bakery", "1 Ash Street", "", "Sacramento", "CA", "95814")
PIECE = Consignment(
    send_key=KEY, label="2026-12-N-0007", campaign="2026-12", subject="December 2026", pdf=b"", pages=1,
    size=9, to=ASH, sender=ASH, notice=False, email="ada@ash.example",
)  # fmt: skip
WORDS = '<p>Dear Ada,</p><p>Read <a href="https://cedarfinch.example/x">the page</a> &amp; call.</p>'


@pytest.fixture
def sender(office: Office) -> Sender:
    firm: Profile = load_settings(office.root, tables()).on(date(2026, 11, 24))
    return Sender(firm, "office@cedarfinch.example", "#21473b", "stop@cedarfinch.example")


def test_a_newsletter(sender: Sender) -> None:
    made = message(PIECE, WORDS, b"", sender, NOW)
    assert made["To"] == "Ada Byrd <ada@ash.example>"
    assert made["Date"] == "Tue, 24 Nov 2026 18:00:00 +0000"
    assert made["Message-ID"] == f"<{KEY}@cedarfinch.example>"
    assert made["X-Mailer-Piece"] == "2026-12-N-0007"
    assert made["List-Unsubscribe"] == "<mailto:stop@cedarfinch.example?subject=unsubscribe%202026-12-N-0007>"
    assert made["List-Unsubscribe-Post"] is None  # one click is not claimed (RFC 8058)
    plain, html = made.iter_parts()
    text = plain.get_content()
    assert "Read the page (https://cedarfinch.example/x) & call." in text
    assert "1480 Millrace Way\nSuite 210\nSacramento CA 95814\n" in text
    assert "No more of these: write to stop@cedarfinch.example with the word unsubscribe." in text
    assert "You receive this because you are a client of Cedar & Finch IT." in text
    assert WORDS in html.get_content()
    assert ">Unsubscribe</a>" in html.get_content()
    assert all(len(line) <= 998 for line in made.as_bytes().split(b"\r\n"))  # RFC 5322 2.1.1


def test_a_notice_has_nothing_to_unsubscribe_from(sender: Sender) -> None:
    made = message(replace(PIECE, notice=True), WORDS, b"", sender, NOW)
    assert made["List-Unsubscribe"] is None
    assert "nsubscribe" not in made.as_string()


def test_the_same_id_on_every_try_and_another_for_a_test() -> None:
    assert id_of(KEY, "Office@CedarFinch.example", test=False) == f"{KEY}@cedarfinch.example"
    assert id_of(KEY, "office@cedarfinch.example", test=True) == f"test.{KEY}@cedarfinch.example"


def test_nothing_comes_from_elsewhere(sender: Sender) -> None:
    made = page(replace(PIECE, subject="A <b> & “c”"), WORDS, sender)
    for word in ("<img", "<script", "url(", "@import", "<link"):
        assert word not in made
    assert "A &lt;b&gt; &amp; “c”</h1>" in made


BREAKS = ["a\nBcc: eve@evil.example", "a\r\n\r\nbody", "a\rb", "a\0b"]


@pytest.mark.parametrize("text", BREAKS)
def test_a_line_break_in_a_header_is_refused(sender: Sender, text: str) -> None:
    for piece in (
        replace(PIECE, subject=text),
        replace(PIECE, email=text),
        replace(PIECE, to=replace(ASH, name=text)),
    ):
        assert len(list(problems(piece))) == 1
        if "\n" in text:
            with pytest.raises(ValueError, match=r"(?i)header|CR or LF"):
                message(piece, WORDS, b"", sender, NOW)


@pytest.mark.parametrize(
    "address",
    ["ada", "ada@", "@ash.example", "ada@localhost", "ada@ash..example", "a b@ash.example",
     "ada@ash.example>", "ada@ash.example,eve@evil.example", "<ada@ash.example", '"a"@ash.example',
     "äda@ash.example",
     "ada@äsh.example", f"{'a' * 65}@ash.example", f"a@{'b' * 250}.example"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    (found,) = problems(replace(PIECE, email=address))
    assert "can't be one" in found


@pytest.mark.parametrize("address", ["ada@ash.example", "o'neil+news@sub.ash-street.example", "a.b_c@x.co"])
def test_addresses(address: str) -> None:
    assert list(problems(replace(PIECE, email=address))) == []


def test_what_goes_on_paper() -> None:
    (none,) = problems(replace(PIECE, email=""))
    assert none.startswith(
        "It goes on paper: there is no e-mail address, or the contract does not take e-mail for notice."
    )
    (certified,) = problems(replace(PIECE, certified=True))
    assert "certified mail" in certified
    (later,) = problems(replace(PIECE, send_date=date(2026, 12, 1)))
    assert "goes at once" in later
    (large,) = problems(replace(PIECE, size=11_000_000))
    assert large == "Its PDF has 11 MB; mailboxes take 10 MB."
