"""A contract that asks for a letter with a copy by e-mail: two pieces to a client, of which the later counts.

The letter and the copy go on the real day, 90 days ahead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.post import Fault, MailServer
from tests.mailservice.smtp.conftest import FROM_EMAIL, ROWS, TABLE
from tests.mailservice.smtp.test_tracked import bounce
from tests.support.evidence import text_of
from tests.support.office import HEADINGS, RATES, Office, begin

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


@pytest.fixture
def dropped(
    tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Office:
    """Its paper is with the post on Wednesday 2 December 2026, the last day for 1 January; the copy waits."""
    stands(monkeypatch, "2026-11-30 10:00")
    office = replace(begin(tmp_path / "office"), today="")
    definition, table = f"campaigns/{RATES}/campaign.toml", TABLE.replace("2525", str(server.port))
    office.edit(
        definition, "effective = 2027-01-01", f"effective = {getattr(request, 'param', '2027-01-01')}"
    )
    office.edit(definition, 'newsletter = "2026-12"', 'newsletter = "none"')
    office.edit(definition, 'exclude = ["CF-1089"]', "exclude = []")
    office.edit("mailer.toml", "[lead_times]", f'{table}bounce_folder = "bounces"\n\n[lead_times]')
    (office.root / "bounces").mkdir()
    office.imports(f"{HEADINGS}\n{COPIED}\n")
    approved = office.does("approve", RATES)
    assert "Is it one client?" not in approved.said  # the letter and its own copy
    office.does("print", RATES)
    stands(monkeypatch, "2026-12-02 16:30")
    office.drops("2026-12-02 16:00")
    return office


def stands(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """The clock stands at that moment in Sacramento; nothing is a rehearsal."""
    moment = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
    monkeypatch.setattr("mailer.clock.real_now", lambda: moment)


COPY = f"{RATES}-L-0002"


def test_a_copy_knows_no_last_collection(dropped: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wednesday's is at 17:00; 30 days before 1 January are 2 December until midnight."""
    stands(monkeypatch, "2026-12-02 23:50")
    dropped.does("send", RATES, "--yes")
    assert told(dropped)[0] == "running"


@pytest.mark.parametrize("dropped", ["2027-01-05"], indirect=True)
def test_a_copy_goes_on_a_day_without_mail(dropped: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """30 days before Tuesday 5 January are Sunday 6 December, on which paper would be late."""
    stands(monkeypatch, "2026-12-06 12:00")
    dropped.does("send", RATES, "--yes")
    assert told(dropped)[0] == "running"


def test_after_its_last_day_a_copy_is_refused(dropped: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stands(monkeypatch, "2026-12-03 00:10")
    late = dropped.does("send", RATES, "--yes", exits=3).said
    assert "approved for a hand-over until Wed 2 Dec 2026, and today is Thu 3 Dec 2026" in late


def test_a_copy_that_bounced_goes_to_the_new_address(
    dropped: Office, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped.does("send", RATES, "--yes")
    (dropped.root / "bounces" / "1.eml").write_bytes(bounce(server, COPY))
    dropped.does("track")
    assert told(dropped)[0] == "returned"
    said = dropped.does("status", RATES).said
    assert f"mailer send {RATES} --only PIECE --reason TEXT {COPY} Ash Street Bakery" in said
    assert "mailer reprint" not in said
    on_paper = dropped.does("reprint", COPY, "--reason", "bounced", exits=1).said
    assert "is the copy by e-mail that the contract asks for: on paper it would be none" in on_paper
    dropped.imports(f"{HEADINGS}\n{COPIED}\n".replace("ada@ash.example", "byrd@ash.example"))
    stands(monkeypatch, "2026-12-02 18:00")
    dropped.does("send", RATES, "--only", COPY, "--reason", "it bounced", "--yes")
    assert str(server.one(f"{RATES}-L-0003")["To"]).endswith("<byrd@ash.example>")
    assert told(dropped)[0] == "running"


def test_a_copy_that_was_not_taken_is_never_printed(dropped: Office, server: MailServer) -> None:
    server.faults.append(Fault("refuse", "ada@ash.example"))
    dropped.does("send", RATES, "--yes", exits=1)
    said = dropped.does("status", RATES).said
    assert f"mailer send {RATES} --only PIECE --reason TEXT {COPY} Ash Street Bakery" in said
    assert "copies by e-mail: on paper they would be none" in (
        dropped.does("print", RATES, "--remaining", exits=1).said
    )
