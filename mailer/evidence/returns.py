"""Pieces that came back, why, and what was done: a letter made again, here or by a campaign that follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from mailer.campaign.loading import campaign_names, load_campaign
from mailer.errors import MailerError
from mailer.evidence.case import ReturnedPiece
from mailer.evidence.corrections import ProvedCorrection
from mailer.evidence.pieces import ProvedPiece
from mailer.ledger.chain import Event
from mailer.ledger.clientpiece import ClientPiece
from mailer.ledger.events import PiecesReturned, said
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
    pieces: Sequence[ProvedPiece],
    events: Sequence[Event],
    corrections: Sequence[ProvedCorrection],
) -> list[ReturnedPiece]:
    """The returned pieces of a mailing in the order of their numbers, with what was corrected since."""
    back = [piece for piece in pieces if piece.status is Status.RETURNED]
    if not back:
        return []
    reasons = dict(_reasons(events))
    ids = [client for piece in back for client in piece.clients]
    names = (campaign, *_followers(mail, campaign))
    letters = sent_to(session, ids, medium=Medium.LETTER, campaigns=names)
    return [
        ReturnedPiece(
            piece.number,
            piece.label,
            piece.lines,
            piece.returned_on,
            *reasons.get(piece.number, ("", False)),
            _done(piece, letters),
            tuple(one.correction for one in corrections if _followed(one, piece)),
        )
        for piece in back
    ]


def _followed(one: ProvedCorrection, piece: ProvedPiece) -> bool:
    """Is it of a client of the piece, and was it made once that was mailed?"""
    mailed = piece.counts_on
    return one.client in piece.clients and (mailed is None or one.correction.on >= mailed)


def _reasons(events: Sequence[Event]) -> Iterator[tuple[int, tuple[str, bool]]]:
    """For each number what was said of it, and whether that was said of it alone."""
    for event in events:
        if isinstance(happened := said(event), PiecesReturned):
            together = list(numbers(happened.pieces))
            yield from ((number, (happened.reason, len(together) == 1)) for number in together)


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
        sent for client in piece.clients for sent in letters.get(client, ()) if sent.label != piece.label
    ]
    if not again:
        return "no letter was made again"
    return "; ".join(
        f"{sent.label}, mailed {spoken(sent.counts_on)}"
        if sent.counts_on
        else f"{sent.label}, {sent.status.value} and not mailed"
        for sent in again
    )
