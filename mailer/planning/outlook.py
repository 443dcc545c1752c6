"""A campaign's deadlines as they come at once, on a list of any size, for what looks at all campaigns.

They are planned for every notice term that the client list knows, so that they are never later than those
of `plan`, which looks at the campaign's own audience; it is asked where statutes are named, since which of
them governs hangs on each client.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from mailer.campaign.loading import Campaign
from mailer.judgement.rules import TermUnknown, house_rule, rules_of
from mailer.notice.deadlines import working_days
from mailer.notice.rules import Rule
from mailer.notice.timeline import Milestone, Timeline
from mailer.planning.issuedates import IssueDeadline, deadlines, month_of
from mailer.planning.leadtimes import timeline_of
from mailer.planning.mailfolder import MailFolder
from mailer.planning.plan import IssuePlan, Plan, plan
from mailer.store.listed.roster import terms


def outlook(mail: MailFolder, campaign: Campaign) -> Timeline:
    """The timeline of a notice as of today."""
    if campaign.kind.is_notice and campaign.definition.notice.statutes:
        made = plan(mail, campaign.name)
        if isinstance(made, Plan) and made.timeline is not None:
            return made.timeline
    house = house_rule(mail.settings, campaign.definition)
    rules: set[Rule] = {house}
    if campaign.kind.is_notice:
        with mail.store.read() as session:
            known = terms(session, campaign.definition.audience)
        for contract in known:
            with suppress(TermUnknown):  # `plan` names the clients
                rules |= set(rules_of(contract, house))
    billable = bool(campaign.definition.rates)
    return timeline_of(mail, campaign, campaign.effective, rules, billable=billable)


def last_day_out(mail: MailFolder, planned: Plan | IssuePlan) -> date | None:
    """The last day to hand what is planned over to the post, or to the mail service."""
    if isinstance(planned, IssuePlan):
        issue = planned.campaign
        return issue_by(mail, Milestone.DROP, month_of(issue), deadlines(mail, issue))
    return last_out(planned.timeline) if planned.timeline else None


def last_out(timeline: Timeline) -> date | None:
    """The same by the timeline of a notice."""
    step = timeline.step(Milestone.SEND) or timeline.step(Milestone.DROP)
    return step.day if step else None


def issue_by(mail: MailFolder, milestone: Milestone, month: date, known: list[IssueDeadline]) -> date:
    """The day of an issue's milestone, back from its hand-over: in time for the nearest notice that it
    carries, else the first mailing day of its month on which the firm works.
    """
    work = working_days(house_rule(mail.settings), mail.closings)
    last = min((deadline.hand_over for deadline in known), default=None)
    drop = work.on_or_before(last) if last else work.on_or_after(month)
    back = mail.settings.lead_times.printing if milestone is Milestone.APPROVE else 0
    return work.nth_before(drop, back)
