"""A campaign that writes to nobody: why, and what to do."""

from __future__ import annotations

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.store.engine import Session
from mailer.store.listed.roster import services


def for_nobody(session: Session, campaign: Campaign) -> MailerError:
    """Why a campaign that writes to no client does not, and what to do."""
    known = services(session)
    definition = campaign.definition
    wanted = [change.service for change in definition.rates] or sorted(definition.audience.services)
    if wanted and not set(wanted) & set(known):
        others = f" It has rates of {', '.join(known)}." if known else ""
        return MailerError(
            f"no client would get a letter: the client list has no rates of {', '.join(wanted)}.{others}",
            where=campaign.path,
            todo="Import the list again with a column of them, or with one rate for all: "
            f"mailer clients import FILE --set service.{wanted[0]}=130",
        )
    return MailerError(
        "no client would get a letter: nobody is in the audience, or nothing changes for them.",
        where=campaign.path,
        todo="Look at [audience], and at `mailer clients list`.",
    )
