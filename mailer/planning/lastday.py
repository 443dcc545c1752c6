"""The last day on which an approved piece is in time: its mailing's, or its own where that is earlier.

A mailing's last day is that of its last approval, which may have been of other pieces alone; and a closing
that was entered since the approval may end a piece's time sooner.
"""

from __future__ import annotations

from datetime import date

from mailer.campaign.loading import Campaign
from mailer.judgement.rules import rules_stated
from mailer.ledger.records import Mailing
from mailer.ledger.stated import Stated
from mailer.notice.counting import latest_mailing
from mailer.planning.mailfolder import MailFolder


def last_day(mail: MailFolder, mailing: Mailing, campaign: Campaign | None, facts: Stated) -> date | None:
    """None where no day binds the mailing. The campaign's day counts where it was moved to a later one."""
    if mailing.not_after is None or facts.effective is None:
        return mailing.not_after
    effective = max(facts.effective, campaign.effective) if campaign else facts.effective
    days = (latest_mailing(effective, rule, mail.closings).operational for rule in rules_stated(facts))
    return min(mailing.not_after, *days)
