"""Where campaigns were moved to: the effective date that the last `mailer move` recorded.

A letter mailed before the move states another date. Its change counts from the later of the two: what it
states, and what the firm decided since.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mailer.ledger.chain import Event
from mailer.ledger.events import CampaignMoved, MailingApproved
from mailer.ledger.fold import folded
from mailer.ledger.kinds import EventKind
from mailer.ledger.moves import Moved
from mailer.store.mailings import carriers, mailing_named
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


def stating(session: Session, campaign: str, effective: date) -> tuple[str, ...]:
    """The approved issues whose article on the campaign states that date: no move gave it another since."""
    moves = happened(session, campaign, CampaignMoved)
    return tuple(
        issue
        for issue in carriers(session, campaign)
        if not moves or _date_in(session, issue, moves, effective) == effective
    )


def _date_in(
    session: Session, issue: str, moves: Sequence[tuple[Event, CampaignMoved]], now: date
) -> date | None:
    """The date that the campaign had as the issue was approved last."""
    mailing = mailing_named(session, issue)
    approved = happened(session, mailing.subject, MailingApproved) if mailing else []
    if not approved:
        return None
    return next((move.before for event, move in moves if event.seq > approved[-1][0].seq), now)
