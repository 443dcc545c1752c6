"""The print-and-mail services there are: one folder each, one row each in SERVICES.

A row is loaded once it is needed. Its name is that of its table in mailer.toml and in secrets.toml, of its
section of prices.toml, of its webhook's path, and what submissions and events call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Final

from mailer.clients.postal import AddressLimits
from mailer.mailservice.provider import Provider, Terms
from mailer.mailservice.transit import Meaning
from mailer.planning.mailfolder import MailFolder
from mailer.tomlfile import Table

SERVICES: Final = {"lob": "mailer.mailservice.lob.provider:LOB"}


@lru_cache
def provider(name: str) -> Provider:
    """The service of that name. Raises KeyError where there is none."""
    module, _, attribute = SERVICES[name].partition(":")
    found: Provider = getattr(import_module(module), attribute)
    return found


def chosen() -> Provider:
    """The service that pieces are sent by: the only one there is."""
    (name,) = SERVICES
    return provider(name)


def tables() -> Mapping[str, type[Table]]:
    """What may stand in mailer.toml beside the firm's own tables."""
    return {name: provider(name).table for name in SERVICES}


def terms_of(mail: MailFolder, name: str, day: date) -> Terms:
    """How the service of that name prints for this folder, and what it costs on `day`."""
    return provider(name).terms(mail, day)


def title_of(name: str) -> str:
    """The service as people know it; its own word for one that is not here any more."""
    return provider(name).title if name in SERVICES else name


def meaning_of(name: str, provider_kind: str) -> Meaning:
    """What the service means by its name of an event."""
    return provider(name).meaning_of(provider_kind) if name in SERVICES else Meaning.UNKNOWN


def address_limits() -> tuple[AddressLimits, ...]:
    """What each service takes of an address, for the list where it can still be corrected."""
    return tuple(provider(name).address_limits for name in SERVICES)
