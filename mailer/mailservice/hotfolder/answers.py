"""What the print shop answers: a CSV of pieces, status, day and reason. Pure; text in, events out.

    piece,status,day,reason
    all,accepted,,
    2027-rates-L-0007,rejected,,no such street
    all,mailed,2027-01-04,
    end

The last line says "end": what has none is still being written. A line on a piece outweighs one on all, of
which it is then not one. The same told twice is told once; what contradicts itself is told to a person.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from mailer.mailservice.service import TrackingEvent
from mailer.mailservice.transit import Meaning

ALL: Final = "all"
END: Final = "end"
ACCEPTED, REJECTED, MAILED = "accepted", "rejected", "mailed"
MEANS: Final = {ACCEPTED: Meaning.NOTED, REJECTED: Meaning.REJECTED, MAILED: Meaning.POSTED}
_COLUMNS: Final = ("piece", "status", "day", "reason")
_LONGEST_REASON: Final = 80
_MOST_WORDS: Final = 20  # on one piece in one answer


_EARLIEST: Final = date(2000, 1, 1)


class BadAnswer(ValueError):
    """An answer that can't be believed: nothing of it is taken. Says file, line and what is wrong."""


class MailedAndRejected(BadAnswer):
    """Answers of which each is right by itself, and that say both of a piece."""


@dataclass(frozen=True, slots=True)
class ShopWord:
    """One thing that the shop says of a piece."""

    status: str
    day: date | None
    reason: str = ""

    @property
    def kind(self) -> str:
        """The service's name of the event: "mailed", "rejected: no such street"."""
        return f"{self.status}: {self.reason}" if self.reason else self.status


def meaning_of(kind: str) -> Meaning:
    """What an event of that name means."""
    return MEANS.get(kind.partition(":")[0], Meaning.UNKNOWN)


def decoded(content: bytes) -> str:
    """The text of an answer as Excel or an editor saved it: in UTF-8, in UTF-16 as it says itself, else as
    Windows writes it.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def is_unfinished(text: str) -> bool:
    """Is it still being written, for all that can be seen."""
    lines = [line for line in text.splitlines() if line.strip()]
    return not lines or not _is_end(lines[-1])


def read_answer(
    text: str, *, shown: str, labels: Iterable[str], since: date, today: date
) -> dict[str, set[ShopWord]]:
    """Label, or ALL, → what is said of it. Raises BadAnswer; the text is finished. A day before `since`, when
    the job was made, or after `today` is a slip of the pen.
    """
    told: dict[str, set[ShopWord]] = {label: set() for label in (ALL, *labels)}
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise BadAnswer(f"{shown}: {error}") from None
    heading = [cell.strip().lower() for cell in rows[0]]
    if missing := [name for name in _COLUMNS[:2] if name not in heading]:
        raise BadAnswer(
            f"{shown}:1: there is no column {missing[0]!r}; the first line is {','.join(_COLUMNS)}"
        )
    for number, row in enumerate(rows[1:], 2):
        cells = dict(zip(heading, (" ".join(cell.split()) for cell in row), strict=False))
        piece = cells.get("piece", "").removeprefix("'")
        piece = ALL if piece.lower() == ALL else piece
        if _is_blank(row) or _is_end(row):
            continue
        if piece not in told:
            raise BadAnswer(f"{shown}:{number}: {_cut(piece)} is no piece of this job")
        told[piece].add(_word(cells, since, today, f"{shown}:{number}"))
        if len(told[piece]) > _MOST_WORDS:
            raise BadAnswer(f"{shown}:{number}: more than {_MOST_WORDS} things are said of {piece}")
    return told


def _rows(text: str) -> list[list[str]]:
    """Its lines; their sign between cells is that of the first. Each line is a row: a quotation mark that is
    not closed would take the rejections after it for words of its own. Raises csv.Error.
    """
    lines = text.splitlines()
    heading = next((line for line in lines if line.strip()), "")
    sign = next((one for one in ";\t" if one in heading and "," not in heading), ",")
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(next(csv.reader([line], delimiter=sign, strict=True), []))
        except csv.Error as error:
            raise csv.Error(f"line {number}: a quotation mark is not closed ({error})") from None
    return rows


def _is_blank(row: Iterable[str]) -> bool:
    return not "".join(row).strip()


def _is_end(row: Iterable[str]) -> bool:
    return "".join(row).strip(',;\t "').lower() == END


def events_of(
    told: Iterable[Mapping[str, set[ShopWord]]], label: str, made_at: datetime
) -> tuple[TrackingEvent, ...]:
    """What the shop told of one piece in all of its answers, oldest first. Raises BadAnswer where that
    contradicts itself.
    """
    files = list(told)
    words = set[ShopWord]().union(*(one.get(label, set()) for one in files))
    ends = {REJECTED, MAILED} if any(word.status != ACCEPTED for word in words) else set[str]()
    words |= {word for one in files for word in one.get(ALL, set()) if word.status not in ends}
    days = sorted({word.day for word in words if word.status == MAILED and word.day})
    if len(days) > 1:
        raise BadAnswer(f"it is said to be mailed on {days[0]} and on {days[1]}; the shop must say which")
    if days and any(word.status == REJECTED for word in words):
        raise MailedAndRejected(
            f"it is said to be rejected, and to be mailed on {days[0]}; the shop must say which"
        )
    events = (TrackingEvent("", word.kind, _moment(word.day, made_at)) for word in words)
    return tuple(sorted(events, key=lambda one: (one.occurred_at, one.provider_type)))


def _word(cells: Mapping[str, str], since: date, today: date, where: str) -> ShopWord:
    status, written = cells.get("status", "").lower(), cells.get("day", "")
    if status not in MEANS:
        raise BadAnswer(f"{where}: the status is {_cut(status)}; there are: {', '.join(MEANS)}")
    try:
        day = date.fromisoformat(written) if written else None
    except ValueError:
        raise BadAnswer(f"{where}: the day {_cut(written)} is none; write it like 2027-01-04") from None
    if day is None and status == MAILED:
        raise BadAnswer(f"{where}: mailed on which day? write it like 2027-01-04")
    if day is not None and day > today:
        raise BadAnswer(f"{where}: {day} is still to come")
    if day is not None and day < max(since, _EARLIEST):  # a test job knows no day before which it was not
        raise BadAnswer(f"{where}: {day} is before the job was made")
    reason = "".join(sign for sign in cells.get("reason", "") if sign.isprintable())
    return ShopWord(status, day, reason[:_LONGEST_REASON] if status == REJECTED else "")


def _cut(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…")


def _moment(day: date | None, made_at: datetime) -> datetime:
    """A day without an hour is midnight UTC (mailer.mailservice.transit.day_of)."""
    return made_at if day is None else datetime.combine(day, time(), UTC)
