"""`mailer status`: what is due, what needs attention, and the story of each piece.

Four letters in ZIP order: 1 Dogwood Press, 2 Ash Street Bakery, 3 Birch Lane Dental, 4 Cedar Hill Law.
"""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.fakes.lob import Handle
from tests.support.office import FIRST, HEADINGS, LETTERS, RATES, Office

pytestmark = pytest.mark.days

L1, L2, L3, L4 = (f"2027-rates-L-000{number}" for number in range(1, 5))
ENDPOINT = "POST /v1/letters"


def attention(office: Office, name: str = RATES) -> dict[str, list[str]]:
    """Why → the pieces that need it."""
    found = office.does("status", name, "--json").json
    return {group["why"]: [one["piece"] for one in group["pieces"]] for group in found["attention"]}


def story(office: Office, piece: str) -> list[tuple[str, str]]:
    (found,) = office.does("status", RATES, piece, "--json").json
    return [(step["day"], step["text"]) for step in found["steps"]]


def due(office: Office, name: str = RATES) -> dict[str, Any]:
    return dict(next(one for one in office.does("status", "--json").json if one["campaign"] == name))


def test_the_story_of_a_piece_that_went_came_back_and_was_repeated(both: Office) -> None:
    both.does("certified", L2, "7019 2280 0001 2345 6789")
    both.drops("2026-11-24 14:10", *FIRST)
    later = both.on("2026-11-27")
    later.does("returned", L2, "--on", "2026-11-27", "--reason", "address wrong", "--note", "no such number")
    later.does("reprint", L2, "--reason", "address corrected")
    handed_over = "handed over at 14:10 by Dana Whitcomb, Main Post Office, Sacramento, first class"
    assert story(later, L2) == [
        ("2026-11-24", "prepared"),
        ("2026-11-24", "approved by Dana Whitcomb, for a hand-over until Sat 28 Nov 2026"),
        ("2026-11-24", "printed in job 1 by Ada"),
        ("2026-11-24", "certified mail 7019 2280 0001 2345 6789"),
        ("2026-11-24", f"{handed_over}; counts as mailed Tue 24 Nov 2026"),
        ("2026-11-27", "came back, address wrong: no such number"),
        ("2026-11-27", "repeated as 2027-rates-L-0005: address corrected"),
    ]
    (told,) = later.does("status", RATES, "2", "--json").json
    del told["steps"]
    assert told == {
        "piece": L2,
        "name": "Ash Street Bakery",
        "clients": ["N-1"],
        "status": "returned",
        "certified": "7019 2280 0001 2345 6789",
        "repeats": None,
        "repeated_as": ["2027-rates-L-0005"],
    }
    assert story(later, "5")[0] == ("2026-11-27", "made to repeat 2027-rates-L-0002: address corrected")
    assert "returned" not in attention(later)  # it was repeated
    assert len(later.does("status", RATES, "--all", "--json").json) == 5


def test_a_job_that_was_destroyed_is_told(both: Office) -> None:
    both.does("destroy", RATES, "--reason", "wrong paper")
    assert story(both, L1)[-1] == (
        "2026-11-24",
        "job 1 was destroyed: wrong paper; it may be printed or sent again",
    )


def test_a_summary_first_and_only_what_needs_attention(both: Office) -> None:
    both.drops("2026-11-24 14:10", *FIRST, "--except", L4, "--reason", "spoiled")
    later = both.on("2026-12-04")
    later.does("returned", L2, "--on", "2026-12-04")
    ran = later.narrow().does("status", RATES)
    assert "2027-rates: 4 letters approved by Dana Whitcomb on Tue 24 Nov 2026; hand over until" in ran.said
    assert "produced 1 mailed 2 returned 1" in ran.said
    assert "1 came back, not repeated yet." in ran.said
    assert f"{L2} Ash Street Bakery" in ran.said
    assert "1 printed in job 1 and not handed over to the post, though others of the job went" in ran.said
    assert f"{L4} Cedar Hill Law" in ran.said
    assert L1 not in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert attention(later) == {"returned": [L2], "undropped": [L4]}


def test_nothing_needs_attention(mailed: Office) -> None:
    assert "Nothing needs attention." in mailed.does("status", RATES).said
    assert attention(mailed) == {}


