"""Where campaigns were moved to: the effective date that the last `mailer move` recorded.

A letter mailed before the move states another date. Its change counts from the later of the two: what it
states, and what the firm decided since.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.ledger.events import CampaignMoved
from mailer.ledger.fold import folded
from mailer.ledger.kinds import EventKind
from mailer.ledger.moves import Moved
from mailer.store.record.events import happened
from mailer.store.tables import EventRow


def moved(session: Session, campaigns: Collection[str]) -> dict[str, Moved]:
    """Where each of these campaigns was last moved to, of those that were ever moved."""
    statement = (
        select(EventRow.subject)
        .where(EventRow.subject.in_(campaigns), EventRow.kind == EventKind.MOVED.value)
        .distinct()
    )
    of = session.execute(statement).scalars().all()
    events = (event for campaign in of for event, _ in happened(session, campaign, CampaignMoved))
    return folded(events).moves
