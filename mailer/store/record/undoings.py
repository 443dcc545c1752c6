"""From which day it was known that a letter came back, or that its address had been wrong.

What is recorded in February of January was billed in January by what was known then. A rehearsal's day of
recording is on no record: there it is the day itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import PiecesMisaddressed, PiecesReturned
from mailer.ledger.numbers import numbers
from mailer.store.record.events import happened


def with_known_days(
    session: Session, letters: dict[UUID, list[ClientPiece]]
) -> dict[UUID, list[ClientPiece]]:
    """The letters, of which those that came back or were wrongly addressed get the day on which that was
    recorded.
    """
    for sent in letters.values():
        for at, one in enumerate(sent):
            if one.returned_on is not None or one.misaddressed_on is not None:
                sent[at] = _known(session, one)
    return letters


def _known(session: Session, piece: ClientPiece) -> ClientPiece:
    days = _days(session, f"{piece.campaign}/{piece.medium.value}")
    return replace(piece, undoing_known=days.get(piece.number))


def _days(session: Session, subject: str) -> dict[int, date]:
    """Piece number → the last day on which such a thing was recorded. Read once a session."""
    kept: dict[str, dict[int, date]] = session.info.setdefault("undoings", {})
    if subject not in kept:
        found: dict[int, date] = {}
        kinds: Sequence[type[PiecesReturned | PiecesMisaddressed]] = (PiecesReturned, PiecesMisaddressed)
        for kind in kinds:
            for event, said in happened(session, subject, kind):
                # UTC: never before the firm's own day where that lies behind it, as in America
                day = (
                    event.occurred_on if event.rehearsal else max(event.occurred_on, event.recorded_at.date())
                )
                for number in numbers(said.concerns):
                    found[number] = max(day, found.get(number, day))
        kept[subject] = found
    return kept[subject]