def test_a_thousand_pieces_stay_readable(office: Office) -> None:
    """A group names 20 of its pieces; the JSON has all."""
    rows = (f"M-{n},Client {n} Ltd,,c{n}@many.example,{n} Long Street,Sacramento,CA,95814,none,,130.00"
            for n in range(1, 31))  # fmt: skip
    office.imports("\n".join((HEADINGS, *rows)) + "\n")
    for command in ("approve", "print"):
        office.does(command, RATES)
    office.drops("2026-11-24 14:10", *FIRST, "--range", "1-4")
    ran = office.does("status", RATES)
    assert "30 printed in job 1 and not handed over to the post" in ran.said
    assert "… and 10 more: --json lists them" in ran.said
    assert len(ran.out.splitlines()) < 40
    assert len(attention(office)["undropped"]) == 30


def test_the_story_of_what_a_service_took(approved: Office, fake_lob: Handle) -> None:
    lobbed = approved.by_lob(fake_lob.base)
    lobbed.does("send", RATES)
    steps = story(lobbed, L1)
    assert steps[2] == ("2026-11-24", "being sent to Lob")
    (id_,) = [letter["id"] for letter in fake_lob.letters() if letter["label"] == L1]
    assert steps[3][1].startswith(f"accepted by Lob as {id_}, expected ")
    assert steps[3][1].endswith(", under a test key: nothing is printed")
    assert due(lobbed)["stage"] == "sent"
    assert due(lobbed)["next"] == "track"
    found = lobbed.does("status", RATES, "--json").json
    assert found["cancel"]["pieces"] == 4
    assert [group["why"] for group in found["attention"]] == ["test"]
    assert "4 can be cancelled until" in lobbed.does("status", RATES).said


def test_what_was_refused_or_not_answered_is_a_problem(approved: Office, fake_lob: Handle) -> None:
    lobbed = approved.by_lob(fake_lob.base)
    fake_lob.tell(
        faults=[
            {"kind": "422", "on": ENDPOINT, "label": L1, "times": 0},
            {"kind": "500", "on": ENDPOINT, "label": L2, "times": 0},
        ]
    )
    lobbed.does("send", RATES, exits=4)
    assert attention(lobbed)["rejected"] == [L1]
    assert attention(lobbed)["unknown"] == [L2]
    assert story(lobbed, L1)[-1][1] == "refused by Lob: invalid: An invalid request was made."
    assert story(lobbed, L2)[-1][1].startswith("no certain answer from Lob, which may have it: ")
    one = due(lobbed)
    assert (one["stage"], one["next"]) == ("sending", "send again")
    assert one["problem"] == "1 refused by the service, 1 with no answer from the service"
    said = lobbed.does("status", RATES).said
    assert (
        "1 with no answer from the service: it may have them. Never print them: mailer send 2027-rates"
        in said
    )
    assert f"{L1} Dogwood Press: invalid: An invalid request was made." in said


def test_what_was_cancelled_needs_a_successor(approved: Office, fake_lob: Handle) -> None:
    lobbed = approved.by_lob(fake_lob.base)
    lobbed.does("send", RATES)
    lobbed.does("cancel", RATES, "--reason", "the rates were corrected")
    assert attention(lobbed) == {"cancelled": [L1, L2, L3, L4]}
    assert (due(lobbed)["stage"], due(lobbed)["next"]) == ("stopped", "print --remaining")
    assert story(lobbed, L1)[-1][1] == "cancelled at Lob: the rates were corrected"
    lobbed.does("print", RATES, "--remaining")
    assert attention(lobbed) == {"undropped": [f"2027-rates-L-000{n}" for n in range(5, 9)]}
    assert story(lobbed, L1)[-1][1].startswith("repeated as 2027-rates-L-0005")
    assert due(lobbed)["problem"] == ""


def test_where_a_service_says_it_is(approved: Office, fake_lob: Handle) -> None:
    lobbed = approved.by_lob(fake_lob.base)
    lobbed.does("send", RATES)
    for kind, day in (("mailed", 25), ("in_transit", 27), ("delivered", 30)):
        fake_lob.tell(events=[{"type": kind, "label": L1, "time": f"2026-11-{day}T20:00:00Z"}])
    lobbed.on("2026-12-01").does("track", RATES)
    assert story(lobbed, L1)[-3:] == [
        ("2026-11-25", "in the post (Lob); counts as mailed Wed 25 Nov 2026"),
        ("2026-11-27", "in transit"),
        ("2026-11-30", "delivered"),
    ]


