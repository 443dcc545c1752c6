"""`mailer certified`: the post's number for certified mail, entered per piece.

All of what is given is recorded, or none. A number that was mistyped is entered again; the ledger keeps both.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailer.errors import FileProblems, MailerError, Problem
from mailer.givenfile import read_given
from mailer.ledger.events import PieceNumbered
from mailer.ledger.kinds import IN_POST, Medium, Status
from mailer.ledger.numbers import label
from mailer.ledger.records import Mailing, Piece
from mailer.making.piecenames import parsed
from mailer.planning.mailfolder import MailFolder
from mailer.printroom.certifiednumber import NoNumber, grouped, read_number
from mailer.printroom.drop import MailClass
from mailer.store import certified
from mailer.store.engine import Session
from mailer.store.jobs import hand_overs
from mailer.store.mailings import mailing_named
from mailer.store.pieces import pieces
from mailer.store.record.events import Entry, record

COLUMNS: Final = ("piece", "number")
LARGEST: Final = 10_000_000  # bytes of a file
_NOTHING: Final = "Nothing was recorded."
_ON_PAPER: Final = {*IN_POST, Status.PRODUCED}


@dataclass(frozen=True, slots=True)
class Given:
    """One piece and its number as typed; `where` is "numbers.csv:3", or the piece."""

    where: str
    line: int
    piece: str
    number: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """What was recorded. `instead` are (piece, the number it had before), `uncertified` the pieces that were
    handed over as another class, so that the evidence says two things of them.
    """

    pieces: int
    unchanged: int
    instead: tuple[tuple[str, str], ...]
    campaigns: tuple[str, ...]
    uncertified: tuple[str, ...] = ()


def read_file(path: Path) -> list[Given]:
    """The pieces and numbers of a CSV file. Raises MailerError."""
    try:
        text = read_given(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MailerError("is not UTF-8 text.", where=str(path), todo="Save it as CSV UTF-8.") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        heading = [cell.strip().casefold() for cell in next(rows, [])]
        if any(name not in heading for name in COLUMNS):
            raise MailerError(
                "has no columns piece and number.", where=f"{path}:1", todo="The first line: piece,number"
            )
        at = [heading.index(name) for name in COLUMNS]
        given = [
            Given(str(path), rows.line_num, *((row[place] if place < len(row) else "") for place in at))
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise MailerError(
            f"{error}.", where=f"{path}:{rows.line_num}", todo="Save it again as CSV."
        ) from None
    if not given:
        raise MailerError("holds no number.", where=str(path), todo="A line a piece: 2027-rates-L-0017,…")
    return given


def enter(mail: MailFolder, given: Sequence[Given], *, by: str) -> Numbered:
    """Record the numbers, in one transaction.

    Raises FileProblems naming every line with a number that can't be right or belongs to another piece, or
    with a piece that is not there or not on paper; nothing is recorded then.
    """
    problems: list[Problem] = []
    wanted = _read(given, problems)
    with mail.store.write() as session:
        rows = _pieces(session, wanted)
        others = certified.used(session, [number for _, number in wanted.values()])
        entries: list[Entry] = []
        instead: list[tuple[str, str]] = []
        uncertified = _uncertified(session, rows)
        for name, (line, number) in wanted.items():
            found = rows.get(name)
            problem = _problem(name, number, found, others)
            if problem or found is None:
                problems.append(Problem(line.where, line.line, problem))
                continue
            mailing, piece = found
            if piece.certified == number:
                continue
            if piece.certified:
                instead.append((name, grouped(piece.certified)))
            entries.append(Entry(mailing.subject, PieceNumbered(str(piece.number), number)))
        if problems:
            raise FileProblems(problems, todo=_NOTHING)
        record(session, entries, mail.stamp(by))
    campaigns = tuple(dict.fromkeys(rows[name][0].campaign for name in wanted))
    return Numbered(len(entries), len(wanted) - len(entries), tuple(instead), campaigns, uncertified)


def _uncertified(session: Session, rows: Mapping[str, tuple[Mailing, Piece]]) -> tuple[str, ...]:
    """Those of the pieces that were handed over as another class than certified mail."""
    mailings = {mailing.id: mailing for mailing, _ in rows.values()}
    drops = (one for mailing in mailings.values() for one in hand_overs(session, mailing))
    other = {one.id for one in drops if one.mail_class != MailClass.CERTIFIED}
    return tuple(name for name, (_, piece) in rows.items() if piece.drop_id in other)


def _read(given: Sequence[Given], problems: list[Problem]) -> dict[str, tuple[Given, str]]:
    """Piece → its line and number; what can't be meant goes to `problems`."""
    wanted: dict[str, tuple[Given, str]] = {}
    for line in given:
        try:
            campaign, medium, number = parsed(line.piece.strip())
            name = label(campaign, medium.initial, number)
            digits = read_number(line.number)
        except MailerError as error:
            problems.append(Problem(line.where, line.line, f"{error.what} {error.todo}"))
        except NoNumber as error:
            problems.append(Problem(line.where, line.line, f"{error}."))
        else:
            if name in wanted:
                problems.append(Problem(line.where, line.line, f"{name} is there twice."))
            wanted[name] = (line, digits)
    twice = {n for n, count in Counter(n for _, n in wanted.values()).items() if count > 1}
    for name, (line, digits) in wanted.items():
        if digits in twice:
            problems.append(Problem(line.where, line.line, f"{name}: {grouped(digits)} is there twice."))
    return wanted


def _pieces(session: Session, wanted: dict[str, tuple[Given, str]]) -> dict[str, tuple[Mailing, Piece]]:
    """The pieces that are there, by name."""
    by_mailing: dict[tuple[str, Medium], list[int]] = {}
    for name in wanted:
        campaign, medium, number = parsed(name)
        by_mailing.setdefault((campaign, medium), []).append(number)
    found: dict[str, tuple[Mailing, Piece]] = {}
    for (campaign, medium), numbers in by_mailing.items():
        mailing = mailing_named(session, campaign)
        if mailing is None or mailing.medium is not medium:
            continue
        for piece in pieces(session, mailing, numbers=numbers):
            found[mailing.label(piece.number)] = (mailing, piece)
    return found


def _problem(name: str, number: str, found: tuple[Mailing, Piece] | None, others: dict[str, str]) -> str:
    """Why the number can't be entered for the piece, "" where it can."""
    if found is None:
        return f"there is no piece {name}."
    _, piece = found
    if piece.status not in _ON_PAPER:
        return f"{name} is neither printed nor mailed (it is {piece.status})."
    if others.get(number, name) != name:
        return f"{grouped(number)} is the number of {others[number]} already."
    return ""
