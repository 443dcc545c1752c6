"""What a mailing would cost by the mail service, before anything is approved: by the price list alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from mailer.campaign.loading import Campaign
from mailer.errors import MailerError
from mailer.mailservice.registry import service_for
from mailer.mailservice.service import Consignment, PostalAddress
from mailer.planning.mailfolder import MailFolder

_NOWHERE = PostalAddress("", "", "", "", "", "", "")


def estimate(
    mail: MailFolder, campaign: Campaign, day: date, *, pieces: int, pages: int, certified: int, abroad: int
) -> Decimal | None:
    """What so many pieces of `pages` each would cost; None where the price list does not say."""
    terms, letter = service_for(mail, campaign).terms(mail, day), not campaign.kind.is_issue
    one = Consignment(
        send_key="",
        label="",
        campaign=campaign.name,
        subject="",
        pdf=b"",
        pages=pages,
        size=0,
        to=_NOWHERE,
        sender=_NOWHERE,
        notice=letter,
        color=terms.color,
        double_sided=terms.double_sided,
        insert_address_page=not letter,
    )
    try:
        cost = (pieces - certified - abroad) * terms.cost(one)
        if certified:
            cost += certified * terms.cost(replace(one, certified=True))
        if abroad:
            cost += abroad * terms.cost(replace(one, to=replace(_NOWHERE, country="ZZ")))
    except MailerError:
        return None
    return cost
