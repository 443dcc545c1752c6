"""The letters of a large mailing, a chunk of pages at a time: merged where that can be done exactly.

What the merge engine compiled is kept from chunk to chunk. Without the engine WeasyPrint lays out each
letter; the pages are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from mailer.pages.ink import EDGES
from mailer.pages.letter import COMMON, OWN, Letter, LetterValues, check, render_letters
from mailer.pages.letterhead import Letterhead
from mailer.pages.merge.engine import MergeLetter, Merging
from mailer.pages.merge.outcome import Tally
from mailer.pages.merge.variant import Variant
from mailer.pages.press import Rendered, press
from mailer.pages.typeface import FontProblem, check_fonts
from mailer.pages.valuemarks import mark
from mailer.pages.windowzones import LETTER_FIRST, LETTER_NEXT
from mailer.settings import Settings


class LetterBatch:
    """The renderer of one mailing, `merged` where that is worth while."""

    def __init__(
        self,
        letterhead: Letterhead,
        settings: Settings,
        *,
        merged: bool,
        folders: Sequence[Path] = (),
        pre_printed: bool = False,
    ) -> None:
        self._letterhead = letterhead
        self._settings = settings
        self._folders = tuple(folders)
        self._pre_printed = pre_printed
        self.tally = Tally()
        self._merging: Merging | None = None
        self._looked: set[int] = set()
        self._values = LetterValues(letterhead, settings, pre_printed=pre_printed)
        if merged:
            self._merging = Merging(press(letterhead, "letter"), folders, self.tally)

    def told(self) -> Tally:
        """How the letters were made since it was asked last."""
        told = replace(self.tally)
        self.tally.merged, self.tally.reasons, self.tally.defects = 0, Counter(), []
        return told

    def render(self, letters: Sequence[Letter]) -> Rendered:
        """The letters as one PDF. Raises what `render_letters` raises."""
        if self._merging is None:
            return render_letters(
                letters,
                self._letterhead,
                self._settings,
                folders=self._folders,
                pre_printed=self._pre_printed,
            )
        check(letters, self._letterhead)
        target = BytesIO()
        merged = self._merging.render([self._filling(letter) for letter in letters], target)
        if problems := check_fonts(merged.fonts, self._letterhead.typefaces):
            raise FontProblem(
                f"{'; '.join(problems)}.",
                where=str(self._letterhead.folder),
                todo="Name only fonts of letterhead/fonts in the style sheet.",
            )
        alike = frozenset(
            number for number, variant in enumerate(merged.variants) if variant and self._known(variant)
        )
        return Rendered(target.getvalue(), merged.pages, alike)

    def _filling(self, letter: Letter) -> MergeLetter:
        html, texts = letter.marked

        def marked() -> dict[str, object]:
            marks: dict[str, Any] = {name: mark(len(texts) + place) for place, name in enumerate(OWN)}
            return self._values.of(replace(letter, body_html=html, **marks))

        key = (html, *(getattr(letter, name) for name in COMMON))
        own = (getattr(letter, name) for name in OWN)
        return MergeLetter(lambda: self._values.of(letter), marked, key, (*texts, *own))

    def _known(self, variant: Variant) -> bool:
        """Whether a letter like this was seen, and no other could put ink where none may be."""
        if id(variant) in self._looked:
            return True
        if not any(
            variant.reaches(zone, page)
            for page in range(variant.pages)
            for zone in (*EDGES, *(LETTER_NEXT if page else LETTER_FIRST))
        ):
            self._looked.add(id(variant))
        return False
