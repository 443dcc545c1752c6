"""Many letters as one mail-merge document and its data: what differs from letter to letter is a field.

Letters are compared block by block; within a text the words that differ, whole words, become a field. So the
document with one row of its data says exactly what that letter says. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from mailer.errors import MailerError
from mailer.pages.word.blocks import Block, PictureBlock, TableBlock, TextBlock, WordRun
from mailer.pages.word.letters import WordLetter

_WORD: Final = re.compile(r"\S+|\s+")


@dataclass(frozen=True, slots=True)
class MailMerge:
    """One letter with «fields», the fields' names, and a row of their values for each letter."""

    main: WordLetter
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def merging(letters: Sequence[WordLetter]) -> MailMerge:
    """Raises MailerError where letters differ in more than words: a paragraph that only some have."""
    fields = _Fields(len(letters))
    first = letters[0]
    most = max(len(one.recipient) for one in letters)
    recipient = tuple(
        fields.named(f"Address_{line + 1}", [(*one.recipient, *[""] * most)[line] for one in letters])
        for line in range(most)
    )
    reference = fields.named("Reference", [one.letter.reference for one in letters])
    salutation = fields.named("Salutation", [one.letter.salutation for one in letters])
    if len({len(one.body) for one in letters}) > 1:
        raise _apart(letters)
    body = tuple(
        _merged(blocks, fields, letters) for blocks in zip(*(one.body for one in letters), strict=True)
    )
    letter = replace(first.letter, reference=reference, salutation=salutation)
    main = replace(first, letter=letter, recipient=recipient, body=body)
    return MailMerge(main, tuple(fields.values), tuple(zip(*fields.values.values(), strict=True)))


class _Fields:
    """The fields so far, each with its value in every letter."""

    def __init__(self, count: int) -> None:
        self.values: dict[str, list[str]] = {}
        self._count = count

    def named(self, name: str, values: list[str]) -> str:
        self.values[name] = values
        return f"«{name}»"

    def of(self, texts: list[str]) -> str:
        """The text that all have in common, with a field for what differs."""
        if len(set(texts)) == 1:
            return texts[0]
        words = [_WORD.findall(text) for text in texts]
        before = _alike(words)
        rest = [one[before:] for one in words]
        after = _alike([one[::-1] for one in rest])
        values = ["".join(one[: len(one) - after]) for one in rest]
        name = self.named(f"Text_{sum(key.startswith('Text_') for key in self.values) + 1}", values)
        tail = rest[0][len(rest[0]) - after :]
        return "".join((*words[0][:before], name, *tail))


def _alike(words: Sequence[Sequence[str]]) -> int:
    """How many words all begin with."""
    return sum(1 for _ in takewhile(lambda same: len(set(same)) == 1, zip(*words, strict=False)))


def _merged(blocks: Sequence[Block], fields: _Fields, letters: Sequence[WordLetter]) -> Block:
    match blocks[0]:
        case TextBlock() as first:
            texts = [one for one in blocks if isinstance(one, TextBlock) and one.kind == first.kind]
            if len(texts) < len(blocks):
                raise _apart(letters)
            return replace(first, runs=_runs([one.runs for one in texts], fields, letters))
        case TableBlock() as first:
            tables = [one for one in blocks if isinstance(one, TableBlock) and one.numeric == first.numeric]
            if len(tables) < len(blocks):
                raise _apart(letters)
            empty = tuple((WordRun(""),) for _ in first.numeric)
            height = max(len(one.rows) for one in tables)
            filled = [(*one.rows, *[empty] * (height - len(one.rows))) for one in tables]
            rows = tuple(
                tuple(
                    _runs([rows[row][column] for rows in filled], fields, letters)
                    for column in range(len(first.numeric))
                )
                for row in range(height)
            )
            return TableBlock(rows, first.numeric)
        case PictureBlock() as first if all(one == first for one in blocks):
            return first
    raise _apart(letters)


def _runs(
    held: Sequence[tuple[WordRun, ...]], fields: _Fields, letters: Sequence[WordLetter]
) -> tuple[WordRun, ...]:
    if len({tuple((run.bold, run.italic) for run in runs) for runs in held}) > 1:
        raise _apart(letters)
    return tuple(
        replace(runs[0], text=fields.of([run.text for run in runs])) for runs in zip(*held, strict=True)
    )


def _apart(letters: Sequence[WordLetter]) -> MailerError:
    return MailerError(
        "the letters differ in more than words: some have a paragraph that others have not.",
        where=letters[0].letter.reference.partition("/")[0],
        todo="Take the file with a section for each client: leave out --merge.",
    )
