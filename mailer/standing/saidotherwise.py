"""What letters that were mailed state, and today's files state otherwise: the files were edited since.

The page, the voice mail and every later text read the files; the clients have the letters. What was approved
before mailer recorded what its letters state is not compared.
"""

from __future__ import annotations

from mailer.campaign.facts import as_lines
from mailer.campaign.loading import Campaign, loaded_campaigns
from mailer.campaign.stated import stated_to_all
from mailer.ledger.events import MailingApproved
from mailer.ledger.kinds import IN_POST
from mailer.ledger.numbers import spans
from mailer.planning.mailfolder import MailFolder
from mailer.store.engine import Session
from mailer.store.mailings import mailing_named
from mailer.store.pieces import first_mailed, piece_numbers
from mailer.store.record.events import happened


def said_otherwise(session: Session, mail: MailFolder, campaign: Campaign) -> tuple[str, ...]:
    """The names of the facts that mailed letters of the campaign state otherwise: "business hours".

    None of what is over: a later change of its kind holds by now, or it spoke of a day that has passed. And
    none where others of its kind and day were mailed since and state them as the files do.
    """
    found = _differing(session, mail, campaign)
    if not found or (campaign.effective < mail.today and not campaign.kind.lasts):
        return ()
    last = max(campaign.effective, mail.today)
    for other in loaded_campaigns(mail.root):
        if (
            other.kind is campaign.kind
            and other.name != campaign.name
            and campaign.effective <= other.effective <= last
            and first_mailed(session, other.name)
            and (other.effective > campaign.effective or not _differing(session, mail, other))
        ):
            return ()
    return found


def _differing(session: Session, mail: MailFolder, campaign: Campaign) -> tuple[str, ...]:
    mailing = mailing_named(session, campaign.name)
    if mailing is None:
        return ()
    now = set(as_lines(stated_to_all(mail.settings, campaign)).splitlines())
    otherwise = [
        (list(spans(one.pieces)), sorted(now ^ set(one.states.splitlines())))
        for _, one in happened(session, mailing.subject, MailingApproved)
        if one.states
    ]
    if not any(lines for _, lines in otherwise):
        return ()
    mailed = piece_numbers(session, mailing, statuses=IN_POST)
    return tuple(
        dict.fromkeys(
            line.partition("\t")[0]
            for pieces, lines in otherwise
            if any(first <= number <= last for first, last in pieces for number in mailed)
            for line in lines
        )
    )
