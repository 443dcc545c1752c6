"""What a judge is asked: the day of the work, today, and what each definition asks of its notice now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

from mailer.campaign.loading import campaign_names, load_campaign
from mailer.judgement.history import Asked, Question
from mailer.judgement.rules import house_rule
from mailer.notice.rules import Rule
from mailer.planning.mailfolder import MailFolder


def question_on(mail: MailFolder, day: date, house: Rule | None = None) -> Question:
    """The question for work of a day, under the campaign's house rule or the firm's."""
    rule = house or house_rule(mail.settings)
    state = mail.settings.firm.address.state
    return Question(day, mail.today, rule, mail.closings, mail.clock.rehearsal, state, asked_by(mail))


def asked_by(mail: MailFolder) -> Callable[[str], Asked]:
    """A function from a campaign's name to what it asks; each definition is read once.

    A campaign whose folder was removed asks nothing more than its letters say. Raises FileProblems where a
    definition cannot be read.
    """
    known = frozenset(campaign_names(mail.root))

    @cache
    def asked(name: str) -> Asked:
        if name not in known:
            return Asked()
        campaign = load_campaign(mail.root, name)
        if campaign.kind.is_issue:
            return Asked()
        return Asked(campaign.definition.notice.statutes, campaign.effective)

    return asked
