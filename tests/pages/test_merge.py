"""Merged letters against WeasyPrint's own: the only permitted results are equal pages and WeasyPrint's."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pikepdf
import pytest

from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterbatch import LetterBatch
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.merge import engine
from mailer.pages.merge.outcome import Differs
from mailer.settings import Settings
from tests.support.mergedletters import SHIPPED, letters
from tests.support.samepages import require_equal

SAMPLE = {"2027-rates": 30, "2027-hours": 12, "2027-remote-access": 12}  # make bench-sitting compares 1,000


@pytest.fixture
def all_variants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variant is compiled for the first letter that wants it, and no other of it is looked at."""
    monkeypatch.setattr(engine, "FEW", 1)
    monkeypatch.setattr(engine, "CHECKS", 0)


@pytest.mark.usefixtures("all_variants")
@pytest.mark.parametrize("name", SHIPPED)
def test_the_pages_of_the_shipped_letters_are_weasyprints(
    name: str, letterhead: Letterhead, settings: Settings
) -> None:
    made = list(letters(name, SAMPLE[name], settings))
    batch = LetterBatch(letterhead, settings, merged=True)
    rendered = batch.render(made)
    assert batch.tally.defects == []
    assert batch.tally.merged >= len(made) - 2, batch.tally.reasons
    plain = render_letters(made, letterhead, settings)
    assert rendered.pages == plain.pages
    require_equal(rendered.pdf, plain.pdf)


def batch_of(letterhead: Letterhead, settings: Settings, made: Sequence[Letter]) -> tuple[LetterBatch, bytes]:
    batch = LetterBatch(letterhead, settings, merged=True)
    return batch, batch.render(made).pdf


def test_the_file_is_sound_and_the_same_each_time(letterhead: Letterhead, settings: Settings) -> None:
    made = list(letters("2027-hours", 24, settings))
    _, pdf = batch_of(letterhead, settings, made)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        assert len({page.obj.Resources.Font.objgen for page in document.pages}) == 1
    assert batch_of(letterhead, settings, made)[1] == pdf


def test_without_the_engine_the_pages_are_weasyprints(letterhead: Letterhead, settings: Settings) -> None:
    made = list(letters("2027-hours", 2, settings))
    plain = render_letters(made, letterhead, settings).pdf
    assert LetterBatch(letterhead, settings, merged=False).render(made).pdf == plain


@pytest.mark.usefixtures("all_variants")
def test_what_the_engine_cannot_vouch_for_is_weasyprints(letterhead: Letterhead, settings: Settings) -> None:
    (one,) = letters("2027-hours", 1, settings)
    made = [
        one,
        replace(one, salutation="Dear  Ms. Two Spaces"),
        replace(one, salutation="Dear Ωmega"),
        replace(one, salutation="Dear " + "W" * 90),
    ]
    batch, pdf = batch_of(letterhead, settings, made)
    assert batch.tally.merged == 1
    assert dict(batch.tally.reasons) == {
        "a value with unusual spaces": 1,
        "a character outside those that the engine sets": 1,
        "a word wider than the line": 1,
    }
    require_equal(pdf, render_letters(made, letterhead, settings).pdf)


@pytest.mark.parametrize(
    ("file", "before", "after", "why"),
    [
        ("letter.css", ".salutation {", ".salutation { string-set: who content();", "letter.css takes texts"),
        ("letter.css", ".salutation {", ".salutation { float: right;", "a box that floats"),
        ("letter.css", ".salutation {", ".salutation { text-align: justify;", "justified text"),
        ("letter.css", ".salutation {", ".salutation { text-transform: uppercase;", "text-transform"),
        ("letter.css", ".salutation {", ".salutation { opacity: .5;", "see-through"),
        ("letter.css", ".salutation {", ".salutation { font-size: 0;", "of size 0"),  # a division by zero
        ("letter.html.j2", "{{ letter.salutation }}", "{{ letter.salutation | upper }}", "own words"),
        ("letter.html.j2", "{{ letter.salutation }}", "{% set l = letter %}{{ l.salutation }}", "own words"),
    ],
)
def test_a_letterhead_that_does_more_with_a_text_is_not_merged(
    letterhead: Letterhead, settings: Settings, tmp_path: Path, file: str, before: str, after: str, why: str
) -> None:
    shutil.copytree(letterhead.folder, tmp_path / "letterhead")
    path = tmp_path / "letterhead" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    made = [replace(one, body_html="", marked=("", ())) for one in letters("2027-hours", 8, settings)]
    batch, _ = batch_of(load_letterhead(tmp_path / "letterhead", settings.brand), settings, made)
    assert batch.tally.merged == 0
    assert why in " ".join(batch.tally.reasons)


@pytest.mark.usefixtures("all_variants")
def test_a_space_at_the_end_of_a_line_is_no_difference(letterhead: Letterhead, settings: Settings) -> None:
    """WeasyPrint leaves one where the next word is in another font: "Beginning " before the bold date."""
    (made,) = list(letters("2027-rates", 28, settings))[27:]
    batch, _ = batch_of(letterhead, settings, [made])
    assert (batch.tally.merged, batch.tally.defects) == (1, [])


def test_a_difference_turns_the_engine_off_and_is_reported(
    letterhead: Letterhead, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differs(*_: object) -> None:
        raise Differs("does not look the same")

    monkeypatch.setattr(engine, "require_same_pixels", differs)
    made = list(islice(letters("2027-hours", 8, settings), 8))
    batch, pdf = batch_of(letterhead, settings, made)
    assert (batch.tally.merged, batch.tally.defects) == (0, ["a letter does not look the same"])
    require_equal(pdf, render_letters(made, letterhead, settings).pdf)


READERS = {
    "qpdf": ("--check",),
    "gs": ("-q", "-o", "/dev/null", "-sDEVICE=nullpage"),  # Debian: ghostscript
    "pdffonts": (),  # Debian: poppler-utils
}


@pytest.mark.parametrize("reader", READERS)
def test_other_readers_find_no_fault(
    letterhead: Letterhead, settings: Settings, tmp_path: Path, reader: str
) -> None:
    if not shutil.which(reader):
        pytest.skip(f"no {reader} here")
    _, pdf = batch_of(letterhead, settings, list(letters("2027-hours", 8, settings)))
    path = tmp_path / "letters.pdf"
    path.write_bytes(pdf)
    ran = subprocess.run([reader, *READERS[reader], str(path)], capture_output=True, text=True, check=False)
    assert (ran.returncode, re.findall("(?i)error:|warning:", ran.stdout + ran.stderr)) == (0, [])
