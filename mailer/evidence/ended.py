"""Pieces that were never mailed (refused, cancelled, void), why, and what took their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from mailer.evidence.case import Ended
from mailer.evidence.pieces import Piece
from mailer.ledger.chain import Event
from mailer.ledger.claims import keys
from mailer.ledger.kinds import EventKind
from mailer.notice.steps import spoken
from mailer.store.events import payload_of

_ENDS: Final = (EventKind.REJECTED, EventKind.CANCELLED, EventKind.VOIDED)


def ended(gone: Sequence[Piece], live: Sequence[Piece], events: Sequence[Event], subject: str) -> list[Ended]:
    """Each of `gone`, in the order of their numbers."""
    ends = dict(_ends(events, subject))
    serving: dict[UUID, list[Piece]] = {}
    for piece in live:
        for client in piece.clients:
            serving.setdefault(client, []).append(piece)
    return [
        Ended(
            piece.number,
            piece.label,
            piece.lines,
            piece.status.value,
            *ends.get(piece.number, ("", 0)),
            _instead(piece, serving),
        )
        for piece in gone
    ]


def _ends(events: Sequence[Event], subject: str) -> Iterator[tuple[int, tuple[str, int]]]:
    for event in events:
        if event.subject == subject and event.kind in _ENDS:
            said: dict[str, Any] = dict(payload_of(event))
            for _, number in keys(event):
                yield number, (said.get("reason") or "", event.seq)


def _instead(piece: Piece, serving: dict[UUID, list[Piece]]) -> str:
    """The pieces that its clients have instead."""
    others = {one.number: one for client in piece.clients for one in serving.get(client, ())}
    if not others:
        return "nothing"
    return "; ".join(
        f"{one.label}, {f'mailed {spoken(one.counts_on)}' if one.counts_on else one.status.value}"
        for one in others.values()
    )
