"""The evidence pack of a small real mailing (tests.support.evidence): what it holds and says."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailer.errors import MailerError
from mailer.evidence.clientproof import make_for
from mailer.evidence.packfolder import addressees_csv
from mailer.evidence.packondisk import verify_folder
from mailer.evidence.record import addressees, read_record
from mailer.pages.pagehash import piece_hashes
from mailer.spool import Spool
from mailer.standing.returns import returned
from tests.support.evidence import FIVE, NAMES, NOW, RECEIPT, as_of_monday, at, really_imports, text_of
from tests.support.office import RATES, Office, page_texts


def test_what_lies_in_it(pack: Path) -> None:
    names = sorted(path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file())
    assert names == [
        "README.txt",
        "SHA256SUMS",
        "addressees.csv",
        "addresses.jsonl",
        "check.json",
        "declaration.pdf",
        "events.jsonl",
        "evidence.pdf",
        "jobs/2027-rates-job-1-manifest.csv",
        "manifest.json",
        "pieces.csv",
        "pieces/2026-12-N.pdf",
        "pieces/2027-rates-L.pdf",
        "receipts/2027-rates-1-scan-of-receipt-1.pdf",
        "rules.json",
    ]
    assert (pack / "receipts/2027-rates-1-scan-of-receipt-1.pdf").read_bytes() == RECEIPT


def test_the_pieces_are_the_bytes_that_were_approved(posted: Office, pack: Path) -> None:
    recorded = dict(posted.rows("SELECT number, sha256 FROM piece JOIN mailing ON mailing.id = mailing_id"
                                " WHERE campaign = '2027-rates'"))  # fmt: skip
    rows = list(csv.DictReader((pack / "pieces.csv").read_text("utf-8-sig").splitlines()))
    assert [row["Piece"] for row in rows] == [f"2027-rates-L-{number:04}" for number in range(1, 6)]
    for number, row in enumerate(rows, 1):
        pages = (int(row["First page"]), int(row["Last page"]))
        assert list(piece_hashes(pack / row["File"], [pages])) == [recorded[number]]


@pytest.mark.days
def test_the_day_count_is_explained(pack: Path) -> None:
    said = text_of(pack / "evidence.pdf")
    for words in (
        "Effective date Friday, January 1, 2027",
        "Working A: 2 clients, running",
        "38 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "Mon 30 Nov 2026: deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed).",
        "32 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "holds for all 5 clients of the campaign",
        "None: notice holds for every client of the campaign",
        "Handed over by Lee Ortiz, at Main Post Office, Sacramento",
        "Tue 24 Nov 2026. Handed over at 14:10, not after the last pickup at 17:00.",
        "First-Class Mail",
        "Issue 2026-12: December 2026",
        "It was kept for 5.",
        "confirm with counsel",
    ):
        assert words in said, words
    assert "REHEARSAL" not in said


def test_the_rules_say_how_many_clients_each_governs(pack: Path) -> None:
    rules = {rule["id"]: rule["clients"] for rule in json.loads((pack / "rules.json").read_text())}
    assert rules == {"house-30-day": 2, "contract-30-plus-3bd": 2, "contract-30-deposit": 1}


def test_every_page_is_numbered_and_names_the_ledger(pack: Path) -> None:
    head = json.loads((pack / "manifest.json").read_text())["chain"]["head"]
    pages = page_texts(pack / "evidence.pdf")
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert head in page
        assert RATES in page
    assert all(head in page for page in page_texts(pack / "declaration.pdf"))


@pytest.mark.days
def test_every_addressee_and_event_is_listed(posted: Office, pack: Path) -> None:
    said = text_of(pack / "evidence.pdf").replace(" ", "")
    for name, contact, *_ in NAMES.values():
        assert name.replace(" ", "") in said
        assert contact.replace(" ", "") in said
    for digest, hashed in posted.rows("SELECT hash, payload FROM event WHERE subject = '2027-rates/letter'"):
        assert str(digest) in said
        assert json.loads(str(hashed)).get("sha256", "") in said


def test_the_columns_of_ps_form_3665(pack: Path) -> None:
    content = (pack / "addressees.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [
        "Line", "USPS Tracking Number / Firm-specific Identifier", "Name", "Street", "City", "State",
        "ZIP Code", "Postage", "Fee", "Special Handling", "Parcel Airlift",
    ]  # fmt: skip
    zoe = next(row for row in rows if "Café Zoë" in row[2])
    assert zoe == [
        "4", "2027-rates-L-0004", "Café Zoë, Attn: Renée Müller", "5 Elm Street, Unit 2", "Sacramento", "CA",
        "95819", "", "", "", "",
    ]  # fmt: skip
    assert len(rows) == 6


def test_a_name_that_a_spreadsheet_would_run(posted: Office) -> None:
    with at(posted, "2026-11-30 10:00") as mail:
        record = read_record(mail, RATES, NOW)
    lines = ("=HYPERLINK(1)", "1 Ash Street", "Sacramento CA 95814")
    pieces = Spool([replace(next(iter(record.pieces)), lines=lines)])
    one = replace(record, pieces=pieces, names=[1])
    assert "'=HYPERLINK(1)" in "".join(addressees_csv(pieces, addressees(one, None)))


def test_a_second_pack_is_the_same_bytes_under_another_name_and_nothing_is_recorded(posted: Office) -> None:
    before = posted.recorded()
    first, second = as_of_monday(posted).folder, as_of_monday(posted).folder
    assert (first.name, second.name) == ("2027-rates-2026-11-30", "2027-rates-2026-11-30-2")
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
    assert posted.recorded() == before


def test_a_strange_folder_is_left_alone(posted: Office) -> None:
    strange = posted.root / "mine"
    strange.mkdir()
    (strange / "thesis.txt").write_text("years of work")
    with pytest.raises(MailerError, match="is not an evidence pack of 2027-rates"):
        as_of_monday(posted, out=strange)
    assert [path.name for path in strange.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_receipt_that_is_missing_or_changed(posted: Office, how: str) -> None:
    ((digest,),) = posted.rows("SELECT receipt FROM mail_drop WHERE receipt IS NOT NULL")
    path = posted.root / "files" / str(digest)[:2] / str(digest)
    path.unlink() if how == "gone" else path.write_bytes(b"forged")
    with pytest.raises(
        MailerError, match=r"the receipt scan of receipt #1\.pdf of the hand-over on Tue 24 Nov 2026"
    ):
        as_of_monday(posted)
    assert not list((posted.root / "evidence").glob("*"))


def test_pages_that_were_changed(posted: Office) -> None:
    ((digest,),) = posted.rows("SELECT DISTINCT file FROM piece JOIN mailing ON mailing.id = mailing_id"
                               " WHERE campaign = '2027-rates'")  # fmt: skip
    path = posted.root / "files" / str(digest)[:2] / str(digest)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(
        MailerError, match="the approved pages of 2027-rates-L-0001 are missing or were changed"
    ):
        as_of_monday(posted)
    assert not list((posted.root / "evidence").glob("*"))


def test_without_the_pieces_and_without_a_job_list_that_was_edited(posted: Office) -> None:
    manifest = posted.job() / "manifest.csv"
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    folder = as_of_monday(posted, pieces=False).folder
    assert not (folder / "jobs").exists()
    assert "manifest.csv was changed after it was recorded" in text_of(folder / "evidence.pdf")
    assert not (folder / "pieces").exists()
    found = verify_folder(folder)
    assert (found.problems, found.pieces, found.documents) == ([], 5, 0)
    assert "left out of this pack" in (folder / "README.txt").read_text(encoding="utf-8")


@pytest.mark.days
def test_what_an_opponent_would_find_is_said_first(posted: Office) -> None:
    """Another address, another text and another date since; a client who left."""
    moved = FIVE.replace("1 Ash Street,", "99 New Road,").replace("N-3,", "N-3,", 1)
    really_imports(posted, moved, "moved.csv")
    posted.edit("campaigns/2027-rates/campaign.toml", "effective = 2027-01-01", "effective = 2027-01-08")
    front = page_texts(as_of_monday(posted).folder / "evidence.pdf")[0]
    assert "Addresses changed since. 1 piece (2027-rates-L-0001) was addressed differently" in front
    assert "Changed since the approval." in front
    assert "Letters state Fri 1 Jan 2027; the campaign’s definition now says Fri 8 Jan 2027." in front
    assert "Compare the receipt with the record: it should show 5 pieces and Tue 24 Nov 2026." in front


def test_a_piece_that_came_back_and_was_mailed_again(posted: Office) -> None:
    """Its reason is said in the pack, and for one client only where it was said of that piece alone."""
    with at(posted, "2026-11-28 10:00") as mail:
        labels = ["2027-rates-L-0001", "2027-rates-L-0002"]
        returned(mail, labels, on=date(2026, 11, 28), reason="moved", note="left no address", actor="Ada")
        returned(
            mail, ["2027-rates-L-0003"], on=date(2026, 11, 28), reason="refused", note="by him", actor="Ada"
        )
    folder = as_of_monday(posted).folder
    said = text_of(folder / "evidence.pdf")
    assert (
        "Returned. 3 pieces (2027-rates-L-0001, 2027-rates-L-0002, 2027-rates-L-0003) were returned." in said
    )
    assert "came back Sat 28 Nov 2026, moved “left no address” event" in said
    assert "no letter was made again" in said
    assert "Sat 28 Nov 2026: came back; the notice stands" in said
    assert verify_folder(folder).problems == []
    with at(posted, "2026-11-30 10:00") as mail:
        one, three = (make_for(mail, RATES, who, now=NOW) for who in ("N-2", "N-3"))
    one_said, three_said = text_of(one.file), text_of(three.file)
    assert "What happened to it came back Sat 28 Nov 2026, moved; event" in one_said
    assert "What was done: no letter was made again." in one_said
    assert "What happened to it came back Sat 28 Nov 2026, refused; “by him”; event" in three_said


def test_a_letterhead_of_before_has_the_shipped_pages(posted: Office) -> None:
    (posted.root / "letterhead" / "evidence.html.j2").unlink()
    assert "Friday, January 1, 2027" in page_texts(as_of_monday(posted).folder / "evidence.pdf")[0]


def test_a_client_who_left_is_judged_by_the_letter(posted: Office) -> None:
    left = FIVE.replace("Contract,Notice", "Active,Contract,Notice").replace(",none,", ",yes,none,")
    left = left.replace(",managed,", ",yes,managed,").replace(",own-terms,", ",no,own-terms,")
    really_imports(posted, left, "left.csv")
    folder = as_of_monday(posted).folder
    said = text_of(folder / "evidence.pdf")
    assert "No longer in the campaign. 1 client got a letter and left" in said
    assert "holds for all 4 clients of the campaign" in said
    with at(posted, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, "N-3", now=NOW)
    assert proof.holds
    assert "38 days to Fri 1 Jan 2027; 30 are needed: in time." in text_of(proof.file)
