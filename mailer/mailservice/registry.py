"""The print-and-mail services there are: one folder each, one row each in SERVICES.

A row is loaded once it is needed. Its name is that of its table in mailer.toml and in secrets.toml, of its
section of prices.toml, of its webhook's path, and what submissions and events call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from mailer.campaign.definition import PRINT_ROOM
from mailer.campaign.loading import Campaign
from mailer.mailservice.transit import Meaning
from mailer.planning.mailfolder import MailFolder
from mailer.planning.route import route_of, usual_service
from mailer.settings import ServiceTable

if TYPE_CHECKING:
    from mailer.clients.postal import AddressLimits
    from mailer.mailservice.provider import Hook, Provider, Terms
    from mailer.mailservice.service import PostalData

SERVICES: Final = {
    # name: (provider, its table in mailer.toml, which every command reads)
    "lob": ("mailer.mailservice.lob.provider:LOB", "mailer.mailservice.lob.settings:LobSettings"),
    "hotfolder": (
        "mailer.mailservice.hotfolder.provider:HOTFOLDER",
        "mailer.mailservice.hotfolder.settings:HotFolderSettings",
    ),
    "smtp": ("mailer.mailservice.smtp.provider:SMTP", "mailer.mailservice.smtp.settings:SmtpSettings"),
}


@lru_cache
def provider(name: str) -> Provider:
    """The service of that name. Raises KeyError where there is none."""
    found: Provider = _loaded(SERVICES[name][0])
    return found


def _loaded(address: str) -> Any:
    module, _, attribute = address.partition(":")
    return getattr(import_module(module), attribute)


def service_for(mail: MailFolder, campaign: Campaign) -> Provider:
    """The service that the campaign's pieces are sent by: its route, or the firm's usual one where that is
    the print room. Raises as `route_of`.
    """
    route = route_of(mail.settings, campaign)
    return provider(usual_service(mail.settings, campaign) if route == PRINT_ROOM else route)


def postal_data(mail: MailFolder) -> PostalData:
    """What looks addresses up. Raises MailerError where it has no key."""
    return next(one.postal_data(mail) for one in map(provider, SERVICES) if one.postal_data)


def hooked(mail: MailFolder) -> Hook:
    """What reads webhooks. Raises MailerError where there is no secret that they are signed with."""
    return next(one.hook(mail) for one in map(provider, SERVICES) if one.hook)


def journals() -> Mapping[str, str]:
    """The files beside mailer.toml that alone tell what went by a service, by its name."""
    return {name: journal.file for name in SERVICES if (journal := provider(name).journal)}


def tables() -> Mapping[str, type[ServiceTable]]:
    """What may stand in mailer.toml beside the firm's own tables."""
    return {name: _loaded(table) for name, (_, table) in SERVICES.items()}


def terms_of(mail: MailFolder, name: str, day: date) -> Terms:
    """How the service of that name prints for this folder, and what it costs on `day`."""
    return provider(name).terms(mail, day)


def title_of(name: str) -> str:
    """The service as people know it; its own word for one that is not here any more."""
    return provider(name).title if name in SERVICES else name


def on_paper(name: str) -> bool:
    """Does that service print what it mails; so did one that is not here any more."""
    return name not in SERVICES or bool(_loaded(SERVICES[name][1]).on_paper)


def meaning_of(name: str, provider_kind: str) -> Meaning:
    """What the service means by its name of an event."""
    return provider(name).meaning_of(provider_kind) if name in SERVICES else Meaning.UNKNOWN


def address_limits() -> tuple[AddressLimits, ...]:
    """What each service takes of an address, for the list where it can still be corrected."""
    return tuple(one.address_limits for one in map(provider, SERVICES) if one.address_limits)
