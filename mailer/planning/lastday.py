"""The last day on which approved pieces are in time: their mailing's, or their own where that is earlier.

A mailing's last day is that of its last approval, which may have been of other pieces alone; and a closing
that was entered since the approval may end a piece's time sooner. A copy of what was mailed in time may go
any day; it is late where the notice came undone since.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.judgement.lowering import lowers, rules_on_lower
from mailer.judgement.rules import of_a_copy, rules_stated
from mailer.ledger.kinds import IN_POST, Status
from mailer.ledger.records import Mailing, Piece
from mailer.ledger.stated import Stated
from mailer.notice.counting import latest_mailing
from mailer.planning.issuedates import deadlines
from mailer.planning.mailedletters import holding
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.jobs import facts_of
from mailer.store.pieces import piece_numbered, piece_numbers, pieces


def last_day(mail: MailFolder, mailing: Mailing, campaign: Campaign | None, facts: Stated) -> date | None:
    """A letter's; None where no day binds it. Where the campaign was moved to a later day, by that one. A
    copy by e-mail has one of its own, which may be a day without mail.
    """
    if facts.effective is None:
        return mailing.not_after
    moved = campaign is not None and campaign.effective > facts.effective
    effective = campaign.effective if campaign and moved else facts.effective
    rules = rules_stated(facts)
    binding = rules_on_lower(rules) if lowers(facts.rates) else rules
    by_wire = of_a_copy(binding) if facts.is_copy else ()
    days = [latest_mailing(effective, rule, mail.closings).operational for rule in by_wire or binding]
    approved = None if moved or by_wire else mailing.not_after
    return min(filter(None, (approved, *days)), default=None)


def last_day_of_all(
    session: Session,
    mail: MailFolder,
    mailing: Mailing,
    campaign: Campaign | None,
    numbers: Collection[int],
) -> date | None:
    """The first last day of the letters with these numbers, or of an issue; None where none binds them."""
    if campaign is None:
        return mailing.not_after
    if campaign.kind.is_issue:
        days = [one.operational for one in deadlines(mail, campaign) if one.possible]
        return min([mailing.not_after, *days]) if mailing.not_after else None
    free = free_copies(session, mail, mailing, numbers)
    bound = (one for number, one in facts_of(session, mailing, numbers) if number not in free)
    unlike = {(one.effective, one.house, one.statutes, one.term, one.is_copy): one for one in bound}.values()
    own = (last_day(mail, mailing, campaign, one) for one in unlike)
    return min(filter(None, own), default=None)


def only_free_copies(
    session: Session, mail: MailFolder, mailing: Mailing, statuses: Collection[Status]
) -> bool:
    """Is all of it that is in these statuses free copies, so that no day binds it."""
    copies = piece_numbers(session, mailing, statuses=statuses, copies=True)
    if not copies or len(copies) < len(piece_numbers(session, mailing, statuses=statuses)):
        return False
    return len(free_copies(session, mail, mailing, copies)) == len(copies)


def is_courtesy(session: Session, mail: MailFolder, mailing: Mailing, row: Piece) -> bool:
    """Is it a copy of a piece that was mailed in time, so that it may go any day?"""
    old = piece_numbered(session, mailing, row.again_of) if row.again_of is not None else None
    return old is not None and went_in_time(mail, mailing, None, old)


def went_in_time(mail: MailFolder, mailing: Mailing, campaign: Campaign | None, row: Piece) -> bool:
    """Was it mailed in time, whatever became of it: a copy of it may go any day."""
    last = last_day(mail, mailing, campaign, row.facts)
    return row.status in IN_POST and row.counts_on is not None and (last is None or row.counts_on <= last)


def free_copies(
    session: Session, mail: MailFolder, mailing: Mailing, numbers: Collection[int]
) -> frozenset[int]:
    """Those of these that are copies of letters whose notice holds."""
    first = {row.number: row.again_of for row in pieces(session, mailing, numbers=numbers, copies=True)}
    try:
        held = holding(session, mail, mailing, [old for old in first.values() if old is not None])
    except MailerError:
        return frozenset()  # a definition that can't be read: what it says is not known
    return frozenset(number for number, old in first.items() if old in held)
