"""Dates of an issue of the newsletter: its month, and by when it must go for what it carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mailer.campaign.loading import Campaign, campaign_names, load_campaign
from mailer.errors import MailerError
from mailer.judgement.rules import house_rule
from mailer.ledger.kinds import Medium
from mailer.notice.counting import is_compliant, latest_mailing
from mailer.notice.deadlines import hand_over
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import mails_on


def carried(issue: Campaign) -> tuple[Campaign, ...]:
    """The campaigns whose articles an issue carries. Raises MailerError where one can't be loaded."""
    root = issue.folder.parent.parent
    names = issue.definition.issue.carries if issue.definition.issue else ()
    campaigns = tuple(load_campaign(root, name) for name in names)
    for campaign in campaigns:
        if campaign.kind.is_issue:
            raise MailerError(
                f"carries {campaign.name!r}, which is an issue itself.",
                where=issue.path,
                todo="Carry campaigns that have an article.md.",
            )
    return campaigns


@dataclass(frozen=True, slots=True)
class IssueDeadline:
    """By when an issue must be handed over for a campaign it carries, by the firm's own habit.

    `operational` is the last mailing day, `hand_over` the last of them on which the firm works too.
    """

    campaign: str
    effective: date
    operational: date
    hand_over: date
    legal: date
    possible: bool


def month_of(issue: Campaign) -> date:
    """The first day of the issue's month: the day its pages are dated."""
    if issue.definition.issue is None:
        raise MailerError("is not an issue of the newsletter.", where=issue.path)
    return date.fromisoformat(f"{issue.definition.issue.month}-01")


def deadlines(mail: MailFolder, issue: Campaign) -> list[IssueDeadline]:
    """The deadlines of the carried campaigns that ask for the newsletter, the nearest first."""
    closings = mail.closings
    found = []
    for campaign in carried(issue):
        if Medium.NEWSLETTER not in campaign.media:
            continue
        house = house_rule(mail.settings, campaign.definition)
        latest = latest_mailing(campaign.effective, house, closings)
        possible = is_compliant(mails_on(mail, issue, ()), campaign.effective, house, closings)
        last = hand_over(latest, house, closings)
        found.append(
            IssueDeadline(campaign.name, campaign.effective, latest.operational, last, latest.legal, possible)
        )
    return sorted(found, key=lambda deadline: deadline.operational)


def issues_carrying(mail: MailFolder, campaign: str) -> list[Campaign]:
    """The issues whose definitions carry the campaign, oldest month first; faulty ones are left out."""
    found = []
    for name in campaign_names(mail.root):
        try:
            issue = load_campaign(mail.root, name)
        except MailerError:
            continue  # its own commands say what is wrong with it
        if issue.definition.issue and campaign in issue.definition.issue.carries:
            found.append(issue)
    return sorted(found, key=month_of)
