"""`mailer returned` and `mailer received`: what became of a mailed piece.

A return: under a deposit or deemed-receipt clause a correctly addressed notice usually stands; under a
receipt rule it is undone (the rule's `on_return`), and the client needs a corrected address and a new piece.
A receipt: deposit, deemed receipt and actual receipt are kept apart; a rule that counts receipt is met by
the recorded day alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.errors import Refused
from mailer.ledger.events import PiecesReceived, PiecesReturned
from mailer.ledger.kinds import Medium, Status
from mailer.ledger.numbers import ranges
from mailer.ledger.records import Mailing
from mailer.making.piecenames import parsed
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.events import Entry, record
from mailer.store.mailings import mailing_named
from mailer.store.pieces import pieces, set_received, set_returned

_WITH_THE_POST: Final = (Status.MAILED, Status.DELIVERED)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: how many pieces, of which mailings (their campaigns)."""

    pieces: int
    campaigns: tuple[str, ...]


def returned(mail: MailFolder, labels: Sequence[str], *, on: date, reason: str, actor: str) -> Recorded:
    """Record that pieces came back on a day. Raises Refused or UsageProblem, and records nothing, where
    one was not mailed, came back before, or came back before it was mailed or in the future.
    """
    return _record(mail, labels, on, lambda pieces: PiecesReturned(pieces, on, reason), actor)


def received(mail: MailFolder, labels: Sequence[str], *, on: date, proof: str, actor: str) -> Recorded:
    """Record that pieces were received on a day, by what `proof` (a certified-mail card). Raises as above."""
    return _record(mail, labels, on, lambda pieces: PiecesReceived(pieces, on, proof), actor)


def _record(
    mail: MailFolder,
    labels: Sequence[str],
    on: date,
    what: Callable[[str], PiecesReturned | PiecesReceived],
    actor: str,
) -> Recorded:
    if on > mail.today:
        raise Refused(f"{on} is in the future.", where="--on", todo="Record it once it has happened.")
    wanted = _wanted(labels)
    with mail.store.write() as session:
        for (campaign, medium), numbers in sorted(wanted.items()):
            mailing = _mailing(session, campaign, medium)
            _require_mailed(session, mailing, numbers, on)
            happened = what(ranges(numbers))
            record(session, [Entry(mailing.subject, happened)], mail.stamp(actor, on))
            put = set_returned if isinstance(happened, PiecesReturned) else set_received
            put(session, mailing, numbers, on)
    return Recorded(len(set(labels)), tuple(sorted({campaign for campaign, _ in wanted})))


def _wanted(labels: Sequence[str]) -> dict[tuple[str, Medium], list[int]]:
    wanted: dict[tuple[str, Medium], list[int]] = {}
    for text in labels:
        campaign, medium, number = parsed(text)
        wanted.setdefault((campaign, medium), []).append(number)
    return wanted


def _mailing(session: Session, campaign: str, medium: Medium) -> Mailing:
    mailing = mailing_named(session, campaign)
    if mailing is None or mailing.medium is not medium:
        raise Refused("nothing was made for this campaign.", where=campaign, todo="Look at `mailer status`.")
    return mailing


def _require_mailed(session: Session, mailing: Mailing, numbers: Sequence[int], on: date) -> None:
    """Raises Refused for a piece that is not in the post's hands, or was not yet on that day."""
    found = {piece.number: piece for piece in pieces(session, mailing, numbers=numbers)}
    for number in numbers:
        piece = found.get(number)
        if piece is None or piece.status not in _WITH_THE_POST or piece.dropped_on is None:
            was = piece.status if piece else "not there"
            raise Refused(
                f"piece {number} is not with the post (it is {was}).",
                where=mailing.subject,
                todo="Correct the number; nothing was recorded.",
            )
        if on < piece.dropped_on:
            raise Refused(
                f"piece {number} was handed over on {piece.dropped_on}, after {on}.",
                where="--on",
                todo="Correct the day; nothing was recorded.",
            )
