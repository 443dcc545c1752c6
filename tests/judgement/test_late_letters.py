"""Letters of 2027-rates that went too late: who is named, with which last day, and what the working says.

Thirty days' notice of 1 January 2027 from deposit ends on 2 December 2026 (tests/support/office.py).
"""

from __future__ import annotations

import pytest

from tests.support.office import ASH, BIRCH, DROP, FIRST, FOUR, HEADINGS, MORE, RATES, Office


@pytest.fixture
def all_late(printed: Office) -> Office:
    """Handed over on Thursday 10 December: thirty days are over on 9 January."""
    later = printed.on("2026-12-10")
    later.drops("2026-12-10 14:10", *FIRST)
    return later


def test_status_says_that_no_notice_holds(all_late: Office) -> None:
    said = all_late.on("2027-01-04").does("status").said
    assert "OVERDUE: remedy" in said
    assert "4 mailed too late, and no notice of it holds: mailer remedy 2027-rates" in said
    assert "in effect" not in said
    named = all_late.does("status", RATES).said
    assert "4 mailed too late, and no notice of it holds: mailer remedy 2027-rates" in named
    assert "Nothing needs attention" not in named
    (group,) = all_late.does("status", RATES, "--json").json["attention"]
    assert (group["why"], group["next"], len(group["pieces"])) == ("no-notice", "mailer remedy 2027-rates", 4)


def test_not_once_a_follow_up_has_them(all_late: Office) -> None:
    all_late.does("remedy", RATES)
    assert "no notice of it holds" not in all_late.does("status").said
    assert "Nothing needs attention" in all_late.does("status", RATES).said


def test_a_client_who_came_after_the_mailing_has_no_letter(printed: Office) -> None:
    """Approved on 24 November; the list of the 26th has one more, who joined long before."""
    printed.drops("2026-11-24 14:10", *FIRST)
    later = printed.on("2026-11-26")
    later.imports(f"{FOUR}N-5,Elm Cafe,Ed Elm,ed@elm.example,5 Elm Way,Davis,CA,95616,none,,130.00\n")
    for words in (("status",), ("status", RATES)):
        said = later.does(*words).said
        assert "1 of its audience without a letter: mailer approve 2027-rates --by NAME" in said
    assert "Elm Cafe" in later.does("status", RATES).said
    late = later.on("2026-12-05")
    assert "1 of its audience without a letter, too late by now: mailer remedy 2027-rates" in (
        late.does("status", RATES).said
    )
    assert "Elm Cafe" in late.does("remedy", RATES).said


def test_a_client_who_comes_between_approval_and_print_is_named_by_both(approved: Office) -> None:
    """On the very day of the approval, too; approved again, as `status` says, it has a letter."""
    assert "without a letter" not in approved.does("status").said
    approved.imports(f"{FOUR}N-5,Elm Cafe,Ed Elm,ed@elm.example,5 Elm Way,Davis,CA,95616,none,,130.00\n")
    says = "1 of its audience without a letter: mailer approve 2027-rates --by NAME"
    assert says in approved.does("status").said
    assert says in approved.does("print", RATES).said
    approved.does("approve", RATES, "--by", "Dana Whitcomb")
    assert "without a letter" not in approved.does("status").said
    assert "without a letter" not in approved.does("print", RATES).said


def test_a_term_that_the_list_takes_away_is_named_by_status(printed: Office) -> None:
    printed.drops("2026-11-24 14:10", *FIRST)
    later = printed.on("2026-12-05")
    without = later.write("list.csv", FOUR.replace("own-terms,contract-30-deposit", "own-terms,"))
    later.does("clients", "import", str(without), "--terms-from", "2026-12-05")
    says = "1 mailed, and the contract's notice term is not known by now: mailer check 2027-rates"
    for words in (("status",), ("status", RATES)):
        assert says in later.does(*words).said


