"""What the checklist says of certified mail and mail abroad, from a job alone.

The shipped prices.toml has $0.78 by stamp, $0.74 by meter, and $5.30 on top for Certified Mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from mailer import shipped
from mailer.printroom.checklist import checklist_of
from mailer.printroom.checklistpage import Checklist
from mailer.printroom.jobpostage import priced
from mailer.printroom.jobsheet import JobPiece, JobPieces, JobSheet, Placed
from mailer.printroom.postagerates import load_postage
from mailer.settings import Firm, Mailroom, Postage, PrintStock, Stationery
from mailer.spool import Spool

TUESDAY = date(2026, 11, 24)
FIRM = Firm.model_validate({
    "name": "Cedar & Finch IT", "phone": "916-555-0142", "email": "a@b.example",
    "time_zone": "America/Los_Angeles",
    "address": {"line1": "1480 Millrace Way", "city": "Sacramento", "state": "CA", "zip": "95814"},
})  # fmt: skip
CANADA = ("Yew Books", "1 Yonge Street", "Toronto ON M5E 1W7", "CANADA")


def piece(number: int, *, certified: bool = False) -> JobPiece:
    lines = ("Ash Street Bakery", f"{number} Ash Street", "Sacramento CA 95814")
    return JobPiece(
        number, f"2027-rates-L-{number:04}", lines, "95814", Path("f"), 1, 2, "ab" * 32, certified
    )


def abroad(number: int, *, certified: bool = False) -> JobPiece:
    return replace(piece(number, certified=certified), recipient=CANADA, zip="M5E 1W7")


def checklist(pieces: Sequence[JobPiece], postage: Postage = Postage.STAMP) -> Checklist:
    sheet = JobSheet(
        "2027-rates-job-1", "2027-rates", False, FIRM, Stationery(), Mailroom(postage=postage), None, "",
        rehearsal=False, ordinal=1, notice=True, pieces=JobPieces(pieces),
    )  # fmt: skip
    sheet = priced(sheet, load_postage(shipped.campaigns() / "2027-rates", ["lob", "hotfolder"]), TUESDAY)
    placed = Spool(Placed(place, one, "letters.pdf", place) for place, one in enumerate(sheet.pieces, 1))
    return checklist_of(sheet, placed, ["letters.pdf"], "", uncoded=(), endorsed=True)


def test_certified_mail_has_a_group_a_price_and_a_step_of_its_own() -> None:
    made = checklist([piece(1), piece(2, certified=True), piece(3), piece(4, certified=True)])
    assert dict(made.facts)["Postage"] == (
        "First-Class Mail, stamps. 2 letters of about 0.38 oz: $0.78 each, $1.56. "
        "2 letters of about 0.38 oz, by Certified Mail: $6.08 each, $12.16. Together $13.72. "
        "Weigh one finished piece of each."
    )
    assert [(group.heading, [row.label for row in group.rows]) for group in made.groups] == [
        ("1 sheet in each envelope: 2 pieces", ["2027-rates-L-0001", "2027-rates-L-0003"]),
        ("1 sheet in each envelope, by Certified Mail: 2 pieces", ["2027-rates-L-0002", "2027-rates-L-0004"]),
    ]
    step, paying = made.steps[-2:]
    assert step.startswith(
        "2 pieces by Certified Mail, under a heading of their own: put the label of PS Form"
    )
    assert "by PS Form 3811, the green card ($4.40 more) or by e-mail ($2.82 more)." in step
    assert "mailer drop 2027-rates … --class certified --range 2,4; then their numbers" in step
    assert "mailer certified 2027-rates-L-0002 NUMBER" in step
    assert paying.startswith("Stamp each piece with $0.78, those by Certified Mail with $6.08.")


def test_where_all_are_certified_nothing_is_plain() -> None:
    made = checklist([piece(1, certified=True), piece(2, certified=True)], Postage.METER)
    assert dict(made.facts)["Postage"] == (
        "First-Class Mail, meter. 2 letters of about 0.38 oz, by Certified Mail: $6.04 each, $12.08. "
        "Weigh one finished piece of each."
    )
    assert made.steps[-1].startswith("Set the meter to $6.04.")


def test_certified_mail_does_not_go_abroad() -> None:
    made = checklist([piece(1, certified=True), abroad(2, certified=True), abroad(3)])
    assert (
        "Certified Mail does not go abroad. Take 0003 to the counter and ask for Registered Mail with a "
        "return receipt." in made.steps
    )
    assert [group.heading for group in made.groups] == [
        "1 sheet in each envelope, by Certified Mail: 1 piece",
        "1 sheet in each envelope, abroad (First-Class Mail International): 1 piece",
        "1 sheet in each envelope, abroad (Registered Mail): 1 piece",
    ]
    assert made.steps[-1].startswith(
        "Stamp those by Certified Mail with $6.08, those abroad with what the post asks."
    )


def test_plain_mail_has_no_step_for_it() -> None:
    assert not [step for step in checklist([piece(1)]).steps if "Certified" in step]


def newsletters(bound: PrintStock) -> Checklist:
    eight = [replace(piece(number), last=8, is_booklet=True) for number in (1, 2)]
    sheet = JobSheet(
        "2027-01-job-1", "2027-01", True, FIRM, Stationery(), Mailroom(), None, "",
        rehearsal=False, ordinal=1, notice=False, pieces=JobPieces(eight), bound=bound,
    )  # fmt: skip
    sheet = priced(sheet, load_postage(shipped.campaigns() / "2027-rates", ["lob", "hotfolder"]), TUESDAY)
    placed = Spool(Placed(place, one, "newsletters.pdf", place) for place, one in enumerate(sheet.pieces, 1))
    return checklist_of(sheet, placed, ["newsletters.pdf"], "", uncoded=(), endorsed=True)


def test_a_booklet_folded_once_is_a_flat_and_what_folding_again_saves_is_said() -> None:
    """prices.toml: a flat of an ounce $1.63, a letter $0.78; twice 85 cents are $1.70."""
    made = newsletters(PrintStock.BOOKLET)
    assert dict(made.facts)["Sheets of paper"] == "4, printed on both sides: 2 pieces of 2 sheets"
    assert dict(made.facts)["Postage"].startswith(
        "First-Class Mail, stamps. 2 large envelopes (flats) of about 0.90 oz: $1.63 each, $3.26."
    )
    assert made.steps[0].startswith("Print on 11 x 17 in paper (tabloid, ledger), both sides, short edge")
    assert "lie in each other, 1 outside; staple them twice in the fold" in made.steps[1]
    assert "As letters they would cost $0.78 each, which saves $1.70: folded again in three" in made.steps[2]
    assert made.steps[-1] == "Stamp each piece with $1.63."


def test_a_booklet_folded_again_is_a_letter() -> None:
    made = newsletters(PrintStock.BOOKLET_IN_THREE)
    assert "2 letters of about 0.91 oz: $0.78 each, $1.56." in dict(made.facts)["Postage"]
    assert "three tabs of 1 1/2 in, not perforated" in made.steps[2]
