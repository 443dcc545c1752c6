"""What a campaign's definition asks of its notice today: the statutes it names, and its effective date.

A letter is judged by the rules it was made under and by today's: a statute that was added since governs it
too, and a date that was put off since is not passed over. The stricter counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from mailer.campaign.loading import campaign_names, load_campaign
from mailer.planning.mailfolder import MailFolder


@dataclass(frozen=True, slots=True)
class Asked:
    """By the definition of today. `effective` is None where there is none any more, or no such day."""

    statutes: tuple[str, ...] = ()
    effective: date | None = None


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
