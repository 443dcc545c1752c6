"""Clients who joined lately and were in no welcome packet that was begun: the packet that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from mailer.campaign.kinds.welcome import KIND as WELCOME
from mailer.campaign.loading import campaign_names, loaded_campaigns
from mailer.campaign.policyfile import load_policies
from mailer.notice.strides import months_from
from mailer.planning.mailfolder import MailFolder
from mailer.store.listed.roster import joined_from

_LATELY: Final = 3  # months for which a client is new


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet to be begun: by which name, and for how many clients."""

    name: str
    clients: int

    @property
    def command(self) -> str:
        return f"mailer new {WELCOME.name} {self.name}"


def packet_due(mail: MailFolder) -> Packet | None:
    """The packet to be begun, None where nobody waits for one or the firm has no policies to give."""
    if not load_policies(mail.root):
        return None
    begun = [one.definition for one in loaded_campaigns(mail.root) if one.kind is WELCOME]
    with mail.store.read() as session:
        joined = joined_from(session, months_from(mail.today, -_LATELY))
    waiting = [
        since
        for since in joined
        if not any(
            (one.audience.joined_from or date.min) <= since <= (one.effective or date.max) for one in begun
        )
    ]
    if not waiting:
        return None
    known, first = set(campaign_names(mail.root)), f"{mail.today:%Y-%m}-{WELCOME.name}"
    names = (first if number == 1 else f"{first}-{number}" for number in count(1))
    return Packet(next(name for name in names if name not in known), len(waiting))
