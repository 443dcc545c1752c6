"""What an older mailer had recorded without binding it, bound from the day of the upgrade.

Events of version 1 say nothing of what a letter states, of its pages' place, or of a client's terms and
rates. Adopting binds these rows as they are: a later edit is seen, an earlier one is not.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from mailer.ledger.events import MailingAdopted, PiecesAdopted
from mailer.ledger.leaves import leaves_of
from mailer.store.listed.accountbinding import adopt_accounts
from mailer.store.mailings import carried_by, mailings
from mailer.store.record.binding import with_clients
from mailer.store.record.events import Entry, Stamp, record
from mailer.store.tables import EventRow

_AT_ONCE: Final = 1_000


def adopt(session: Session, now: datetime) -> None:
    """Record what binds every mailing, piece, agreement and base rate that is there."""
    real = session.execute(select(exists().where(EventRow.rehearsal.is_(False)))).scalar_one()
    stamp = Stamp("mailer", now, now.date(), rehearsal=not real)  # a rehearsal's folder stays one
    for mailing in mailings(session):
        carried = "\n".join(f"{name} {digest}" for name, digest in carried_by(session, mailing).items())
        whole = MailingAdopted(mailing.inputs_digest, mailing.dated, carried)
        record(session, [Entry(mailing.subject, whole)], stamp)
        found = with_clients(session, mailing)
        while part := list(islice(found, _AT_ONCE)):
            bound = {piece.number: leaves_of(piece, clients) for piece, clients in part}
            record(session, [Entry(mailing.subject, PiecesAdopted.of(bound))], stamp)
    adopt_accounts(session, stamp)
