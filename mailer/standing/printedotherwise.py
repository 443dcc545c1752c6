"""Letters that are printed and wait for the post, and would not be printed so by what was learnt since."""

from __future__ import annotations

from dataclasses import dataclass

from mailer.campaign.loading import load_campaign
from mailer.errors import MailerError
from mailer.ledger.kinds import Medium
from mailer.ledger.records import Mailing
from mailer.planning.mailfolder import MailFolder
from mailer.store.accounts import printed_before_change
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named


@dataclass(frozen=True, slots=True)
class PrintedOtherwise:
    """Such a letter. `gone`: its client gets none any more; else it would be another one."""

    number: int
    name: str
    gone: bool


def waiting_otherwise(mail: MailFolder, name: str) -> tuple[str, ...]:
    """The labels of such letters of a campaign."""
    with mail.store.read() as session:
        mailing = mailing_named(session, name)
        found = printed_otherwise(session, mail, mailing) if mailing else ()
        return tuple(mailing.label(one.number) for one in found) if mailing else ()


def printed_otherwise(session: Session, mail: MailFolder, mailing: Mailing) -> tuple[PrintedOtherwise, ...]:
    """Those of a mailing whose client was changed, by list or hand, after they were approved. Nothing where
    its definition can't be read: that is said elsewhere.
    """
    if mailing.medium is not Medium.LETTER or mailing.dated is None:
        return ()
    waiting = printed_before_change(session, mailing)
    if not waiting:
        return ()
    from mailer.making.documents import Letters  # noqa: PLC0415 (loads what reads Markdown)
    from mailer.making.letters import digests_now  # noqa: PLC0415

    try:
        campaign = load_campaign(mail.root, mailing.campaign)
        texts = Letters(mail.settings, campaign, mailing.dated, mailing.inputs_digest or "")
        now = digests_now(mail, campaign, texts, {one.client for one in waiting})
    except MailerError:
        return ()
    return tuple(
        PrintedOtherwise(one.number, one.name, not now[one.client])
        for one in waiting
        if one.digest not in now[one.client]
    )
