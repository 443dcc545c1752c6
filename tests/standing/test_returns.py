"""A letter that comes back: under a deposit rule the notice stands, under a receipt rule it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mailer.printroom.drop import drop
from mailer.standing.rates import prices
from mailer.standing.returns import returned
from tests.support.evidence import at, handed
from tests.support.office import ASH, FIRST, FOUR, HEADINGS, RATES, Office

PIECE = "2027-rates-L-0002"  # Ash Street Bakery, after Davis 95616 in ZIP order: 30 days from deposit


def test_under_a_deposit_rule_the_notice_stands(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", PIECE, "--on", "2026-12-04", "--reason", "unclaimed", "--note", "box full")
    ash = later.checked()["N-1"]
    assert (ash["state"], ash["safe"]) == ("running", True)
    assert ash["letter"]["returned_on"] == "2026-12-04"
    assert (ash["letter"]["return_reason"], ash["letter"]["misaddressed_on"]) == ("unclaimed", None)
    assert any("came back; the notice stands" in step for step in ash["working"])
    assert later.rate("N-1", "2027-01-04") == "138.00"
    assert later.does("ledger", "verify").code == 0


def test_under_a_receipt_rule_it_is_undone(office: Office) -> None:
    row = ASH.replace("none,,", "own-terms,30 days from receipt,")
    office.imports(f"{HEADINGS}\n{row}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    later = office.on("2026-12-10")
    later.does("returned", PIECE, "--on", "2026-12-04")
    ash = later.checked()["N-1"]
    assert (ash["state"], ash["safe"]) == ("returned", False)
    assert later.rate("N-1", "2027-01-04") == "130.00"


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        ((PIECE, "--on", "2026-12-11"), 1, "2026-12-11 is in the future"),
        ((PIECE, "--on", "2026-11-23"), 1, "was handed over on 2026-11-24, after 2026-11-23"),
        (("2027-rates-L-0099", "--on", "2026-12-04"), 1, "piece 99 is not with the post (it is not there)"),
        (("2027-rates-N-0001", "--on", "2026-12-04"), 1, "nothing was made"),
        (("a letter", "--on", "2026-12-04"), 2, "is not a piece"),
    ],
)
def test_what_cannot_have_come_back_is_refused(
    mailed: Office, words: tuple[str, ...], exits: int, says: str
) -> None:
    later = mailed.on("2026-12-10")
    assert says in later.does("returned", *words, exits=exits).said
    assert later.checked()["N-1"]["letter"]["returned_on"] is None


def test_a_piece_is_recorded_as_come_back_once_in_the_same_words(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", PIECE, "--on", "2026-12-04", "--reason", "refused")
    for words in ((), ("--reason", "refused")):
        said = later.does("returned", PIECE, "--on", "2026-12-04", *words, exits=1).said
        assert "piece 2 is recorded as come back on Fri 4 Dec 2026 (refused) already" in said


def test_the_letter_of_a_client_who_left_is_judged_apart(mailed: Office) -> None:
    """`check` looks at the list of today, and the client was billed the new rate before it left."""
    later = mailed.on("2027-02-01")
    later.does(
        "clients", "import", str(later.write("list.csv", FOUR.replace(f"{ASH}\n", ""))), "--end-missing"
    )
    said = later.does("returned", "2027-rates-L-0002", "--on", "2027-02-01", "--reason", "address wrong").said
    assert "2027-rates-L-0002: its client is on the list no more, and `check` leaves it out." in said
    assert "mailer evidence 2027-rates --client N-1" in said
    assert "NOT proved" in later.does("evidence", RATES, "--client", "N-1", exits=1).said


def test_one_piece_by_two_names_came_back_once(mailed: Office) -> None:
    short = PIECE.replace("L-0002", "L-2")
    ran = mailed.on("2026-12-10").does("returned", PIECE, short, "--on", "2026-12-04", "--reason", "refused")
    assert "1 recorded as returned." in ran.out


def test_a_rule_that_counts_receipt_is_met_by_the_recorded_day(office: Office) -> None:
    row = ASH.replace("none,,", "own-terms,30 days from receipt,")
    office.imports(f"{HEADINGS}\n{row}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    later = office.on("2026-12-10")
    assert later.checked()["N-1"]["safe"] is False  # a deposit proves no receipt
    later.does("received", PIECE, "--on", "2026-12-02", "--proof", "certified mail card")
    ash = later.checked()["N-1"]
    assert (ash["state"], ash["deemed_given"]) == ("running", "2026-12-02")  # 30 days to 1 January
    assert later.rate("N-1", "2027-01-04") == "138.00"
    assert later.does("ledger", "verify").code == 0


def test_received_a_day_too_late(office: Office) -> None:
    row = ASH.replace("none,,", "own-terms,30 days from receipt,")
    office.imports(f"{HEADINGS}\n{row}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    later = office.on("2026-12-10")
    later.does("received", PIECE, "--on", "2026-12-03", "--proof", "certified mail card")
    ash = later.checked()["N-1"]
    assert (ash["state"], ash["earliest_effective"]) == ("late", "2027-01-02")
    assert later.rate("N-1", "2027-01-04") == "130.00"


def test_a_rehearsal_records_nothing_of_a_letter_that_really_went(unposted: Office) -> None:
    """A receipt that was only tried must not make a notice valid."""
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    tried = replace(unposted, today="2026-11-28")
    label = f"{RATES}-L-0001"
    day = ("--on", "2026-11-28")
    for words in (("received", label, *day, "--proof", "card"), ("returned", label, *day)):
        refused = tried.does(*words, exits=1)
        assert "really happened, and this is a rehearsal" in refused.said


def test_a_piece_that_the_mail_service_has_is_asked_for_first(lobbed: Office) -> None:
    """Whether the post had it, and since when, the service knows."""
    lobbed.does("send", RATES)
    day = ("--on", "2026-11-24")
    for words in (
        ("returned", f"{RATES}-L-0001", *day),
        ("received", f"{RATES}-L-0001", *day, "--proof", "x"),
    ):
        refused = lobbed.does(*words, exits=1)
        assert "piece 1 is not with the post (it is accepted)" in refused.said
        assert "mailer track 2027-rates; nothing was recorded" in " ".join(refused.err.split())


def test_what_was_billed_before_a_return_was_recorded_is_at_risk(unposted: Office) -> None:
    """It came back on 5 January and was recorded on the 20th: the work between was billed at the new rate."""
    with at(unposted, "2026-11-24 15:00") as mail:
        drop(mail, RATES, handed(None), actor="Ada")
    with at(unposted, "2027-01-20 10:00") as mail:
        returned(mail, [PIECE], on=date(2027, 1, 5), reason="address wrong", actor="Ada")
    with at(unposted, "2027-02-01 10:00") as mail:
        days = {
            day: [service for one in prices(mail, date(2027, 1, day)) for service in one.services]
            for day in (4, 10, 19, 21)
        }
    at_risk = {day: [one.at_risk for one in services if one.at_risk] for day, services in days.items()}
    assert [len(found) for found in at_risk.values()] == [1, 1, 1, 0]
