"""A contract that asks for a letter with a copy by e-mail: two pieces to a client, of which the later counts.

The letter and the copy go on the real day, 90 days ahead.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.fakes.post import MailServer
from tests.mailservice.smtp.conftest import FROM_EMAIL, ROWS
from tests.support.evidence import text_of
from tests.support.office import HEADINGS, RATES, Office

COPIED = ROWS[0].replace(FROM_EMAIL, '"30 days from deposit, with a copy by e-mail"')
NO_ADDRESS = (
    COPIED.replace("N-1", "N-9")
    .replace("Ash Street Bakery", "Elm Street Dental")
    .replace("ada@ash.example", "")
)


def told(office: Office) -> tuple[str, str]:
    one = office.checked()["N-1"]
    return str(one["state"]), str(one["reason"])


def test_neither_the_letter_nor_the_copy_alone_is_notice(wired: Office, server: MailServer) -> None:
    wired.imports("\n".join([HEADINGS, COPIED, *ROWS[1:], NO_ADDRESS]) + "\n")
    held = wired.does("plan", RATES, exits=1).said
    assert "N-9" in held
    assert "has a contract that asks for a copy by e-mail, and no e-mail address" in held
    wired.edit(f"campaigns/{RATES}/campaign.toml", "exclude = []", 'exclude = ["N-9"]')
    wired.does("approve", RATES)
    wired.does("send", RATES, "--leave-out", "--yes")
    assert sorted(server.copies().values()) == [1, 1, 1, 1]  # three letters, and N-1's copy
    state, reason = told(wired)
    assert state == "due"
    assert "to be mailed by" in reason
    assert " copy " in wired.does("check", RATES, exits=1).said
    said = wired.does("status", RATES).said
    assert "1 approved and neither printed nor sent, though others went: mailer send 2027-rates" in said
    wired.does("print", RATES)
    assert [row["name"] for row in wired.manifest()] == ["Ash Street Bakery"]
    wired.drops(f"{datetime.now(ZoneInfo('America/Los_Angeles')):%Y-%m-%d %H:%M}")
    state, reason = told(wired)
    assert state == "running"
    assert "went as a copy by e-mail on" in reason or "went on paper on" in reason
    wired.does("ledger", "verify")
    wired.does("evidence", RATES)
    wired.does("evidence", RATES, "--client", "N-1", "--out", str(wired.root / "proof.pdf"))
    proof = text_of(wired.root / "proof.pdf")
    assert "Sent to this e-mail address" in proof
    assert "ada@ash.example" in proof
    assert "The other letter that its contract asks for" in proof


def test_on_paper_alone_such_a_contract_is_not_met(office: Office) -> None:
    term = "30 days from deposit, with a copy by e-mail"
    row = ROWS[0].replace(FROM_EMAIL, f'"{term}"')
    office.imports(f"{HEADINGS}\n{row}\n")
    held = office.does("plan", RATES, exits=1).said
    assert "asks for a copy by e-mail, and this campaign goes on paper alone" in held
