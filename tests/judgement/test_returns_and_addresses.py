"""What comes back, and addresses that were wrong: what is billed, checked and proved then.

30 days for Friday 1 January 2027 are counted from the deposit on Tuesday 24 November 2026.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailer.evidence.packondisk import verify_folder
from tests.support.evidence import text_of
from tests.support.office import ASH, CEDAR, FIRST, HEADINGS, RATES, Office

ASH_LETTER, CEDAR_LETTER = "2027-rates-L-0002", "2027-rates-L-0004"  # in ZIP order; Davis is the first
JANUARY = "2027-01-04"
WRONG = ("--reason", "address wrong", "--note", "no such number")
CORRECT = ("clients", "correct", "N-1", "--line1", "12 Ash Street", "--reason", "our list had another number")


def state(office: Office, number: str = "N-1") -> tuple[str, bool]:
    found = office.checked()[number]
    return found["state"], found["safe"]


def pack(office: Office) -> tuple[Path, str]:
    """A pack that holds, and the text of its evidence.pdf."""
    folder = office.root / "pack"
    office.does("evidence", RATES, "--out", str(folder))
    assert verify_folder(folder).problems == []
    return folder, text_of(folder / "evidence.pdf")


def ledger_holds(office: Office) -> None:
    assert office.does("ledger", "verify").code == 0


def test_no_such_number_and_then_corrected_as_our_mistake(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", ASH_LETTER, "--on", "2026-12-04", *WRONG)
    assert state(later) == ("returned", False)
    later.on("2026-12-11").does(*CORRECT, "--was-wrong-since", "2026-06-01")
    january = mailed.on("2027-01-05")
    assert state(january) == ("returned", False)
    ash = january.checked()["N-1"]
    assert "came back, its address was wrong: correct the address and mail again" in ash["reason"]
    assert (ash["letter"]["returned_on"], ash["letter"]["misaddressed_on"]) == ("2026-12-04", "2026-12-04")
    assert ash["letter"]["return_reason"] == "address wrong"
    assert january.rate("N-1", JANUARY) == "130.00"
    assert january.rate("N-3", JANUARY) == "159.00"  # the others' letters stand
    folder, said = pack(january)
    assert "orrectly addressed" not in said.replace("wrongly addressed", "")
    assert "came back Fri 4 Dec 2026, address wrong" in said
    assert "“no such number”" in said
    assert "our mistake since Mon 1 Jun 2026" in said
    assert "12 Ash Street" in said
    held = {one["piece"]: one["holds"] for one in json.loads((folder / "check.json").read_text())["clients"]}
    assert held[ASH_LETTER] is False
    assert held[CEDAR_LETTER] is True
    ledger_holds(january)


def test_our_mistake_alone_undoes_it_too(mailed: Office) -> None:
    later = mailed.on("2026-12-11")
    said = later.does(*CORRECT, "--was-wrong-since", "2026-11-24").said
    assert f"{ASH_LETTER} was wrongly addressed" in said
    assert state(later) == ("address wrong", False)
    assert "its address was wrong: correct it and mail again" in later.checked()["N-1"]["reason"]
    assert later.rate("N-1", JANUARY) == "130.00"
    overview = later.does("status", RATES).said
    assert "1 went to an address that was wrong by our mistake, not repeated yet" in overview
    story = later.does("status", RATES, ASH_LETTER).said
    assert "its address was found to have been wrong, by our mistake" in story
    (made,) = later.does("remedy", RATES, "--dry-run", "--json").json["clients"]
    assert (made["number"], made["why"]) == ("N-1", "corrected")
    assert made["because"] == f"{ASH_LETTER} went to an address that was found wrong on Fri 11 Dec 2026"
    _, said = pack(later)
    assert "its address was found to be wrong Fri 11 Dec 2026" in said
    assert "came back" not in said.split("What came back")[1].split("Schedule A")[0]
    ledger_holds(later)


def test_wrong_since_a_day_after_the_mailing_touches_nothing(mailed: Office) -> None:
    later = mailed.on("2026-12-11")
    said = later.does(*CORRECT, "--was-wrong-since", "2026-11-25").said
    assert "Nothing went there since Wed 25 Nov 2026" in said
    assert state(later) == ("running", True)
    assert later.rate("N-1", JANUARY) == "138.00"
    assert later.rows("SELECT count(*) FROM event WHERE kind = 'pieces.misaddressed'") == [(0,)]
    pack(later)


def test_without_the_words_a_correction_changes_no_notice(mailed: Office) -> None:
    later = mailed.on("2026-12-11")
    later.does(*CORRECT)
    assert state(later) == ("running", True)
    later.on("2026-12-14").does("clients", "correct", "N-1", "--was-wrong-since", "2026-11-24",
                                "--reason", "it was a typing error")  # fmt: skip
    assert state(later.on("2026-12-14")) == ("address wrong", False)
    assert later.rows("SELECT line1 FROM client WHERE number = 'N-1'") == [("12 Ash Street",)]
    pack(later.on("2026-12-14"))


def test_a_proved_receipt_stands_whatever_came_back(mailed: Office) -> None:
    december, january = mailed.on("2026-12-01"), mailed.on("2027-01-20")
    december.does("received", ASH_LETTER, "--on", "2026-11-28", "--proof", "the green card")
    said = january.does("returned", ASH_LETTER, "--on", "2027-01-19", *WRONG).said
    assert f"{ASH_LETTER} was received on Sat 28 Nov 2026, as is proved; that stands." in said
    assert state(january) == ("compliant", True)
    assert any(
        "came back; it was received on Sat 28 Nov 2026" in s for s in january.checked()["N-1"]["working"]
    )
    assert january.rate("N-1", JANUARY) == "138.00"
    january.does(*CORRECT, "--was-wrong-since", "2026-06-01")
    assert state(january) == ("compliant", True)
    _, said = pack(january)
    assert "came back Tue 19 Jan 2027, address wrong" in said
    assert "received Sat 28 Nov 2026, as is proved" in said
    ledger_holds(january)


def test_a_receipt_that_comes_to_light_after_the_return_is_recorded(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", ASH_LETTER, "--on", "2026-12-04", *WRONG)
    said = later.does("received", ASH_LETTER, "--on", "2026-11-28", "--proof", "the green card").said
    assert f"{ASH_LETTER} came back on Fri 4 Dec 2026; a receipt that is proved stands all the same." in said
    assert state(later) == ("running", True)
    assert later.pieces()[1] == (2, "returned")
    said = later.does("received", ASH_LETTER, "--on", "2026-12-07", "--proof", "the driver's word").said
    assert "was recorded as received on Sat 28 Nov 2026; what is recorded last counts." in said
    assert "was recorded as come back on Fri 4 Dec 2026, before that day: look at both." in said
    ledger_holds(later)


@pytest.mark.parametrize("reason", ["refused", "unclaimed", "moved", "other", ""])
def test_what_was_addressed_rightly_stands_under_a_deposit_rule(mailed: Office, reason: str) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", ASH_LETTER, "--on", "2026-12-04", *(("--reason", reason) if reason else ()))
    assert state(later) == ("running", True)
    assert later.rate("N-1", JANUARY) == "138.00"
    assert not any("orrectly addressed" in step for step in later.checked()["N-1"]["working"])


@pytest.mark.parametrize(("of_record", "holds"), [(True, True), (False, False)])
@pytest.mark.parametrize("how", ["returned", "corrected"])
def test_a_term_that_asks_for_the_last_address_given(
    office: Office, how: str, of_record: bool, holds: bool
) -> None:
    term = "30 days from deposit to the last address given"
    office.imports(f"{HEADINGS}\n{ASH.replace('none,,', f'own-terms,{term},')}\n{CEDAR}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    later = office.on("2026-12-10")
    letter = later.checked()["N-1"]["letter"]["piece"]
    flag = ("--address-of-record",) if of_record else ()
    if how == "returned":
        later.does("returned", letter, "--on", "2026-12-04", "--reason", "address-wrong", *flag)
    else:
        later.does(*CORRECT, "--was-wrong-since", "2026-11-01", *flag)
    assert state(later)[1] is holds
    assert later.rate("N-1", JANUARY) == ("138.00" if holds else "130.00")
    stands = any("sent to the last address given" in step for step in later.checked()["N-1"]["working"])
    assert stands is holds
    pack(later)
    # Under any other term it is of no help.
    other = later.checked()["N-3"]["letter"]["piece"]
    later.does("returned", other, "--on", "2026-12-04", "--reason", "address wrong", "--address-of-record")
    assert state(later, "N-3") == ("returned", False)


def test_billed_at_risk_knows_neither_return_nor_correction_of_later(mailed: Office) -> None:
    later = mailed.on("2027-01-20")
    later.does("returned", ASH_LETTER, "--on", "2027-01-12", *WRONG)
    later.does("clients", "correct", "N-3", "--line1", "33 Cedar Hill", "--reason", "our typing error",
               "--was-wrong-since", "2026-06-01")  # fmt: skip
    for number, day, rate, risk in (
        ("N-1", "2027-01-04", "130.00", "8.00"),  # billed at $138 then, before the letter came back
        ("N-1", "2027-01-12", "130.00", None),  # known that day
        ("N-3", "2027-01-19", "150.00", "9.00"),  # 6% of $150, corrected on the 20th
        ("N-3", "2027-01-20", "150.00", None),
    ):
        found = later.does("rates", "--worked-on", day, "--client", number, "--json").json["clients"][0]
        (service,) = found["services"]
        assert (service["rate"], service["at_risk"]) == (rate, risk), (number, day)


def test_the_reason_may_be_known_later_than_the_return(mailed: Office) -> None:
    """A reason that is known later is recorded; what an older mailer wrote has none."""
    later = mailed.on("2026-12-10")
    later.does("returned", ASH_LETTER, "--on", "2026-12-04")
    assert state(later) == ("running", True)
    said = later.does("returned", ASH_LETTER, "--on", "2026-12-07", *WRONG).said
    assert f"{ASH_LETTER} was recorded as come back on Fri 4 Dec 2026; what is recorded last counts." in said
    assert state(later) == ("returned", False)
    said = later.does("returned", ASH_LETTER, "--on", "2026-12-08", "--reason", "refused").said
    assert "stays wrongly addressed, as was found on Mon 7 Dec 2026." in said
    assert state(later) == ("returned", False)
    pack(later)
    ledger_holds(later)


def test_a_printed_letter_that_is_mailed_with_the_wrong_address_counts_as_such(office: Office) -> None:
    office.imports(f"{HEADINGS}\n{ASH}\n{CEDAR}\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.does(*CORRECT, "--was-wrong-since", "2026-06-01")
    office.drops("2026-11-24 14:10", *FIRST)
    assert state(office)[1] is False
    assert state(office, "N-3") == ("running", True)


def test_it_is_the_address_of_the_letter_that_is_judged(office: Office) -> None:
    """A letter that went to the notice address is untouched by a wrong mailing address, and the other way."""
    office.imports(f"{HEADINGS}\n{ASH}\n{CEDAR}\n")
    box = ("--line1", "PO Box 9", "--city", "Davis", "--state", "CA", "--zip", "95616")
    office.does("clients", "correct", "N-1", "--notice", *box, "--reason", "the contract names it")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST)
    later = office.on("2026-12-10")
    later.does(*CORRECT, "--was-wrong-since", "2026-06-01")
    assert state(later) == ("running", True)
    notice = ("clients", "correct", "N-1", "--notice", "--line1", "PO Box 19", "--reason", "typing error")
    later.does(*notice, "--was-wrong-since", "2026-06-01")
    assert state(later) == ("address wrong", False)
    # N-3 should have had a notice address all along.
    own = ("clients", "correct", "N-3", "--notice", *box, "--reason", "the contract names it")
    later.does(*own, "--was-wrong-since", "2026-11-24")
    assert state(later, "N-3") == ("address wrong", False)


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("returned", ASH_LETTER, "--on", "2026-12-04", "--reason", "no such number"), 2,
         '"address wrong", "moved", "refused", "unclaimed", "other"'),
        (("returned", ASH_LETTER, "--on", "2026-12-04", "--reason", "moved", "--address-of-record"), 2,
         "it is said of an address that was wrong"),
        ((*CORRECT, "--address-of-record"), 2, "Give --was-wrong-since too"),
        ((*CORRECT, "--was-wrong-since", "2026-12-11"), 1, "2026-12-11 is in the future"),
        (("clients", "correct", "N-1", "--was-wrong-since", "2026-11-24", "--reason", "x"), 2,
         "nothing to correct was given"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused(
    mailed: Office, words: tuple[str, ...], exits: int, says: str
) -> None:
    later = mailed.on("2026-12-10")
    before = later.recorded()
    assert says in later.does(*words, exits=exits).said
    assert later.recorded() == before


def test_a_pack_that_hides_a_wrong_address_does_not_hold(mailed: Office) -> None:
    later = mailed.on("2026-12-10")
    later.does("returned", CEDAR_LETTER, "--on", "2026-12-04", *WRONG)
    later.does(*CORRECT, "--was-wrong-since", "2026-06-01")
    folder, _ = pack(later)
    for name, old, new, says in (
        ("addresses.jsonl", '"misaddressed":"2026-12-10"', '"misaddressed":null',
         f"{ASH_LETTER}: when its address was found to be wrong is not what the events say"),
        ("addresses.jsonl", '"return_reason":"address wrong"', '"return_reason":"refused"',
         f"{CEDAR_LETTER}: why it came back is not what the events say"),
        ("corrections.jsonl", '"wrong_since":"2026-06-01"', '"wrong_since":null',
         "corrections.jsonl: since when the address was wrong is not what the correction in event"),
    ):  # fmt: skip
        path = folder / name
        kept = path.read_text(encoding="utf-8")
        assert old in kept
        path.write_text(kept.replace(old, new), encoding="utf-8")
        assert any(problem.startswith(says) for problem in verify_folder(folder).problems)
        path.write_text(kept, encoding="utf-8")
    assert verify_folder(folder).problems == []
