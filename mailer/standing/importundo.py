"""`mailer clients import --undo`: the last import of the client list taken back, while nothing rests on it.

The events stay: that it was imported, and that it was taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from mailer.errors import Refused
from mailer.ledger.chain import Event
from mailer.ledger.clientevents import ClientsImported, ImportUndone
from mailer.ledger.kinds import EventKind
from mailer.notice.words import spoken
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.listed.lastimport import kept_of, take_back
from mailer.store.record.binding import LIST
from mailer.store.record.events import Entry, all_events_after, happened, record

_RESTS: Final = {
    EventKind.PREPARED: "letters of {} were made from it",
    EventKind.REISSUED: "a letter of {} was made again from it",
    EventKind.APPROVED: "{} was approved on it",
    EventKind.CORRECTED: "a client's address was corrected",
    EventKind.MARKED: "a client was marked or merged",
    EventKind.EXCEPTION_ADDED: "an exception was recorded",
    EventKind.CLIENTS_FORGOTTEN: "clients were forgotten",
}
"""What happened since, where the list may not become what it was."""
_TODO: Final = "Import a corrected list instead: what it says takes the place of what is there."


@dataclass(frozen=True, slots=True)
class Undone:
    """The import of the day `on` was taken back: clients that are gone, and clients that are as before."""

    on: date
    removed: int
    restored: int


def undo_import(mail: MailFolder, *, actor: str) -> Undone:
    """Take back the last import that changed something.

    Raises Refused where there is none, where it was taken back already, or where something rests on it.
    """
    with mail.store.write() as session:
        imported = _last(session)
        where = f"the import of {spoken(imported.occurred_on)}"
        for event in all_events_after(session, imported.seq):
            if said := _RESTS.get(EventKind(event.kind)):
                told = said.format(event.subject.partition("/")[0])
                day = spoken(event.occurred_on)
                raise Refused(f"it stays, since {told} on {day}.", where=where, todo=_TODO)
        if kept_of(session) != imported.recorded_at:
            raise Refused("it stays, since what was there before is not known.", where=where, todo=_TODO)
        stamp = mail.stamp(actor)
        back = take_back(session, stamp)
        ids = "\n".join(client.hex for client in back.removed)
        record(session, [Entry(LIST, ImportUndone(imported.seq, back.restored, ids))], stamp)
    return Undone(imported.occurred_on, len(back.removed), back.restored)


def _last(session: Session) -> Event:
    """The last import, which nobody took back."""
    imports = [event for event, _ in happened(session, LIST, ClientsImported)]
    undone = [told.seq for _, told in happened(session, LIST, ImportUndone)]
    if not imports:
        raise Refused("nothing was imported yet.", todo="Import a list:  mailer clients import FILE")
    if imports[-1].seq in undone:
        raise Refused("the last import is taken back already; only the last one can be.", todo=_TODO)
    return imports[-1]
