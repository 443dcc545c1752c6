"""Lob as the house knows it: the one row of `mailer.mailservice.registry`."""

from __future__ import annotations

from datetime import date
from typing import Final

from mailer.clients.postal import AddressLimits
from mailer.mailservice.lob import account, events, limits
from mailer.mailservice.lob.prices import LobTerms, load_lob_prices
from mailer.mailservice.lob.settings import NAME, TITLE, LobSettings
from mailer.mailservice.provider import Provider
from mailer.planning.mailfolder import MailFolder


def terms(mail: MailFolder, day: date) -> LobTerms:
    """How Lob prints for this folder, and what it costs."""
    return LobTerms(
        mail.settings.table(NAME, LobSettings), load_lob_prices(mail.root, mail.settings.services), day
    )


LOB: Final = Provider(
    name=NAME,
    title=TITLE,
    needs_table=False,
    address_limits=AddressLimits(TITLE, limits.NAME, limits.LINES_TOGETHER),
    has_key=account.has_key,
    connect=account.lob_of,
    keyless=account.keyless,
    terms=terms,
    hook=account.hook,
    postal_data=account.lob_of,
    meaning_of=events.kind_of,
)