@pytest.mark.parametrize(
    ("words", "exits", "says"),
    [
        (("2028-rates",), 2, "there is no campaign '2028-rates'"),
        (("2027-hours",), 1, "nothing was made for it yet"),
        ((RATES, "99"), 1, "there is no piece 2027-rates-L-0099. The last one is 2027-rates-L-0004."),
        ((RATES, "0"), 1, "there is no piece 2027-rates-L-0000"),
        ((RATES, "2026-12-N-0001"), 2, "is not a piece of this mailing"),
        ((RATES, "L1"), 2, "is not a piece of this mailing"),
        (("--all",), 2, "--all goes with NAME alone"),
        ((RATES, "1", "--all"), 2, "--all goes with NAME alone"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    printed: Office, words: tuple[str, ...], exits: int, says: str
) -> None:
    assert says in printed.does("status", *words, exits=exits).said


def test_a_faulty_campaign_still_tells_its_pieces(mailed: Office) -> None:
    mailed.edit("campaigns/2027-rates/campaign.toml", "kind =", "kinds =")
    assert f"{L1} Dogwood Press (N-4): mailed" in mailed.does("status", RATES, L1).said


def test_a_campaign_whose_folder_is_gone_while_its_letters_wait(printed: Office) -> None:
    """Four printed letters lay there, and nobody was told: "No campaigns yet"."""
    shutil.rmtree(printed.root / "campaigns")
    (printed.root / "campaigns").mkdir()
    said = printed.does("status").said
    assert "2027-rates faulty mend its files" in said
    assert "campaigns/2027-rates/campaign.toml does not exist" in said
    assert "2027-rates mend its files" in printed.does().said
    printed.does("handed-over", "--at", "2026-11-24 14:10", "--by", "S", "--place", "P", "--yes")
    assert "No campaigns yet" in printed.does("status").said


def test_a_policy_that_many_have_an_exception_to_is_proposed_for_change(office: Office) -> None:
    rows = (f"M-{n},Client {n} Ltd,,c{n}@many.example,{n} Long Street,Sacramento,CA,95814,none,,130.00"
            for n in range(1, 6))  # fmt: skip
    office.imports("\n".join((HEADINGS, *rows)) + "\n")
    for n in range(1, 6):
        assert "Consider changing" not in office.does("status").said
        office.does("exception", "add", f"M-{n}", "--policy", "house-30-day", "--reason", "asked for it")
    said = office.does("status").said
    assert "5 of 9 clients have an exception to “house-30-day”. Consider changing the policy:" in said


def test_an_approval_that_is_stale_is_said_before_print_refuses_it(approved: Office) -> None:
    assert "print or send" in approved.does("status").said
    assert "Nothing needs attention" in approved.does("status", RATES).said
    approved.edit(LETTERS, "Thank you", "We thank you")
    assert "approve again" in approved.does("status").said
    assert "approve again" in approved.does().said
    said = approved.does("status", RATES).said
    assert "4 approved before definition, texts, letterhead or profile changed." in said
    assert "mailer approve 2027-rates --by NAME" in said
    assert "Nothing needs attention" not in said
    approved.does("print", RATES, exits=3)


def test_a_copy_of_a_letter_whose_notice_holds_is_never_overdue(mailed: Office) -> None:
    """Under a deposit clause a client that moved was given notice: the copy is a courtesy."""
    later = mailed.on("2026-12-05")
    later.does("returned", L4, "--on", "2026-12-05", "--reason", "moved")
    later.does("reprint", L4, "--reason", "new address")
    one = due(later)
    assert (one["stage"], one["next"], one["by"], one["overdue"]) == ("printed", "hand over", None, False)


def test_a_copy_of_a_letter_whose_notice_is_undone_is_overdue(mailed: Office) -> None:
    later = mailed.on("2026-12-05")
    later.does("returned", L4, "--on", "2026-12-05", "--reason", "address wrong")
    later.does("reprint", L4, "--reason", "address corrected")
    assert due(later)["overdue"] is True