def test_a_receipt_that_is_still_to_be_proved_is_named_by_status(office: Office) -> None:
    """Thirty days from receipt, for 1 January: the card must show the 2nd of December or before."""
    elm = "R-1,Elm Cafe,Ed Elm,ed@elm.example,5 Elm Way,Davis,CA,95616,own-terms"
    office.imports(f"{FOUR}{elm},30 days from receipt,130.00\n")
    office.does("approve", RATES)
    office.does("print", RATES)
    office.does("handed-over", "--yes", *DROP)
    later = office.on("2026-11-30")
    says = "1 mailed, and receipt is still to be proved: mailer received PIECE --on DATE --proof TEXT"
    for words in (("status",), ("status", RATES)):
        assert says in later.does(*words).said
    assert "OVERDUE" not in later.does("status").said
    label = office.rows("SELECT number FROM piece WHERE recipient_name LIKE '%Elm%'")[0][0]
    piece = f"2027-rates-L-{label:04}"
    later.does("received", piece, "--on", "2026-11-27", "--proof", "the green card")
    assert "to be proved" not in later.does("status").said


@pytest.mark.parametrize(
    "change",
    [
        ("Rate Locked Until", "2027-06-30"),
        ("mark", "deceased"),
    ],
)
def test_who_comes_to_be_owed_a_letter_after_the_mailing(office: Office, change: tuple[str, str]) -> None:
    """A lock that is lifted, a mark that is taken away."""
    locked = f"{MORE}\n" + "\n".join(f"{row},,,,,,," for row in FOUR.splitlines()[1:]) + "\n"
    if change[0] == "mark":
        office.imports(FOUR)
        office.does("clients", "mark", "N-1", change[1], "--reason", "told by phone")
    else:
        office.imports(locked.replace(f"{ASH},,", f"{ASH},{change[1]},"))
    office.does("approve", RATES)
    office.does("print", RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    assert "without a letter" not in office.does("status").said
    if change[0] == "mark":
        office.does("clients", "mark", "N-1", "none", "--reason", "it was her mother")
    else:
        office.imports(locked)
    assert "1 of its audience without a letter: mailer approve 2027-rates" in office.does("status").said


def test_a_letter_that_came_back_after_the_last_day_is_named_by_status_alone_too(printed: Office) -> None:
    printed.drops("2026-11-24 14:10", *FIRST)
    later = printed.on("2026-12-10")
    later.does("returned", "2027-rates-L-0002", "--on", "2026-12-09", "--reason", "address wrong")
    assert (
        "1 mailed, and the client has no notice in time: mailer remedy 2027-rates"
        in later.does("status").said
    )


def test_a_faulty_file_of_another_campaign_hides_nothing(all_late: Office) -> None:
    all_late.edit("campaigns/2027-hours/campaign.toml", "effective", "effektive")
    assert "4 mailed too late, and no notice of it holds" in all_late.does("status").said
    assert "4 mailed too late, and no notice of it holds" in all_late.does("status", RATES).said


def test_one_client_without_notice_is_named_though_the_others_have_theirs(printed: Office) -> None:
    """On Monday 30 November it is late for Birch Lane alone, whose contract adds three business days."""
    printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST)
    later = printed.on("2026-12-01")
    assert "1 mailed, and the client has no notice in time: mailer remedy 2027-rates" in (
        later.does("status").said
    )
    named = later.does("status", RATES).said
    assert "1 mailed, and the client has no notice in time: mailer remedy 2027-rates" in named
    assert "Birch Lane Dental" in named
    assert "N-2" in later.does("remedy", RATES).said
    assert "Nothing needs attention" in later.does("status", RATES).said


def test_a_later_approval_of_another_client_makes_no_late_letter_good(printed: Office) -> None:
    """Birch Lane's last day stays 28 November, though the new client's is 2 December."""
    printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST)
    later = printed.on("2026-11-30")
    refused = later.does("reprint", "2027-rates-L-0003", "--reason", "lost", exits=3).said
    later.imports(f"{FOUR}N-5,Elm Cafe,Ed Elm,ed@elm.example,5 Elm Way,Davis,CA,95616,none,,130.00\n")
    assert "Hand over by Wed 2 Dec 2026" in later.does("approve", RATES).said
    assert later.does("reprint", "2027-rates-L-0003", "--reason", "lost", exits=3).said == refused
    later.does("print", RATES)
    later.drops("2026-11-30 14:20", *FIRST)
    assert "1 mailed, and the client has no notice in time" in later.does("status").said


