"""What mailer.toml must say before a campaign is announced, such as the new hours from their first day."""

from __future__ import annotations

from datetime import date

from mailer.campaign.kind import OwnWords
from mailer.campaign.loading import Campaign
from mailer.campaign.policyfile import load_policies
from mailer.errors import Problem
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE
from mailer.tomlfile import line_of, read_text


def lacking(mail: MailFolder, campaign: Campaign, effective: date) -> tuple[Problem, ...]:
    """What the profile lacks for this campaign on that effective date, each with the line of its table."""
    found = tuple(campaign.kind.lacks(effective, OwnWords(mail.settings, load_policies(mail.root))))
    text = read_text(mail.root / FILE) if found else ""
    return tuple(
        Problem(lack.file, line_of(text, (lack.table,)) if lack.file == FILE else 0, lack.what)
        for lack in found
    )
