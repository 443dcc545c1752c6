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

_HERE = PostalAddress("", "", "", "", "", "", "")
_ABROAD = replace(_HERE, country="ZZ")


def estimate(
    mail: MailFolder, campaign: Campaign, day: date, *, pages: int, certified: bool, abroad: bool
) -> Decimal | None:
    """What a piece of `pages` would cost; None where the price list does not say."""
    terms, letter = service_for(mail, campaign).terms(mail, day), not campaign.kind.is_issue
    one = Consignment(
        send_key="",
        label="",
        campaign=campaign.name,
        subject="",
        pdf=b"",
        pages=pages,
        size=0,
        to=_ABROAD if abroad else _HERE,
        sender=_HERE,
        notice=letter,
        color=terms.color,
        double_sided=terms.double_sided,
        insert_address_page=not letter,
        certified=certified,
    )
    try:
        return terms.cost(one)
    except MailerError:
        return None
