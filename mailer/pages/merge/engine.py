"""The merge engine: letters that differ in little are laid out once, and merged.

WeasyPrint is the truth. A variant is compiled from a letter that WeasyPrint set and compared with it in
operators and pixels; then CHECKS more of its letters are compared, and after that every EVERY-th letter. What
the engine can't vouch for WeasyPrint sets; a difference turns a skeleton off and is reported as a defect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from mailer.pages.batchfile import BatchFile, Ground
from mailer.pages.merge import weasyboxes
from mailer.pages.merge.outcome import Differs, Fallback, Tally, Unsupported
from mailer.pages.merge.skeleton import LetterSkeleton, Rows, Set, Sized, require_plain, unmergeable
from mailer.pages.merge.variant import WHOLE, Variant, compiled, rooms
from mailer.pages.merge.verification import require_same, require_same_pixels
from mailer.pages.merge.weasyboxes import Painted, paragraphs, stopped_before_layout
from mailer.pages.merge.weasyfaces import FontFile, SetFont, unproved
from mailer.pages.press import Press

FEW: Final = 8  # letters: for fewer of a variant compiling it takes longer than WeasyPrint
CHECKS: Final = 3
EVERY: Final = 1000

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class MergeLetter:
    """One letter for the template: its `values`; the same `marked`, with a mark for each of its own `texts`.
    They are asked for where WeasyPrint sets it.

    `key` tells apart letters that differ in more than these.
    """

    values: Callable[[], Mapping[str, object]] = field(repr=False)
    marked: Callable[[], Mapping[str, object]] = field(repr=False)
    key: tuple[object, ...] = field(repr=False)
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """The pages of each letter in the file, 1-based, and the first letter of those that look alike."""

    pages: tuple[tuple[int, int], ...]
    variants: tuple[Variant | None, ...]
    fonts: bytes  # a PDF with all of the file's fonts


@dataclass(slots=True)
class _Plan:
    skeleton: LetterSkeleton
    lines: Set
    variant: Variant | None = None


@dataclass(slots=True)
class _Frame:
    """Letters of a skeleton whose tables have the same columns."""

    rooms: tuple[float, ...]
    wanted: Counter[tuple[object, ...]] = field(default_factory=Counter)
    variants: dict[tuple[object, ...], Variant] = field(default_factory=dict)


class Merging:
    """The engine for one template of one letterhead, keeping what it compiled."""

    def __init__(self, press: Press, folders: Sequence[Path], tally: Tally) -> None:
        self.tally = tally
        self._press = press
        self._folders = tuple(folders)
        self._images: dict[str, Any] = {}
        self._fonts: dict[int, Any] = {}
        self._faces: dict[str, SetFont] = {}
        self._file = FontFile()
        self.off = unproved() or unmergeable(press.letterhead)  # why nothing is merged at all
        self._wanted: Counter[object] = Counter()
        self._skeletons: dict[tuple[object, ...], LetterSkeleton] = {}
        self._frames: dict[tuple[object, Sized], _Frame] = {}
        self._seen = 0
        self._last: tuple[str, Any] | None = None

    def render(self, letters: Sequence[MergeLetter], target: IO[bytes]) -> Merged:
        """Write the letters to `target` as one PDF. Raises what the press raises."""
        plans = self._planned(letters)
        file = BatchFile(target)
        grounds: dict[int, list[Ground]] = {}
        pages = []
        for letter, plan in zip(letters, plans, strict=True):
            first = file.count + 1
            if plan is None or plan.variant is None:
                pdf = weasyboxes.unfonted(self._document(self._press.filled(letter.values())), self._fonts)
                for ground in file.grounds(pdf):
                    file.page(ground, WHOLE)
            else:
                under = grounds.get(id(plan.variant))
                if under is None:
                    under = grounds[id(plan.variant)] = file.grounds(plan.variant.painted.pdf)
                for ground, content in zip(under, plan.variant.contents(plan.lines), strict=True):
                    file.page(ground, content)
                self.tally.merged += 1
            pages.append((first, file.count))
        fonts = self._file.pdf(self._fonts)
        file.close(fonts)
        return Merged(tuple(pages), tuple(plan.variant if plan else None for plan in plans), fonts)

    def _planned(self, letters: Sequence[MergeLetter]) -> list[_Plan | None]:
        """For each letter its variant and its lines, None where WeasyPrint sets it."""
        plans: list[_Plan | None] = [None] * len(letters)
        if self.off:
            self.tally.reasons[self.off] += len(letters)
            return plans
        self._wanted.update(letter.key for letter in letters)
        sized = self._mergeable(range(len(letters)), lambda number: self._sized(letters[number]))
        self._wanted.update((letters[number].key, columns) for number, (_, _, columns) in sized.items())
        framed = self._mergeable(sized, lambda number: self._framed(letters[number], *sized[number]))
        for frame, _, shape in framed.values():
            frame.wanted[shape] += 1
        for number, (frame, plan, shape) in framed.items():
            try:
                plan.variant = self._variant(frame, plan, shape, letters[number])
                plans[number] = plan
            except (Fallback, Unsupported) as reason:
                self.tally.reasons[str(reason)] += 1
            except Differs as difference:
                plan.skeleton.bad = "the engine made a mistake in a letter like it"
                self.tally.defects.append(f"a letter {difference}")
        for number, made in enumerate(plans):
            if made is not None and made.skeleton.bad:
                plans[number] = None
                self.tally.reasons[made.skeleton.bad] += 1
        return plans

    def _mergeable(self, numbers: Iterable[int], look: Callable[[int], _Found]) -> dict[int, _Found]:
        """What `look` finds of the letters with these numbers, without those that go to WeasyPrint."""
        found = {}
        for number in numbers:
            try:
                found[number] = look(number)
            except (Fallback, Unsupported) as reason:
                self.tally.reasons[str(reason)] += 1
        return found

    def _sized(self, letter: MergeLetter) -> tuple[LetterSkeleton, list[Rows], Sized]:
        """The letter's skeleton, its texts, and how wide the columns of its tables are.

        Raises Fallback, Unsupported.
        """
        require_plain(letter.texts)
        key = letter.key
        skeleton = self._skeletons.get(key)
        if skeleton is None:
            if self._wanted[key] < FEW:
                raise Fallback("few letters are like it")
            skeleton = self._skeletons[key] = self._skeleton(self._press.filled(letter.marked()))
        if skeleton.bad:
            raise Unsupported(skeleton.bad)
        texts = skeleton.rows(letter.texts)
        return skeleton, texts, skeleton.sized(texts)

    def _framed(
        self, letter: MergeLetter, skeleton: LetterSkeleton, texts: list[Rows], sized: Sized
    ) -> tuple[_Frame, _Plan, tuple[object, ...]]:
        """The letter broken into lines. Raises Fallback, Unsupported."""
        if skeleton.bad:
            raise Unsupported(skeleton.bad)
        key = letter.key
        frame = self._frames.get((key, sized))
        if frame is None:
            if self._wanted[key, sized] < FEW:
                raise Fallback("few letters have columns as wide")
            frame = self._frames[key, sized] = _Frame(rooms(skeleton, self._painted(skeleton, letter)))
        lines = skeleton.lines(texts, frame.rooms)
        return frame, _Plan(skeleton, lines), skeleton.shape(lines)

    def _skeleton(self, html: str) -> LetterSkeleton:
        skeleton = LetterSkeleton(html)
        found: list[Any] = []
        try:
            with stopped_before_layout(found):
                self._document(html)
            root, box = found[0]
            skeleton.set_in(paragraphs(root, box, self._fonts, self._faces))
        except (Unsupported, Fallback) as reason:
            skeleton.bad = str(reason)
        return skeleton

    def _variant(self, frame: _Frame, plan: _Plan, shape: tuple[object, ...], letter: MergeLetter) -> Variant:
        """The letter's variant, compiled where it is new, verified where it is due. Raises Differs."""
        if plan.skeleton.bad:
            raise Unsupported(plan.skeleton.bad)
        variant = frame.variants.get(shape)
        if variant is None:
            if frame.wanted[shape] < FEW:
                raise Fallback("few letters have lines like it")
            variant = self._compiled(plan, letter, frame)
            frame.variants[shape] = variant
        self._seen += 1
        if variant.left_to_check or self._seen % EVERY == 0:
            variant.left_to_check = max(variant.left_to_check - 1, 0)
            require_same(variant, variant.contents(plan.lines), self._painted(plan.skeleton, letter))
        return variant

    def _compiled(self, plan: _Plan, letter: MergeLetter, frame: _Frame) -> Variant:
        painted = self._painted(plan.skeleton, letter)
        if rooms(plan.skeleton, painted) != frame.rooms:
            raise Differs("has columns of another width")
        variant = compiled(plan.skeleton, painted, plan.lines, CHECKS)
        contents = variant.contents(plan.lines)
        require_same(variant, contents, painted)
        both = BytesIO()
        file = BatchFile(both)
        for ground, content in zip(file.grounds(painted.pdf), contents, strict=True):
            file.page(ground, content)
        whole = weasyboxes.unfonted(self._document(self._press.filled(letter.values())), self._fonts)
        for ground in file.grounds(whole):
            file.page(ground, WHOLE)
        file.close(self._file.pdf(self._fonts))
        require_same_pixels(both.getvalue())
        return variant

    def _painted(self, skeleton: LetterSkeleton, letter: MergeLetter) -> Painted:
        """The letter as WeasyPrint sets it."""
        wanted = frozenset(one.place for one in skeleton.paragraphs)
        return weasyboxes.painted(self._document(self._press.filled(letter.values())), wanted, self._fonts)

    def _document(self, html: str) -> Any:
        """The HTML laid out; the last one is kept, since a new variant asks for it three times."""
        if self._last is None or self._last[0] != html:
            self._last = html, self._press.set(html, self._folders, images=self._images)
        return self._last[1]
