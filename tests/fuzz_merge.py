"""Letterheads and records at random, merged and set by WeasyPrint: `make fuzz-merge`.

The only permitted results are equal pages, by pixel and by the place of each character, and WeasyPrint's own.
A difference that the engine finds itself, which makes it set nothing more like it, is told and no failure.

python -m tests.fuzz_merge 200            (an hour of one core's time)
python -m tests.fuzz_merge 1 --from 137   one again
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Final
from unittest.mock import patch

from mailer.mailservice.registry import tables
from mailer.pages.letter import Letter, render_letters
from mailer.pages.letterbatch import LetterBatch
from mailer.pages.letterhead import Letterhead, load_letterhead
from mailer.pages.merge import engine
from mailer.pages.valuemarks import mark
from mailer.settings import Settings, load_settings
from tests.support.mergedletters import ROOT, SHIPPED, letters
from tests.support.samepages import Unequal, require_equal

RECORDS: Final = 6
STYLES: Final = (
    "body { font-size: 9pt }", "body { font-size: 12.3pt; line-height: 17pt }",
    "body { line-height: 1.37 }", "body { letter-spacing: 0.2pt }", "body { word-spacing: 1pt }",
    "body { hyphens: auto }", "body { font-variant-numeric: oldstyle-nums }", "body { color: #123456 }",
    "body { font-kerning: none }", "body { font-variant-ligatures: none }", "body { text-indent: 12pt }",
    "p { text-align: right }", "p { text-align: center }", "p { text-align: justify }", "p { margin: 0 }",
    "p { orphans: 4; widows: 4 }", "p { padding: 0 1.3in }", "p { border: 1pt solid }", "p { width: 3.1in }",
    "p::first-line { font-weight: 600 }", "p::first-letter { font-size: 20pt }",
    "p::before { content: '» ' }", "p + p { margin-top: 2pt }", "p { white-space: pre-line }",
    ".salutation { font-style: italic }", ".salutation { font-size: 14pt; line-height: 20pt }",
    ".salutation { background: #eee }", ".salutation { text-decoration: underline }",
    ".salutation { position: relative; left: 4pt }", ".salutation { transform: rotate(1deg) }",
    ".salutation { display: inline-block }", ".reference { text-align: left }", ".reference { width: 1in }",
    ".data { width: auto }", ".data { table-layout: fixed }", ".data td { padding: 1pt }",
    ".data { border-collapse: separate; border-spacing: 2pt }", ".data td { text-align: center }",
    ".data td { white-space: nowrap }", ".data tr:nth-child(2n) { background: #def }",
    ".data td { vertical-align: middle }", ".data { font-size: 12pt }", ".body { columns: 2 }",
    ".body strong { letter-spacing: 1pt }", ".body { margin-left: 1in }", "@page { margin-left: 1.4in }",
    "@page { margin-bottom: 2.2in }", ".sign { break-before: page }", ".body p { break-inside: avoid }",
    ".name { font-size: 30pt; line-height: 34pt }", "body { direction: rtl }", "strong { color: red }",
)  # fmt: skip
"""What firms write at the end of their letter.css, and what nobody should."""
NAMES: Final = (
    "Ada", "Müller", "O’Connor", "fi ffl ffi", "AVAVA To. Yo, P.", "W" * 30, "i" * 60, "x", "Ω", "中文",
    "a\u00a0b", "a b c d e f g h", "co-operative", "semi\u00adhyphen", "zero\u200bwidth", "“quoted”",
    "1,234.56", "A/B", "a-b-c-d-e-f", "—dash—", "<b>&amp;", "שלום", "  two  spaces ", "tab\there",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
)  # fmt: skip


def drawn_letterhead(drawn: random.Random, place: Path, settings: Settings) -> tuple[Letterhead, list[str]]:
    """The shipped letterhead with up to three more styles, and these."""
    styles = drawn.sample(STYLES, drawn.choice((0, 1, 1, 2, 3)))
    for path in sorted((ROOT / "letterhead").rglob("*")):
        target = place / path.relative_to(ROOT / "letterhead")
        target.mkdir(parents=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    with (place / "letter.css").open("a", encoding="utf-8") as sheet:
        sheet.write("\n" + "\n".join(styles) + "\n")
    return load_letterhead(place, settings.brand), styles


def drawn_letters(drawn: random.Random, settings: Settings) -> list[Letter]:
    """Letters of a shipped campaign, some of them with words that few names have."""
    made = list(letters(drawn.choice(SHIPPED), RECORDS, settings, seed=drawn.randrange(1 << 30)))
    for number in drawn.sample(range(RECORDS), 3):
        words = " ".join(drawn.sample(NAMES, drawn.choice((1, 2, 4))))
        if drawn.random() < 0.5:
            made[number] = replace(made[number], salutation=words)
        else:
            made[number] = replace(made[number], reference=words)
        html, texts = made[number].marked
        if texts and drawn.random() < 0.6:
            which = drawn.randrange(len(texts))
            changed = tuple(words if place == which else text for place, text in enumerate(texts))
            made[number] = _with_texts(made[number], html, changed)
    return made


def _with_texts(letter: Letter, html: str, texts: tuple[str, ...]) -> Letter:
    body = html
    for place, text in enumerate(texts):
        body = body.replace(mark(place), escape(text))
    return replace(letter, body_html=body, marked=(html, texts))


def tried(seed: int, settings: Settings) -> tuple[Counter[str], str]:
    """What became of the letters of one seed, and what is wrong, "" for nothing."""
    drawn = random.Random(seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as place:
        letterhead, styles = drawn_letterhead(drawn, Path(place), settings)
        made = drawn_letters(drawn, settings)
        batch = LetterBatch(letterhead, settings, merged=True)
        try:
            merged = batch.render(made).pdf
        except Exception as error:
            try:
                render_letters(made, letterhead, settings)
            except type(error):
                return Counter({"refused": RECORDS}), ""
            return Counter(), f"seed {seed}: {error!r} with {styles}"
        told = Counter({"merged": batch.tally.merged, "set alone": batch.tally.set_alone})
        try:
            require_equal(merged, render_letters(made, letterhead, settings).pdf)
        except Unequal as wrong:
            return told, f"seed {seed}: {wrong} with {styles}"
        if batch.tally.defects:
            print(
                f"seed {seed}: the engine itself saw that {batch.tally.defects[0]}, with {styles}", flush=True
            )
        return told, ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--from", dest="begin", type=int, default=0)
    asked = parser.parse_args()
    settings = load_settings(ROOT / "campaigns", tables())
    total, wrong = Counter[str](), 0
    for seed in range(asked.begin, asked.begin + asked.count):
        # Each variant is compiled for the first letter that wants it, and the engine looks at no other: here
        # all are looked at.
        with patch.multiple(engine, FEW=1, CHECKS=0):
            told, problem = tried(seed, settings)
        total += told
        if problem:
            wrong += 1
            print(problem, flush=True)
    print(f"{asked.count:,} letterheads: {dict(total)}, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
