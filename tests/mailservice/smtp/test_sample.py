"""An e-mail is looked at before anything is approved: beside the proof, in the words that are sent."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from tests.fakes.post import MailServer
from tests.mailservice.smtp.conftest import TABLE
from tests.support.office import RATES, Office

ISSUE = "2026-12"


def read(office: Office, name: str, file: str = "email.txt") -> str:
    return (office.root / "proofs" / name / file).read_text(encoding="utf-8")


def test_the_proof_of_an_issue_has_what_its_readers_get_by_email(office: Office, server: MailServer) -> None:
    office.edit("mailer.toml", "[lead_times]", f"{TABLE}\n[lead_times]")
    said = office.does("proof", ISSUE).said
    assert f"proofs/{ISSUE}/email.html: the e-mail to " in said
    text = read(office, ISSUE)
    assert text.startswith("From: Cedar & Finch IT <office@cedarfinch.example>\nTo: ")
    assert "\nSubject: The Finch Letter, December 2026\n" in text
    assert "New rates for hourly work" in text
    assert "write to office@cedarfinch.example with the word unsubscribe" in text
    assert "<h1" in read(office, ISSUE, "email.html")
    assert server.taken == []  # it is sent to nobody


def test_the_proof_of_letters_has_the_letter_that_is_sent(wired: Office, server: MailServer) -> None:
    wired.does("proof", RATES)
    text = read(wired, RATES)
    name = text.partition("To: ")[2].partition(" <")[0]
    wired.does("send", RATES, "--leave-out", "--yes")
    (sent,) = [one for one in server.taken if str(one["To"]).startswith(f"{name} <")]
    assert isinstance(sent, EmailMessage)
    plain = sent.get_body(("plain",))
    assert plain is not None
    assert text.partition("\n\n")[2].split() == plain.get_content().split()


def test_who_gets_paper_has_no_email_in_the_proof(office: Office) -> None:
    assert "e-mail" not in office.does("proof", RATES).said
    assert not Path(office.root / "proofs" / RATES / "email.txt").exists()


def test_a_proof_says_where_nobody_gets_an_email(office: Office) -> None:
    office.edit("mailer.toml", "[lead_times]", f"{TABLE}\n[lead_times]")
    office.edit(
        f"campaigns/{RATES}/campaign.toml", 'kind = "rate-notice"', 'kind = "rate-notice"\nroute = "smtp"'
    )
    said = office.does("proof", RATES).said
    assert "LOOK AT Nobody gets it by e-mail: there is no address, or no contract takes e-mail" in said
