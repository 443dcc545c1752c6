from __future__ import annotations

import base64
import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mailer.campaign.fields import TableField
from mailer.errors import MailerError
from mailer.pages.composition import compile_text
from mailer.pages.ink import EDGES
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.press import Rendered
from mailer.pages.typeface import FontProblem, check_fonts
from mailer.pages.windowzones import ADDRESSES, RECIPIENT_WINDOW, RETURN_WINDOW, SERVICE_WHITE, SHEET_MARK
from mailer.settings import Settings
from tests.support.ink import contains, ink_in

Read = Callable[[bytes | Path, int], str]
Make = Callable[..., Letter]

SCRIPT = """
import base64, hashlib, pickle, sys
from datetime import date
from pathlib import Path
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterhead import load_letterhead
from mailer.settings import Brand
settings = pickle.loads(base64.b64decode(sys.argv[2]))
letter = Letter("r", date(2026, 11, 24), "S", "Dear A", "<p>Zo\\u00eb <strong>\\u0141</strong></p>")
made = render_letters([letter], load_letterhead(Path(sys.argv[1]), Brand(logo="logo.svg")), settings)
print(hashlib.sha256(made.pdf).hexdigest())
"""


def test_page_ranges_and_texts(chunk: Rendered, page_text: Read) -> None:
    assert chunk.pages == ((1, 1), (2, 3), (4, 4))
    texts = [page_text(chunk.pdf, page) for page in range(1, 5)]
    assert "Dear Alder: The rates for Alder change. Sincerely, Maren Castillo" in texts[0]
    assert "November 24, 2026" in texts[0]
    assert "Our reference 2027-rates" in texts[0]
    assert "Cedar & Finch IT Calm technology" in texts[0]
    assert "Page" not in texts[0]
    assert "Cedar & Finch IT November 24, 2026 Page 2 of 2" in texts[2]
    assert "Enclosure: Rate sheet" in texts[2]
    for page, name in enumerate(("Alder", "Birch", "", "Cypress")):
        for other in {"Alder", "Birch", "Cypress"} - {name}:
            assert other not in texts[page]


def test_the_zones_of_all_routes_are_empty(chunk: Rendered) -> None:
    for page in (1, 2, 4):
        assert ink_in(chunk.pdf, page, ADDRESSES) is None
    for zone in (SERVICE_WHITE, RETURN_WINDOW, RECIPIENT_WINDOW):
        assert contains(ADDRESSES, zone)
    for page in range(1, 5):
        for zone in (SHEET_MARK, *EDGES):
            assert ink_in(chunk.pdf, page, zone) is None


def test_the_signature_is_not_alone_on_a_page(
    letter: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    word = "<p>" + "A line of the letter that is as long as a line. " * 3 + "</p>"
    letters = [letter("Alder", word * count) for count in range(10, 17)]
    rendered = render_letters(letters, letterhead, settings)
    long = [last for first, last in rendered.pages if last > first]
    assert long
    for page in long:
        before = page_text(rendered.pdf, page).partition("Sincerely,")[0]
        assert before.count("A line of the letter") >= 2


def test_a_whole_letter_from_markdown(
    letter: Make, letterhead: Letterhead, settings: Settings, rates: TableField, page_text: Read
) -> None:
    name = "*Smith* <b> Žofie Ñuñez Jürgen Łukasz Őri"
    composed = compile_text("For **{{ name }}**:\n\n{{ rates }}\n", path="letter.md").compose(
        {"name": name, "rates": rates}
    )
    made = letter("Ms. Őri", composed.html, delivery="By certified mail", enclosures=("One", "Two"))
    rendered = render_letters([made], letterhead, settings)
    text = page_text(rendered.pdf, 1)
    assert f"For {name}: Service Unit Current rate New rate Hourly support hour $130.00 $140.00" in text
    assert "BY CERTIFIED MAIL" in text
    assert "Enclosures: One; Two" in text
    assert check_fonts(rendered.pdf, letterhead.typefaces) == ()


def test_pre_printed_paper_carries_the_letterhead_itself(
    letter: Make, letterhead: Letterhead, settings: Settings, chunk: Rendered, page_text: Read
) -> None:
    rendered = render_letters([letter("Alder")], letterhead, settings, pre_printed=True)
    text = page_text(rendered.pdf, 1)
    assert "Calm technology" not in text
    assert "1415 L Street" not in text
    assert text in page_text(chunk.pdf, 1)


def test_the_same_letters_give_the_same_bytes(
    letter: Make, letterhead: Letterhead, settings: Settings, chunk: Rendered
) -> None:
    first, second = (render_letters([letter("Alder")], letterhead, settings).pdf for _ in range(2))
    assert first == second
    assert b"CreationDate" not in chunk.pdf


def test_another_process_gives_the_same_bytes(letterhead: Letterhead, settings: Settings) -> None:
    digests = set()
    given = base64.b64encode(pickle.dumps(settings)).decode()
    for seed in ("1", "2000000000"):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(letterhead.folder), given],
            env={**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert len(digests.pop()) == len(hashlib.sha256().hexdigest())


def test_a_character_that_no_font_has(letter: Make, letterhead: Letterhead, settings: Settings) -> None:
    with pytest.raises(FontProblem) as caught:
        render_letters([letter("Alder"), letter("Ms. 漢 😀")], letterhead, settings)
    assert str(caught.value) == (
        "letter 2 (Dear Ms. 漢 😀): has characters that the letterhead's fonts do not have: "
        "漢 (U+6F22 CJK UNIFIED IDEOGRAPH-6F22), 😀 (U+1F600 GRINNING FACE).\n"
        "  Write it in Latin letters, or put fonts that have them into letterhead/fonts."
    )


def test_a_missing_signature_and_too_many_letters(
    letter: Make, letterhead: Letterhead, settings: Settings
) -> None:
    signature = settings.signature.model_copy(update={"image": "mine.png"})
    with pytest.raises(MailerError, match=r"the signature's picture 'mine.png' is not in the letterhead"):
        render_letters([letter("A")], letterhead, settings.model_copy(update={"signature": signature}))
    with pytest.raises(ValueError, match="201 letters; one call takes 1 to 200"):
        render_letters([letter("A")] * 201, letterhead, settings)


def test_the_firm_s_address_stands_once_where_the_window_shows_it(
    letter: Make, letterhead: Letterhead, settings: Settings, page_text: Read
) -> None:
    shown = page_text(render_letters([letter("Alder", in_window=True)], letterhead, settings).pdf, 1)
    assert "1415 L Street" not in shown
    assert "(916) 555-0142" in shown
    assert "1415 L Street" in page_text(render_letters([letter("Alder")], letterhead, settings).pdf, 1)
