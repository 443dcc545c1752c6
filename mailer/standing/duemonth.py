"""Which month of newsletter and notices is due, and to which month a campaign belongs.

A month is its first day; its issue is called by the year and the month, "2027-01".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from mailer.campaign.loading import Campaign, load_campaign, loaded_campaigns
from mailer.notice.strides import months_from
from mailer.planning.carrier import carrying, last_month
from mailer.planning.issuedates import month_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.outlook import last_out, outlook
from mailer.planning.repeats import issue_after, issues_repeat
from mailer.standing.status import stages as stages_of

OPEN: Final = ("draft", "approved", "sending")
"""Stages of a mailing that is still to be approved, or to leave."""


def name_of(month: date) -> str:
    """What the month's issue is called: "2027-01"."""
    return f"{month:%Y-%m}"


def month_due(mail: MailFolder) -> date:
    """The month to go on with: that of the first issue which is not in the post, else the next one."""
    this, stages = mail.today.replace(day=1), stages_of(mail)
    months = {one.name: month_of(one) for one in loaded(mail) if one.kind.is_issue}
    waiting = [
        month for name, month in months.items() if month >= this and stages[name] in (*OPEN, "printed")
    ]
    if waiting:
        return min(waiting)
    # Where a rule says that there is one, this month's is due still; of a firm that begins, the next one.
    last = max(months.values(), default=this)
    missed = months_from(this, -1) if issues_repeat(mail) else this
    return issue_after(mail, max(last, missed))


def home(mail: MailFolder, campaign: Campaign, due: date) -> date:
    """The month that a campaign belongs to, where `due` is the one to go on with: that of the issue which
    carries its article, else the last one whose issue would be in time; an earlier one where its letters must
    leave in it. What is behind time is due now.
    """
    if campaign.kind.is_issue:
        return month_of(campaign)
    issue = carrying(mail, campaign).issue
    months = [month_of(load_campaign(mail.root, issue)) if issue else last_month(mail, campaign)]
    if (out := last_out(outlook(mail, campaign))) is not None:
        months.append(out.replace(day=1))
    return max(min(filter(None, months), default=due), due)


def loaded(mail: MailFolder) -> Iterator[Campaign]:
    yield from loaded_campaigns(mail.root)
