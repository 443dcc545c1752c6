"""New business hours stand in two files: the campaign that announces them, and mailer.toml's [[hours]] from
their first day, which letterhead and newsletter read. They must not disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mailer.campaign.loading import Campaign
from mailer.errors import Problem
from mailer.planning.mailfolder import MailFolder
from mailer.settings import FILE
from mailer.tomlfile import line_of, read_text


@dataclass(frozen=True, slots=True)
class Agreement:
    """`problem` where mailer.toml states other hours from that day; `remark` where it states none."""

    problem: Problem | None = None
    remark: str = ""


def hours_agree(mail: MailFolder, campaign: Campaign, effective: date) -> Agreement:
    """Compare the campaign's hours with mailer.toml's of its effective date, as people read them."""
    announced = campaign.definition.hours
    if announced is None:
        return Agreement()
    for number, entry in enumerate(mail.settings.hours):
        if entry.since != effective:
            continue
        if entry.lines() == announced.lines():
            return Agreement()
        line = line_of(read_text(mail.root / FILE), ("hours", number))
        told = (
            f"[[hours]] from {effective} are {'; '.join(entry.lines())}, and {campaign.name} announces "
            f"{'; '.join(announced.lines())}. Correct the one that is wrong."
        )
        return Agreement(Problem(FILE, line, told))
    return Agreement(
        remark=f"{FILE} has no [[hours]] from {effective}: add the hours that {campaign.name} announces, "
        "or letterhead and newsletter go on stating the old ones."
    )
