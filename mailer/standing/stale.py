"""Whether an approval is stale: the files say by now what nobody approved, and `print` and `send` refuse it.

Looked at where pieces wait. A client that changed since is found by the gate alone (mailer.making.gate).
"""

from __future__ import annotations

from typing import Final

from mailer.campaign.loading import Campaign
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder

AGAIN: Final = "approve again"


def is_stale(mail: MailFolder, campaign: Campaign, mailing: Mailing | None) -> bool:
    """Have definition, texts, letterhead or profile changed since the mailing was approved."""
    from mailer.making.inputs import inputs_digest  # noqa: PLC0415 (loads what reads a letterhead)

    if mailing is None or mailing.approved_at is None:
        return False
    return mailing.inputs_digest != inputs_digest(mail.settings, campaign, mail.letterhead)
