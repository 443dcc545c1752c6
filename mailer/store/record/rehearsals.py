"""A rehearsal changes nothing that really happened: what the day fixed by MAILER_TODAY may be recorded of.

A campaign of which anything was recorded for real (an approval, a job, a hand-over, a move) is no rehearsal's
any more, and nor are the client list and the exceptions of a folder in which anything was. A folder whose
events are all rehearsals stays one. Tries with a test key are marked as rehearsals too and pass: they are
made on the real day.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Pool, func, select, true
from sqlalchemy.orm import Session

from mailer.clock import VARIABLE
from mailer.errors import Refused
from mailer.ledger.kinds import EventKind, Medium
from mailer.store.tables import EventRow

_LOOKED: Final[WeakKeyDictionary[Pool, dict[str, int]]] = WeakKeyDictionary()
"""Of each database and campaign the last event that was looked at, and nothing real was found."""


def leave_what_is_real(session: Session, concerns: Iterable[tuple[str, EventKind]]) -> None:
    """Raises Refused where events of these subjects and kinds would follow what really happened."""
    for campaign in sorted({_campaign(subject, kind) for subject, kind in concerns}):
        looked = _LOOKED.setdefault(session.connection().engine.pool, {})
        last = session.execute(select(func.max(EventRow.seq))).scalar_one() or 0
        statement = select(EventRow.seq).where(
            EventRow.seq > looked.get(campaign, 0), EventRow.rehearsal.is_(False), _of(campaign)
        )
        if session.execute(statement.limit(1)).first() is not None:
            raise Refused(
                f"what is on record of {campaign or 'this folder'} really happened, and this is a rehearsal "
                f"({VARIABLE}), which changes nothing of it. Nothing was recorded.",
                where=campaign or VARIABLE,
                todo=f"Unset {VARIABLE}; or rehearse in a folder of its own (mailer init FOLDER).",
            )
        looked[campaign] = last


def _campaign(subject: str, kind: EventKind) -> str:
    """The campaign whose mailing, or whose move, it is; "" for what the whole folder shares."""
    campaign, slash, _ = subject.partition("/")
    return campaign if slash or kind in (EventKind.MOVED, EventKind.PUBLISHED) else ""


def _of(campaign: str) -> ColumnElement[bool]:
    if not campaign:
        return true()
    return EventRow.subject.in_([campaign, *(f"{campaign}/{medium.value}" for medium in Medium)])
