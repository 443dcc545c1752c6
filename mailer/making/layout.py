"""How the letters of a mailing are laid out, a part of them at a time: in this process or in others.

A layout is settled by what is given to it, and can be sent to another process before its first part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailer.making.printcheck import Printed, require_printable
from mailer.pages.enclosing import enclosing
from mailer.pages.issuetext import with_letter_texts
from mailer.pages.letter import Letter, said_on_paper, words_of_letter
from mailer.pages.letterhead import Letterhead
from mailer.pages.merge.outcome import Tally
from mailer.pages.pagehash import piece_hashes
from mailer.pages.preflight import PdfKind, preflight
from mailer.settings import Paper, Render, Settings

if TYPE_CHECKING:
    from mailer.pages.letterbatch import LetterBatch

LARGE: Final = 40  # letters: for fewer, compiling takes longer than WeasyPrint
MERGED_AT_ONCE: Final = 1_000  # letters of one file; their pages are not held
AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """Letters of one file: each with the name it is for, whether it goes by e-mail, and which of the
    enclosures go with it, from 0; () is all of them with each.
    """

    letters: tuple[Letter, ...]
    names: tuple[str, ...]
    by_email: tuple[bool, ...]
    goes: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The part's PDF; each letter's pages in it, 1-based, and their hash; how they were made."""

    pdf: bytes
    pages: tuple[tuple[int, int], ...]
    hashes: tuple[str, ...]
    tally: Tally


class Layout:
    """The letters of one mailing of about `total`. `path` is the file that a flaw is mended in, `folder` has
    the pictures of the texts, and `enclosed` are the PDFs that go with each letter.
    """

    def __init__(
        self,
        letterhead: Letterhead,
        settings: Settings,
        *,
        total: int,
        dated: date,
        path: str,
        folder: Path,
        enclosed: Sequence[bytes] = (),
    ) -> None:
        self._letterhead = letterhead
        self._settings = _without_services(settings)
        self._dated = dated
        self._path = path
        self._folder = folder
        self._enclosed = tuple(enclosed)
        self._batch: LetterBatch | None = None
        self.merges = total >= LARGE and settings.render is Render.MERGED

    @property
    def at_once(self) -> int:
        """How many letters a part should have."""
        return MERGED_AT_ONCE if self.merges else AT_ONCE

    def stop_merging(self) -> None:
        """Let WeasyPrint set all letters from now on."""
        self.merges, self._batch = False, None

    def laid(self, part: Part) -> LaidOut:
        """Raises FileProblems where a printer would send pages back, and what LetterBatch raises."""
        if self._batch is None:
            from mailer.pages.letterbatch import LetterBatch  # noqa: PLC0415 (imports WeasyPrint)

            self._batch = LetterBatch(
                self._letterhead,
                self._settings,
                merged=self.merges,
                folders=(self._folder,),
                pre_printed=self._settings.stationery.paper is Paper.PRE_PRINTED,
            )
        rendered = self._batch.render(part.letters)
        texts = {
            first: words_of_letter(letter, self._settings)
            for letter, by_email, (first, _) in zip(part.letters, part.by_email, rendered.pages, strict=True)
            if by_email
        }
        if texts:
            rendered = replace(rendered, pdf=with_letter_texts(rendered.pdf, texts, self._dated))
        known = {
            page
            for number in rendered.alike
            for page in range(rendered.pages[number][0], rendered.pages[number][1] + 1)
        }
        starts = {first for first, _ in rendered.pages}
        says = {
            first: said_on_paper(letter)
            for letter, (first, _) in zip(part.letters, rendered.pages, strict=True)
            if first not in known
        }
        findings = preflight(
            rendered.pdf, PdfKind.LETTERS, self._letterhead, starts=starts, known=known, says=says
        )
        named = [Printed(name, *pages) for name, pages in zip(part.names, rendered.pages, strict=True)]
        require_printable(findings, named, path=self._path)
        whole, ranges = enclosing(rendered.pdf, rendered.pages, self._enclosed, part.goes)
        return LaidOut(whole, ranges, tuple(piece_hashes(whole, ranges)), self._batch.told())


def _without_services(settings: Settings) -> Settings:
    """The settings as every process knows their type: the services' tables are no matter of pages."""
    return Settings.model_construct(**{name: getattr(settings, name) for name in Settings.model_fields})
