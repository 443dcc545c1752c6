"""Pieces that came back or went to a wrong address, why, and what was done: made again, or by a follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mailer.campaign.loading import campaign_names, load_campaign
from mailer.errors import MailerError
from mailer.evidence.case import ReturnedPiece
from mailer.evidence.corrections import ProvedCorrection
from mailer.evidence.pieces import ProvedPiece
from mailer.ledger.chain import Event
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import PiecesMisaddressed, PiecesReceived, PiecesReturned, said
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.numbers import numbers
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.pieces import sent_to


def returns_of(
    session: Session,
    mail: MailFolder,
    campaign: str,
    pieces: Iterable[ProvedPiece],
    events: Sequence[Event],
    corrections: Sequence[ProvedCorrection],
) -> list[ReturnedPiece]:
    """Those of a mailing in the order of their numbers, with what was corrected since."""
    wrong = [piece for piece in pieces if piece.status is Status.RETURNED or piece.misaddressed_on]
    if not wrong:
        return []
    known = _known(events)
    ids = [client for piece in wrong for client in piece.clients]
    names = (campaign, *_followers(mail, campaign))
    letters = sent_to(session, ids, medium=Medium.LETTER, campaigns=names)
    return [
        ReturnedPiece(
            piece.number,
            piece.label,
            piece.lines,
            piece.returned_on,
            piece.misaddressed_on,
            piece.received_on,
            piece.return_reason.value if piece.return_reason else "",
            (of := known.get(piece.number, _Known())).note,
            of.alone,
            of.of_record,
            tuple(of.events),
            _done(piece, letters),
            tuple(one.correction for one in corrections if _followed(one, piece)),
        )
        for piece in wrong
    ]


@dataclass(slots=True)
class _Known:
    """What events say of a piece that came back, or whose address was wrong; of several the last counts."""

    note: str = ""
    alone: bool = True
    of_record: bool = False
    events: list[int] = field(default_factory=list)


def _followed(one: ProvedCorrection, piece: ProvedPiece) -> bool:
    """Is it of a client of the piece, and was it made once that was mailed?"""
    mailed = piece.counts_on
    return one.client in piece.clients and (mailed is None or one.correction.on >= mailed)


def _known(events: Sequence[Event]) -> dict[int, _Known]:
    known: dict[int, _Known] = {}
    for event in events:
        happened = said(event)
        if not isinstance(happened, PiecesReturned | PiecesMisaddressed | PiecesReceived):
            continue
        together = list(numbers(happened.pieces))
        for number in together:
            one = known.setdefault(number, _Known())
            one.events.append(event.seq)
            if isinstance(happened, PiecesReturned):
                one.note, one.alone = happened.reason, len(together) == 1
                one.of_record = one.of_record or happened.of_record
            elif isinstance(happened, PiecesMisaddressed):
                one.of_record = happened.of_record
    return known


def _followers(mail: MailFolder, name: str) -> list[str]:
    """The campaigns that make good this one's notices."""
    found = []
    for other in campaign_names(mail.root):
        try:
            if name in load_campaign(mail.root, other).definition.follows:
                found.append(other)
        except MailerError:
            continue  # its own commands say what is wrong with it
    return found


def _done(piece: ProvedPiece, letters: dict[UUID, list[ClientPiece]]) -> str:
    again = [
        sent
        for client in piece.clients
        for sent in letters.get(client, ())
        if sent.label != piece.label and sent.facts.second is piece.facts.second
    ]
    if not again:
        return "no letter was made again"
    return "; ".join(
        f"{sent.label}, mailed {spoken(sent.counts_on)}"
        if sent.counts_on
        else f"{sent.label}, {sent.status.value} and not mailed"
        for sent in again
    )
