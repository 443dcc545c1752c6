"""Marks of sheets, typed or scanned, compared with what a job should hold. Pure.

A mark is printed as "0012/0052 1of2" with a Micro QR that says "12 1/2" (mailer.pages.overlay); a bare
number, as it stands on an envelope, means the whole piece. Order matters: sheets that lie together are read
one after the other. Places, sheets and lines count from 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from mailer.printroom.manifest import ManifestRow

_LONGEST_SHOWN: Final = 40  # characters of an unreadable line that a message repeats
_WITHDRAWN: Final = "was voided or made again elsewhere, so this paper must not go out"
_MARK: Final = re.compile(
    r"(?P<place>0*[1-9][0-9]{0,8})(?:\s*/\s*(?P<total>[0-9]{1,9}))?"
    r"(?:[\s,;]+(?P<sheet>0*[1-9][0-9]{0,3})\s*(?:/|of)\s*(?P<sheets>[0-9]{1,4}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One mark as it was read. `sheet` 0 is the whole piece; `total` and `sheets` 0 were not said."""

    line: int
    place: int
    sheet: int = 0
    sheets: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no mark."""

    line: int
    text: str


class MarkKind(StrEnum):
    """What can be wrong, the worst first: a sheet in another client's envelope."""

    MIXED = "mixed"  # a sheet lies with another piece, or a piece's sheets lie in the wrong order
    FOREIGN = "foreign"  # the mark is not of this job
    WITHDRAWN = "withdrawn"  # the piece was voided or made again elsewhere: this paper must not go out
    DOUBLED = "doubled"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class MarkFinding:
    """One thing wrong: the piece's label ("" where none is meant), its sheets, the lines, and why."""

    kind: MarkKind
    label: str
    sheets: tuple[int, ...]
    lines: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What the marks say of a job: `complete` of `pieces` are there with every sheet."""

    pieces: int
    complete: int
    findings: tuple[MarkFinding, ...]

    def labels(self, kind: MarkKind) -> tuple[str, ...]:
        """The pieces with a finding of that kind, each once."""
        return tuple(dict.fromkeys(one.label for one in self.findings if one.kind is kind and one.label))


def read_marks(lines: Iterable[str]) -> Iterator[Reading | Unreadable]:
    """The marks of a text, one a line; empty lines are passed over.

    A hand scanner types as a keyboard does: blanks, tabs and a carriage return around a mark mean nothing.
    """
    for number, line in enumerate(lines, 1):
        text = line.strip(" \t\r\n\f\v\0\ufeff\x1d\x1e\x04")
        if text:
            yield _read(number, text)


def _read(line: int, text: str) -> Reading | Unreadable:
    match = _MARK.fullmatch(text)
    if match:
        reading = Reading(line, **{name: int(digits or 0) for name, digits in match.groupdict().items()})
        if reading.sheet <= reading.sheets:
            return reading
    return Unreadable(line, text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def compare(
    read: Sequence[Reading | Unreadable],
    listed: Sequence[ManifestRow],
    withdrawn: Container[str] = frozenset(),
) -> Scan:
    """What is missing, doubled, mixed up or foreign among the marks of the job that `listed` describes.

    `withdrawn` are the labels of pieces that must not go out from this job any more.
    """
    known = {row.place: row for row in listed}
    findings = [
        MarkFinding(MarkKind.UNREADABLE, "", (), (one.line,), f"{one.text!r} is no mark")
        for one in read
        if isinstance(one, Unreadable)
    ]
    own: list[Reading] = []
    for one in read:
        if isinstance(one, Reading):
            why = _foreign(one, known)
            if why:
                findings.append(MarkFinding(MarkKind.FOREIGN, "", (), (one.line,), why))
            else:
                own.append(one)
    findings += _mixed(own, known)
    complete = 0
    lines: dict[int, dict[int, list[int]]] = {}
    for one in own:
        lines.setdefault(one.place, {}).setdefault(one.sheet, []).append(one.line)
    due = [row for row in listed if row.label not in withdrawn]
    for row in listed:
        if row.label in withdrawn and row.place in lines:
            read_on = tuple(sorted(line for found in lines[row.place].values() for line in found))
            findings.append(MarkFinding(MarkKind.WITHDRAWN, row.label, (), read_on, _WITHDRAWN))
    for row in due:
        seen = lines.get(row.place, {})
        findings += _doubled(row, seen)
        missing = () if 0 in seen else tuple(n for n in range(1, row.sheets + 1) if n not in seen)
        if missing:
            findings.append(MarkFinding(MarkKind.MISSING, row.label, missing, (), _missing(row, missing)))
        else:
            complete += 1
    order = list(MarkKind)
    findings.sort(key=lambda one: (order.index(one.kind), one.lines[:1], one.label))
    return Scan(len(due), complete, tuple(findings))


def _foreign(one: Reading, known: Mapping[int, ManifestRow]) -> str:
    """Why a mark is not of this job, or "": its total, its place or its count of sheets does not fit."""
    row = known.get(one.place)
    if one.total and one.total != len(known):
        return f"the mark counts {one.total:,} pieces; this job has {len(known):,}"
    if row is None:
        return f"this job has no piece {one.place}"
    if one.sheets and one.sheets != row.sheets:
        return f"{row.label} has {_sheets(row.sheets)} here, not {one.sheets}"
    return ""


def _mixed(own: Sequence[Reading], known: Mapping[int, ManifestRow]) -> Iterator[MarkFinding]:
    """Sheets away from the first of their piece, and sheets in the wrong order.

    Readings of one piece that follow each other are taken to lie together.
    """
    before = ""
    for place, group in groupby(own, key=lambda one: one.place):
        together = [one for one in group if one.sheet]
        label = known[place].label
        sheets = list(dict.fromkeys(one.sheet for one in together))
        lines = tuple(one.line for one in together)
        if sheets and 1 not in sheets:
            after = f"lies after {before}, away from its first sheet" if before else "lies before its first"
            yield MarkFinding(MarkKind.MIXED, label, tuple(sheets), lines, f"{_numbered(sheets)} {after}")
        elif sheets != sorted(sheets):
            why = f"the sheets lie in the order {', '.join(map(str, sheets))}"
            yield MarkFinding(MarkKind.MIXED, label, tuple(sheets), lines, why)
        before = label


def _doubled(row: ManifestRow, seen: Mapping[int, Sequence[int]]) -> Iterator[MarkFinding]:
    counts = Counter({sheet: len(lines) for sheet, lines in seen.items()})
    for sheet, count in sorted(counts.items()):
        if count > 1:
            what = f"sheet {sheet}" if sheet else "the piece"
            sheets = (sheet,) if sheet else ()
            yield MarkFinding(
                MarkKind.DOUBLED, row.label, sheets, tuple(seen[sheet]), f"{what} was read {count} times"
            )


def _missing(row: ManifestRow, missing: Sequence[int]) -> str:
    if len(missing) == row.sheets:
        return f"was not read (number {row.place:04}, {_sheets(row.sheets)})"
    return f"{_numbered(missing)} of {row.sheets} was not read (number {row.place:04})"


def _sheets(count: int) -> str:
    return f"{count} sheet" if count == 1 else f"{count} sheets"


def _numbered(sheets: Sequence[int]) -> str:
    return f"sheet{'s' if len(sheets) > 1 else ''} {', '.join(map(str, sheets))}"
