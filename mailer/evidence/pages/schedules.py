"""The schedules of an evidence pack: every piece with its address, and the events of the mailing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from mailer.evidence.case import Addressee, Case
from mailer.evidence.pages.longlists import ListColumn, Lists
from mailer.evidence.pages.service import in_lines
from mailer.notice.words import spoken


def addressee_list(lists: Lists, case: Case) -> None:
    columns = (
        ListColumn("No.", 30),
        ListColumn("Addressee, as printed", 148),
        ListColumn("Pages", 26, right=True),
        ListColumn("Deposited", 54),
        ListColumn("Status", 44),
        ListColumn("Verdict", 80),
        ListColumn("SHA-256", 58, 6.6),
    )
    rows = (
        (
            f"{piece.number:04}",
            "\n".join((*piece.lines, *_way(piece))),
            str(piece.pages),
            _deposit(piece.deposited),
            f"{piece.status}\nby {piece.service}" if piece.service and piece.deposited else piece.status,
            piece.verdict,
            in_lines(piece.sha256),
        )
        for piece in case.pieces
    )
    first = next(iter(case.pieces))
    name = first.label.removesuffix(f"{first.number:04}")
    under = f"{len(case.pieces):,} pieces, by number. The name of a piece is {name} and its number."
    lists.add("Schedule A: addressees", under, columns, rows)


def _way(piece: Addressee) -> Iterator[str]:
    """What its address does not say of how it went."""
    if piece.certified:
        yield f"Certified Mail {piece.certified}"
    if piece.email:
        yield f"by e-mail: {piece.email}"


@lru_cache(maxsize=1_024)
def _deposit(day: date | None) -> str:
    return spoken(day).replace(" ", "\n", 1) if day else "–"


def event_list(lists: Lists, case: Case) -> None:
    columns = (
        ListColumn("Event", 30, right=True),
        ListColumn("Kind", 92),
        ListColumn("Recorded (UTC)", 84),
        ListColumn("Occurred on", 52),
        ListColumn("Actor", 84),
        ListColumn("SHA-256", 105, 6.2),
    )
    rows = (
        (
            str(event.seq),
            event.kind + (" (rehearsal)" if event.rehearsal else ""),
            f"{event.recorded_at:%Y-%m-%d %H:%M:%S}",
            str(event.occurred_on),
            event.actor,
            f"{event.hash[:32]}\n{event.hash[32:]}",
        )
        for event in case.events
    )
    under = f"{len(case.events):,} of the ledger’s {case.frame.head_seq:,} events; all are in events.jsonl."
    lists.add("Schedule B: events of this mailing", under, columns, rows)


def envelope_list(lists: Lists, title: str, under: str, pieces: Iterable[Addressee]) -> None:
    """The names and addresses attached to a declaration of mailing."""
    columns = (
        ListColumn("No.", 34),
        ListColumn("Name and address as on the envelope", 290),
        ListColumn("Piece", 144),
    )
    rows = ((f"{piece.number:04}", "\n".join(piece.lines), piece.label) for piece in pieces)
    lists.add(title, under, columns, rows)
