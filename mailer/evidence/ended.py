"""Pieces that were never mailed (refused, cancelled, void), why, and what took their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from mailer.evidence.case import Ended
from mailer.evidence.pieces import ProvedPiece
from mailer.ledger.chain import Event
from mailer.ledger.claims import keys
from mailer.ledger.events import PiecesVoided, said
from mailer.ledger.serviceevents import PieceRejected, PiecesCancelled
from mailer.notice.words import spoken


def ended(
    gone: Iterable[ProvedPiece], live: Iterable[ProvedPiece], events: Sequence[Event], subject: str
) -> Iterator[Ended]:
    """Each of `gone`, in the order of their numbers."""
    ends = dict(_ends(events, subject))
    serving: dict[UUID, list[ProvedPiece]] = {client: [] for piece in gone for client in piece.clients}
    for piece in live if serving else ():
        for client in serving.keys() & set(piece.clients):
            serving[client].append(piece)
    return (
        Ended(
            piece.number,
            piece.label,
            piece.lines,
            piece.status.value,
            *ends.get(piece.number, ("", 0)),
            _instead(piece, serving),
        )
        for piece in gone
    )


def _ends(events: Sequence[Event], subject: str) -> Iterator[tuple[int, tuple[str, int]]]:
    for event in events:
        happened = said(event)
        if event.subject == subject and isinstance(happened, PieceRejected | PiecesCancelled | PiecesVoided):
            for _, number in keys(event, happened):
                yield number, (happened.reason, event.seq)


def _instead(piece: ProvedPiece, serving: dict[UUID, list[ProvedPiece]]) -> str:
    """The pieces that its clients have instead."""
    others = {one.number: one for client in piece.clients for one in serving.get(client, ())}
    if not others:
        return "nothing"
    return "; ".join(
        f"{one.label}, {f'mailed {spoken(one.counts_on)}' if one.counts_on else one.status.value}"
        for one in others.values()
    )
