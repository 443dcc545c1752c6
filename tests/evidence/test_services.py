"""The pack of a mailing that went by two routes (tests.support.served): Lob's pieces and the firm's own.

Lob's four count as mailed on Wednesday 25 November 2026, the firm's on Tuesday 24 and on 1 December. Fed. R.
Evid. 803(6), 902(11), (13), (14), 28 U.S.C. 1746(2) and Cal. Evid. Code 1271 say what a certificate states.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailer.cli.main import run
from mailer.evidence.clientproof import make_for
from mailer.evidence.packondisk import verify_folder
from mailer.pages.imposition import cut
from mailer.printroom.certified import Given, enter
from tests.support.evidence import at, text_of
from tests.support.office import RATES, Office, page_texts
from tests.support.served import DECEMBER, in_december, named

NAMES = {
    "N-1": ("Ash Street Bakery", "Ada Byrd"),
    "N-2": ("Birch Lane Dental", "Bo Dent"),
    "N-3": ("Cedar Hill Law", "Cy Lex"),
    "N-4": ("Dogwood Press", "Di Ink"),
    "N-5": ("Elder Garage", "Ed Gear"),
}


@pytest.fixture
def office(mixed: Office, tmp_path: Path) -> Office:
    return mixed.copy(tmp_path / "office")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.days
def test_the_story_that_all_of_this_is_about(mixed: Office) -> None:
    assert mixed.rows("SELECT number, status, counts_on, again_of FROM piece ORDER BY number") == [
        (1, "returned", "2026-11-25", None),
        (2, "delivered", "2026-11-25", None),
        (3, "rejected", None, None),
        (4, "cancelled", None, None),
        (5, "mailed", "2026-11-25", None),
        (6, "mailed", "2026-11-24", 3),
        (7, "mailed", "2026-11-25", 4),
        (8, "mailed", "2026-12-01", 1),
    ]


def test_what_lies_in_it(served_pack: Path) -> None:
    names = {path.relative_to(served_pack).as_posix() for path in served_pack.rglob("*") if path.is_file()}
    assert names == {
        "README.txt",
        "SHA256SUMS",
        "addressees.csv",
        "addresses.jsonl",
        "certificate-lob.pdf",
        "check.json",
        "corrections.jsonl",
        "declaration-1.pdf",
        "declaration-2.pdf",
        "events.jsonl",
        "evidence.pdf",
        "jobs/2027-rates-job-1-manifest.csv",
        "jobs/2027-rates-job-2-manifest.csv",
        "manifest.json",
        "pieces.csv",
        "pieces/2027-rates-L.pdf",
        "request-to-lob.pdf",
        "rules.json",
        "service.csv",
        "tracking.jsonl",
    }


def test_it_verifies_far_away(served_pack: Path, tmp_path: Path) -> None:
    found = verify_folder(served_pack)
    assert found.problems == []
    assert (found.pieces, found.documents, found.at_service, found.drops) == (8, 6, 5, 2)
    assert not found.rehearsal
    readme = (served_pack / "README.txt").read_text(encoding="utf-8")
    script = tmp_path / "verify.py"
    script.write_text(readme[readme.index("import hashlib") :], encoding="utf-8")
    words = [sys.executable, "-I", str(script)]
    done = subprocess.run(words, cwd=served_pack, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == found.head
    copy = shutil.copytree(served_pack, tmp_path / "copy")
    told = (copy / "tracking.jsonl").read_text(encoding="utf-8")
    (copy / "tracking.jsonl").write_text(told.replace("in_transit", "mailed", 1), encoding="utf-8")
    assert subprocess.run(words, cwd=copy, capture_output=True, check=False).returncode == 1


def test_verify_says_what_a_service_took(served_pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evidence", "verify", str(served_pack)]) == 0
    said = capsys.readouterr().out
    assert "8 pieces, 2 hand-overs, 0 receipts: as the ledger has them." in said
    assert "A mail service took 5 pieces; what it told agrees." in said


def test_the_section_on_the_service(mixed: Office, served_pack: Path) -> None:
    said = text_of(served_pack / "evidence.pdf")
    for words in (
        "Mailed by the firm: 2 pieces; Lob: 4 pieces",
        "Mailed by Lob. Nobody of the firm saw 4 pieces handed over: the day of deposit is what Lob",
        "1 piece (2027-rates-L-0007) was never reported as mailed: custody is taken from the first scan",
        "Accepted 4 pieces, 2026-11-24 18:30:00 UTC",
        "Counts as mailed Wed 25 Nov 2026: 4 pieces",
        "Custody rests on the service’s word “mailed” for 3, “in_transit” for 1",
        "Then reported 1 delivered, 1 returned",
        "so there is no declaration of mailing for them",
        "Schedule C: pieces mailed by Lob",
        "“in_transit” 2026-11-25 23:30:00 counts as mailed Wed 25 Nov 2026",
        "“delivered” 2026-11-28 18:00:00",
        "piece 6 repeats the approved pages of piece 3: the service rejected it",
    ):
        assert words in said, words
    letters = mixed.rows(
        "SELECT provider_id, submission.sha256 FROM submission JOIN piece ON piece.id = piece_id"
        " WHERE piece.status NOT IN ('rejected', 'cancelled')"
    )
    assert len(letters) == 4
    for letter, dispatched in letters:
        assert str(letter) in said
        assert str(dispatched) in said.replace(" ", "")


def test_what_was_dispatched_is_the_piece(served_pack: Path) -> None:
    rows = rows_of(served_pack / "service.csv")
    places = {row["Piece"]: row for row in rows_of(served_pack / "pieces.csv")}
    assert [row["Piece"] for row in rows] == [named(number) for number in (1, 2, 5, 7)]
    for row in rows:
        pages = (int(places[row["Piece"]]["First page"]), int(places[row["Piece"]]["Last page"]))
        sent = cut(served_pack / places[row["Piece"]]["File"], *pages)
        assert row["SHA-256 of what it got"] == hashlib.sha256(sent).hexdigest()
        assert row["Counts as mailed"] == "2026-11-25"
    assert rows[1]["Delivered at"] == "2026-11-28T18:00:00+00:00"
    assert (rows[0]["Name"], rows[0]["Address"]) == (
        "Dogwood Press, Attn: Di Ink",
        "4 Dogwood Way, Davis CA 95616",
    )


def test_the_post_form_lists_only_what_the_firm_handed_over(served_pack: Path) -> None:
    rows = rows_of(served_pack / "addressees.csv")
    assert [(row["Line"], row["Name"]) for row in rows] == [
        ("1", "Ash Street Bakery, Attn: Ada Byrd"),
        ("2", "Dogwood Press, Attn: Di Ink"),
    ]
    assert rows[1]["Street"] == "14 Dogwood Way"


def test_the_declarations_are_of_the_hand_overs_alone(served_pack: Path) -> None:
    first, second = text_of(served_pack / "declaration-1.pdf"), text_of(served_pack / "declaration-2.pdf")
    assert "Ash Street Bakery" in first
    assert "14 Dogwood Way" in second
    assert "Birch Lane Dental" not in first + second
    assert "Elder Garage" not in first + second


def test_what_was_refused_or_cancelled_is_never_served(served_pack: Path) -> None:
    said = text_of(served_pack / "evidence.pdf")
    assert "never mailed: 1 cancelled, 1 rejected" in said
    listed = {line["number"]: line for line in lines_of(served_pack / "addresses.jsonl")}
    assert [(n, line["status"]) for n, line in listed.items() if not line["deposited"]] == [
        (3, "rejected"),
        (4, "cancelled"),
    ]
    assert [listed[number]["file"] for number in (3, 4)] == [None, None]
    assert "cancelled a wrong enclosure 15 2027-rates-L-0007, mailed Wed 25 Nov 2026" in said
    check = json.loads((served_pack / "check.json").read_text())
    relied = {one["piece"] for one in check["clients"]}
    assert relied == {named(number) for number in (1, 2, 5, 6, 7)}


def test_a_return_its_correction_and_the_new_piece_stand_together(served_pack: Path) -> None:
    """Both addresses are kept."""
    (page,) = [
        page for page in page_texts(served_pack / "evidence.pdf") if "What came back, wrong addresses" in page
    ]
    said = page[page.index("What came back, wrong addresses") :]
    for words in (
        "2027-rates-L-0001",
        "From: 4 Dogwood Way, Davis CA 95616",
        "to: 14 Dogwood Way, Davis CA",
        "“the client told us its new number”",
        "2027-rates-L-0008, mailed Tue 1 Dec 2026",
        "notice holds working",
    ):
        assert words in said, words
    (fixed,) = lines_of(served_pack / "corrections.jsonl")
    assert (fixed["before"]["line1"], fixed["after"]["line1"]) == ("4 Dogwood Way", "14 Dogwood Way")


def test_the_certificate_for_the_firms_own_custodian(served_pack: Path) -> None:
    pages = page_texts(served_pack / "certificate-lob.pdf")
    assert "This sheet is not part of the certificate" in pages[0]
    assert "reasonable written notice" in pages[0]
    assert "§§ 1560–1562 is for a business that is no party" in pages[0]
    said = " ".join(pages[1:])
    for words in (
        "Fed. R. Evid. 803(6), 902(11), 902(13), 902(14); 28 U.S.C. § 1746; Cal. Evid. Code §§ 1270–1271",
        "I, ______________________, declare:",
        "I am the custodian of the records described here, or otherwise qualified",
        "made at or near the time by, or from information transmitted by, someone with knowledge",
        "kept in the course of a regularly conducted activity of the business",
        "making them was a regular practice of that activity",
        "They are prepared as follows.",
        "The SHA-256 of manifest.json is ____",
        "compare this pack with the copy of the ledger in it; both were found whole",
        "on Tuesday, November 24, 2026 Cedar & Finch IT sent Lob the pages of 4 pieces of the letter",
        "I did not deposit these pieces with the United States Postal Service and did not see it done.",
        "I declare under penalty of perjury that the foregoing is true and correct. Executed on ____",
        ", California.",
        "Name and title",
        "Schedule of pieces",
    ):
        assert words in said, words
    assert "party to this matter" not in said
    assert "Lee Ortiz" not in said
    assert "Dana Whitcomb" not in said


def test_the_signature_is_on_a_page_with_what_is_sworn(served_pack: Path) -> None:
    for name in ("certificate-lob.pdf", "request-to-lob.pdf", "declaration-1.pdf"):
        (page,) = [page for page in page_texts(served_pack / name) if "Signature" in page]
        assert "I declare under penalty of perjury" in page, name


def test_the_text_for_the_services_custodian(mixed: Office, served_pack: Path) -> None:
    pages = page_texts(served_pack / "request-to-lob.pdf")
    assert "had 4 letters printed and mailed by you" in pages[0]
    said = " ".join(pages[1:])
    for words in (
        "duly authorized custodian of the records described here or an otherwise qualified witness",
        "The attached copies are true copies",
        "They are prepared as follows: ____",
        "prepared by personnel of the business",
        "deposited with the United States Postal Service as First-Class Mail with the postage fully prepaid",
        "By your records",
    ):
        assert words in said, words
    letters = mixed.rows("SELECT provider_id FROM submission JOIN piece ON piece.id = piece_id"
                         " WHERE counts_on IS NOT NULL")  # fmt: skip
    assert all(str(letter) in said for (letter,) in letters)
    assert "2027-rates-L-0006" not in said


@pytest.mark.parametrize(
    ("who", "piece", "pages", "words"),
    [
        ("N-2", 7, 3, ("The post’s custody “in_transit”, 2026-11-25 23:30:00 UTC", "piece.reissued",
                       "This piece repeats the approved pages of 2027-rates-L-0004.")),
        ("N-3", 5, 3, ("“mailed”, 2026-11-25 20:00:00 UTC", "piece.posted")),
        ("N-4", 1, 3, ("“returned_to_sender”, 2026-12-01 17:00:00 UTC", "From: 4 Dogwood Way, Davis CA 95616",
                       "to: 14 Dogwood Way", "What was done: 2027-rates-L-0008, mailed Tue 1 Dec 2026")),
        ("N-5", 2, 3, ("Delivered “delivered”, 2026-11-28 18:00:00 UTC", "piece.delivered")),
        ("N-1", 6, 4, ("Handed over by Lee Ortiz", "Exhibit B: its first page with the address")),
    ],
)  # fmt: skip
def test_the_proof_for_one_client(
    office: Office, who: str, piece: int, pages: int, words: tuple[str, ...]
) -> None:
    with at(office, "2026-12-10 10:00") as mail:
        proof = make_for(mail, RATES, who, now=DECEMBER)
    assert (proof.piece, proof.holds, proof.rehearsal) == (named(piece), True, False)
    said = page_texts(proof.file)
    assert len(said) == pages
    assert "Exhibit A" not in said[0] + said[1]
    assert "Exhibit A: the letter as approved" in said[2]
    whole = " ".join(said)
    for each in words:
        assert each in whole, each
    for other, names in NAMES.items():
        for name in names:
            assert (name in whole) == (other == who), name


def test_certified_numbers_are_in_the_list_for_the_post(office: Office, tmp_path: Path) -> None:
    with at(office, "2026-12-02 09:00") as mail:
        enter(mail, [Given(named(6), 0, named(6), "9400111201080805483016")], by="Ada")
    folder = in_december(office, out=tmp_path / "pack").folder
    column = "USPS Tracking Number / Firm-specific Identifier"
    assert [row[column] for row in rows_of(folder / "addressees.csv")] == [
        "9400 1112 0108 0805 4830 16 (2027-rates-L-0006)",
        "2027-rates-L-0008",
    ]
    assert "Certified Mail 9400 1112 0108 0805 4830 16" in text_of(folder / "evidence.pdf")
    assert verify_folder(folder).problems == []


def test_the_timeline_stands_in_it(served_pack: Path) -> None:
    (page,) = [page for page in page_texts(served_pack / "evidence.pdf") if "The timeline" in page]
    for words in ("Letters to the post", "done Tue 24 Nov", "Counts as given", "Takes effect", "Fri 1 Jan"):
        assert words in page, words
