"""Whether an approval is stale: the files say by now what nobody approved, and `print` and `send` refuse it.

Looked at where pieces wait. A client that changed since is found by the gate alone (mailer.making.gate), and
of what is printed by `printedotherwise`.
"""

from __future__ import annotations

from typing import Final

from mailer.campaign.loading import Campaign, readable
from mailer.ledger.kinds import Status
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.pieces import any_piece

AGAIN: Final = "approve again"


def is_stale(mail: MailFolder, campaign: Campaign, mailing: Mailing | None) -> bool:
    """Have definition, texts, letterhead or profile changed since the mailing was approved."""
    from mailer.making.inputs import inputs_digest  # noqa: PLC0415 (loads what reads a letterhead)

    if mailing is None or mailing.approved_at is None:
        return False
    return mailing.inputs_digest != inputs_digest(mail.settings, campaign, mail.letterhead)


def is_printed_stale(session: Session, mail: MailFolder, mailing: Mailing) -> bool:
    """Is any of it printed and not in the post, and the files changed since."""
    campaign = readable(mail.root, mailing.campaign)
    waits = any_piece(session, mailing, [Status.PRODUCED])
    return waits and campaign is not None and is_stale(mail, campaign, mailing)
