"""The proof for one client: all of that client, nothing of another."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import UUID

import pikepdf
import pytest

from mailer.evidence.clientproof import make_for
from mailer.evidence.packondisk import verify_folder
from tests.support.evidence import NAMES, NOW, at, sealed, text_of
from tests.support.office import RATES, Office, page_texts, sha256


@pytest.mark.parametrize("who", ["N-2", "bo@birch.example"])
def test_the_proof_for_one_client(posted: Office, who: str) -> None:
    with at(posted, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, who, now=NOW)
    assert proof.file.name == "2027-rates-L-0002-2026-11-30.pdf"
    pages = page_texts(proof.file)
    assert len(pages) == 4
    findings = " ".join(pages[:2])
    for words in (
        "Notice to Birch Lane Dental holds: Given in time; the notice runs to Fri 1 Jan 2027.",
        "asks for “contract-30-plus-3bd”",
        "Hourly support $125.00 $133.00",
        "Mon 30 Nov 2026: deemed received, 3 business days later (Thu 26 Nov Thanksgiving Day is closed).",
        "32 days to Fri 1 Jan 2027; 30 are needed: in time.",
        "Birch Lane Dental Attn: Bo Dent 2 Birch Lane Sacramento CA 95815",
        "Handed over by Lee Ortiz, at Main Post Office, Sacramento",
        "kept, letter and newsletter out in time",
        "pieces.prepared",
        "job.dropped",
        "Newsletter: 2026-12-N-0002, counts as mailed Tue 24 Nov 2026",
    ):
        assert words in findings, words
    assert "Exhibit A: the letter as approved, page 1 of 1" in pages[2]
    assert "2 Birch Lane" not in pages[2]
    assert "Exhibit B: its first page with the address laid over it" in pages[3]
    assert "2 Birch Lane" in pages[3]
    assert all("REHEARSAL" not in page for page in pages)


def test_a_pack_of_one_client_verifies_and_holds_nothing_of_another(posted: Office, tmp_path: Path) -> None:
    with at(posted, "2026-11-30 10:00") as mail:
        folder = make_for(mail, RATES, "N-2", now=NOW, out=tmp_path / "pack", pack=True).file
    found = verify_folder(folder)
    assert found.problems == []
    assert (found.only, found.pieces, found.documents) == ("2027-rates-L-0002", 1, 1)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert names == [
        "SHA256SUMS", "addresses.jsonl", "events.jsonl", "manifest.json", "pieces/2027-rates-L-0002.pdf",
        "proof.pdf",
    ]  # fmt: skip
    everything = b"".join((folder / name).read_bytes() for name in names if not name.endswith("pdf")).decode()
    everything += text_of(folder / "proof.pdf") + text_of(folder / "pieces/2027-rates-L-0002.pdf")
    ids = dict(posted.rows("SELECT number, id FROM client"))
    for number, words in NAMES.items():
        for word in (*words[:3], str(UUID(ids[number]))):
            assert (word in everything) == (number == "N-2"), (number, word)
    with at(posted, "2026-11-30 10:00") as mail:
        other = make_for(mail, RATES, "N-1", now=NOW, out=tmp_path / "other", pack=True).file
    shutil.copy(other / "pieces/2027-rates-L-0001.pdf", folder / "pieces/2027-rates-L-0002.pdf")
    sealed(folder)
    assert verify_folder(folder).problems == [
        "2027-rates-L-0002: pieces/2027-rates-L-0002.pdf is not the document of its event"
    ]


@pytest.mark.parametrize("number", NAMES)
def test_it_says_nothing_of_another_client(posted: Office, number: str) -> None:
    with at(posted, "2026-11-30 10:00") as mail:
        proof = make_for(mail, RATES, number, now=NOW)
    said = text_of(proof.file)
    with pikepdf.open(proof.file) as pdf:
        (name,) = pdf.attachments
        attached = pdf.attachments[name].get_file().read_bytes()
        said += str(pdf.docinfo) + name
    letter = posted.root / "attached.pdf"
    letter.write_bytes(attached)
    assert name == f"{proof.piece}.pdf"
    assert sha256(letter) in said
    said += text_of(letter)
    for other, words in NAMES.items():
        for word in words[:3]:
            assert (word in said) == (other == number), (other, word)
        assert words[3] not in said or other == number
