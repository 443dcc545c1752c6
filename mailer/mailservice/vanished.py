"""A piece that a service took and does not know by its number any more.

Somebody deleted it there, or a cancellation was interrupted before it was recorded. It is looked up by its
send key: where that finds none either, or one that was cancelled, nothing of it will be mailed, and the piece
is cancelled. Were it mailed all the same, its scan would say so: ink on paper outweighs this.
"""

from __future__ import annotations

from typing import Final

from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing, Submission
from mailer.ledger.serviceevents import PiecesCancelled
from mailer.mailservice.dispatch import stamp_of
from mailer.mailservice.service import Absent, Found, Service, Trouble, Unknown
from mailer.planning.mailfolder import MailFolder
from mailer.store.pieces import piece_by_id
from mailer.store.record.events import Entry, record

GONE: Final = "the service has no such piece any more, neither by its number nor by its key"


def missing(service: Service, asked: Submission) -> Absent | Trouble:
    """Is it certain that nothing of the piece will be mailed? `Absent` where it is."""
    match service.find(asked.send_key):
        case Absent() | Found(cancelled=True):
            return Absent()
        case Found(accepted):
            return Unknown(f"the service lists it as {accepted.provider_id} and does not know that number")
        case trouble:
            return trouble


def taken_back(
    mail: MailFolder, mailing: Mailing, service: Service, asked: Submission, reason: str, by: str
) -> None:
    """Record that it is cancelled, unless it is not at the service any more: its webhook may be faster."""
    with mail.store.write() as session:
        still = piece_by_id(session, asked.piece_id)
        if still.status is Status.ACCEPTED:
            entry = Entry(mailing.subject, PiecesCancelled(str(still.number), asked.service, reason))
            record(session, [entry], stamp_of(mail, service, by))