def test_a_letter_that_came_back_and_was_sent_again_too_late_gives_no_notice(office: Office) -> None:
    """Where receipt counts, the first letter is undone; 10 days of 30 December end on 9 January."""
    office.imports(f"{HEADINGS}\n{BIRCH.replace('contract-30-plus-3bd', '10 days from receipt')}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    back = office.on("2026-11-27")
    birch = back.checked()["N-2"]["letter"]["piece"]
    back.does("returned", birch, "--on", "2026-11-27")
    back.does("reprint", birch, "--reason", "came back")
    later = office.on("2026-12-30")
    later.drops("2026-12-30 14:10", *DROP, "--class", "certified")
    said = later.does("status", RATES).said
    assert "1 mailed, and the client has no notice in time: mailer remedy 2027-rates" in said
    assert "Nothing needs attention" not in said
    assert "Birch Lane Dental" in later.does("remedy", RATES).said


def test_rates_says_that_a_letter_never_becomes_valid(all_late: Office) -> None:
    said = all_late.on("2027-06-05").does("rates", "--worked-on", "2027-06-04", "--client", "N-1").said
    assert (
        "no new rate: notice was given too late for Fri 1 Jan 2027 and cannot be given any more "
        "(2027-rates-L-0002, mailed Thu 10 Dec 2026): mailer remedy 2027-rates" in said
    )
    assert "earliest effective date" not in said
    all_late.does("remedy", RATES)
    all_late.does("approve", "2027-rates-2")
    all_late.does("print", "2027-rates-2")
    all_late.drops("2026-12-10 14:30", *FIRST, name="2027-rates-2")
    assert "remedy" not in all_late.does("rates", "--worked-on", "2027-01-04", "--client", "N-1").said


def test_one_that_was_approved_and_never_mailed(approved: Office) -> None:
    said = approved.on("2027-06-05").does("rates", "--worked-on", "2027-06-04", "--client", "N-1").said
    assert "is approved, not mailed; notice of Fri 1 Jan 2027 cannot be given any more" in said


def working(office: Office, number: str) -> list[str]:
    found: list[str] = office.checked()[number]["working"]
    return [step.partition(" [")[0] for step in found]


def test_the_working_of_a_late_letter(all_late: Office) -> None:
    """Three business days before Wednesday 2 December end on Saturday 28 November (docs/notice.md)."""
    assert working(all_late, "N-1")[-1] == "the last day to hand over a notice in time was Wed 2 Dec 2026"
    assert working(all_late, "N-2")[-1] == "the last day to hand over a notice in time was Sat 28 Nov 2026"


def test_the_working_where_receipt_counts(office: Office) -> None:
    """30 days before 1 January 2027 are 2 December; nothing was mailed, or was mailed and is not proved."""
    office.imports(f"{HEADINGS}\n{BIRCH.replace('contract-30-plus-3bd', '30 days from receipt')}\n")
    for late in (office.on("2026-12-03"), office.on("2026-12-10")):
        steps = working(late, "N-2")
        assert steps[-1] == "the last day to receive a notice in time was Wed 2 Dec 2026"
        assert not any(step.endswith(": in time") for step in steps)
        if late.today == "2026-12-03":
            office.does("approve", RATES)
            office.does("print", RATES)
            office.drops("2026-11-24 14:10", *FIRST)


def test_drop_says_each_late_clients_own_last_day(printed: Office) -> None:
    """On Monday 30 November it is too late for Birch Lane alone, whose contract adds three business days."""
    said = printed.on("2026-11-30").drops("2026-11-30 14:10", *FIRST).said
    assert "LATE for 1 of 4 clients: the approval was good until Sat 28 Nov 2026" in said
    assert "2027-rates-L-0003 Birch Lane Dental: its last day was Sat 28 Nov 2026" in said
    assert "Ash Street" not in said


def test_and_where_all_are_late(printed: Office) -> None:
    said = printed.on("2026-12-10").drops("2026-12-10 14:10", *FIRST).said
    assert "LATE for 4 of 4 clients" in said
    assert "2027-rates-L-0002 Ash Street Bakery: its last day was Wed 2 Dec 2026" in said
    assert "2027-rates-L-0003 Birch Lane Dental: its last day was Sat 28 Nov 2026" in said
