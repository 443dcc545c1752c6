"""The newsletter by e-mail: to whom, once an address, and never to who opted out. A test's day is fixed."""

from __future__ import annotations

from collections import Counter
from email.message import EmailMessage

import pytest

from tests.fakes.post import MailServer
from tests.mailservice.smtp.conftest import TABLE
from tests.support.office import FOUR, Office

ISSUE = "2026-12"
MORE = "N-5,Elm Street Dental,Ed Dent,Bo@Birch.example,5 Elm Street,Sacramento,CA,95815,none,,130.00\n"
NO_EMAIL = "N-6,Fir Lane Florist,Fi Rose,,6 Fir Lane,Sacramento,CA,95818,none,,130.00\n"


@pytest.fixture
def wired_office(office: Office, server: MailServer) -> Office:
    table = TABLE.replace("2525", str(server.port))
    office.edit("mailer.toml", "[lead_times]", f'{table}test_to = "dana@cedarfinch.example"\n\n[lead_times]')
    return office


def test_once_an_address_and_on_paper_without_one(wired_office: Office, server: MailServer) -> None:
    wired_office.imports(FOUR + MORE + NO_EMAIL)
    wired_office.does("approve", ISSUE)
    assert len(wired_office.pieces(ISSUE)) == 5  # N-2 and N-5 share a mailbox, and a piece
    refused = wired_office.does("send", ISSUE, exits=1)
    assert "It goes on paper: there is no e-mail address" in refused.said
    wired_office.does("send", ISSUE, "--leave-out")
    assert Counter(server.copies().values()) == {1: 4}
    wired_office.does("print", ISSUE)
    assert Counter(status for _, status in wired_office.pieces(ISSUE)) == {"approved": 4, "produced": 1}


def test_who_opted_out_gets_none(wired_office: Office, server: MailServer) -> None:
    wired_office.does("clients", "mark", "N-1", "opted-out", "--reason", "wrote so on 20 November")
    wired_office.does("approve", ISSUE)
    wired_office.does("send", ISSUE)
    assert len(server.taken) == 3
    assert not any("Ada Byrd" in str(one["To"]) for one in server.taken)


def test_what_it_says_is_the_issue(wired_office: Office, server: MailServer) -> None:
    wired_office.does("approve", ISSUE)
    wired_office.does("send", ISSUE)
    letter = server.taken[0]
    assert isinstance(letter, EmailMessage)
    assert letter["Subject"] == "[TEST] The Finch Letter, December 2026"
    assert str(letter["List-Unsubscribe"]).startswith("<mailto:office@cedarfinch.example?subject=unsubscribe")
    plain = letter.get_body(("plain",))
    assert plain is not None
    for words in ("New rates for hourly work", "Restore one file before the year ends", "1480 Millrace Way"):
        assert words in plain.get_content()
