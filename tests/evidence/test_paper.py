"""Pre-printed paper in evidence: approved pages lack the letterhead, composites show what clients saw."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailer.evidence.clientproof import make_for
from mailer.evidence.packondisk import verify_folder
from tests.fakes.lob import Handle
from tests.support.evidence import FIVE, NOW, at
from tests.support.office import FIRST, RATES, Office, page_texts

TAGLINE = "IT for the offices of the Sacramento Valley"
L1, L2 = "2027-rates-L-0001", "2027-rates-L-0002"


@pytest.fixture
def preprinted(office: Office) -> Office:
    """Four letters on pre-printed paper, approved; the fifth client is printed with them."""
    office.imports(FIVE)
    office.edit("mailer.toml", 'paper = "plain"', 'paper = "pre-printed"')
    office.does("approve", RATES)
    return office


@pytest.fixture
def handed(preprinted: Office) -> Office:
    """The same, printed and handed over; then the firm changed its letterhead."""
    preprinted.does("print", RATES)
    preprinted.drops("2026-11-24 14:10", *FIRST)
    preprinted.edit("mailer.toml", TAGLINE, "A new line")
    return preprinted


def packed(office: Office) -> Path:
    office.does("evidence", RATES, "--out", str(office.root / "pack"))
    return office.root / "pack"


def test_the_composite_is_on_the_paper_of_that_day(handed: Office) -> None:
    pack = packed(handed)
    piece, seen = page_texts(pack / f"pieces/{RATES}-L.pdf")[0], page_texts(pack / f"composites/{L1}.pdf")[0]
    assert TAGLINE not in piece
    assert TAGLINE in seen
    assert "As seen on pre-printed paper" in seen
    assert ("4 Dogwood Way" in piece, "4 Dogwood Way" in seen) == (False, True), "the address is laid over"
    assert [path.suffix for path in (pack / "paper").iterdir()] == [".pdf"]
    readme = (pack / "README.txt").read_text()
    assert "paper/             the page that the pre-printed paper carried" in readme
    assert "composites/        what each client saw, made for this pack" in readme
    assert verify_folder(pack).problems == []


def test_a_paper_that_was_exchanged_is_found(handed: Office) -> None:
    pack = packed(handed)
    (paper,) = (pack / "paper").iterdir()
    paper.write_bytes(paper.read_bytes() + b" ")
    said = " ".join(verify_folder(pack).problems)
    assert f"paper/{paper.name} was changed" in said
    assert "the paper of the job in event" in said
    assert f"paper/{paper.name} is not the paper of any job of this mailing" in said


def test_without_the_kept_paper_nothing_is_proved(handed: Office) -> None:
    ((payload,),) = handed.rows("SELECT payload FROM event WHERE kind = 'job.produced'")
    paper = json.loads(payload)["paper"]
    (handed.root / "files" / paper[:2] / paper).unlink()
    ran = handed.does("evidence", RATES, "--out", str(handed.root / "pack"), exits=1)
    assert "the page of the pre-printed paper of job 1 is missing or was changed" in ran.said
    assert not (handed.root / "pack").exists()


def test_the_proof_for_one_client_shows_it(handed: Office) -> None:
    with at(handed, "2026-11-30 10:00") as mail:
        pages = page_texts(make_for(mail, RATES, "N-2", now=NOW).file)
    approved, printed = pages[-2:]
    assert TAGLINE not in approved
    assert TAGLINE in printed
    assert (
        "Made for this proof from the approved page, the recorded address and the letterhead kept" in printed
    )


def test_what_was_made_for_pre_printed_paper_is_not_sent(preprinted: Office, fake_lob: Handle) -> None:
    """The service prints on plain paper: the letters would have no letterhead."""
    ran = preprinted.by_lob(fake_lob.base).does("send", RATES, exits=1)
    assert "its letters were made for pre-printed paper" in ran.said
    assert fake_lob.letters() == []
