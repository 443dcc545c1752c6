"""A print-and-mail service as the house knows it before anything is asked of it: what its folder gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from mailer.clients.postal import AddressLimits
from mailer.errors import MailerError
from mailer.mailservice.service import Consignment, PostalData, Service
from mailer.mailservice.transit import Meaning, Report
from mailer.planning.mailfolder import MailFolder


class Terms(Protocol):
    """How a service prints for a mail folder, and what it costs on one day, in US dollars."""

    @property
    def color(self) -> bool: ...

    @property
    def double_sided(self) -> bool: ...

    @property
    def monthly_cap(self) -> Decimal | None:
        """What all sends of a calendar month may cost, None for any sum."""

    def cost(self, piece: Consignment) -> Decimal:
        """What one piece costs. Raises MailerError where no price is known."""

    def remarks(self) -> tuple[str, ...]:
        """What is to be said beside a sum of these prices."""


class Unsigned(MailerError):
    """A webhook that was not signed with the secret, or not now: never believed."""


class Garbled(MailerError):
    """A webhook that was signed, and is not an event."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What reads a service's webhooks: headers, raw body and the real time give a report. `read` raises
    Unsigned before a byte of the body is read as anything, and Garbled. `largest` is in bytes.
    """

    name: str
    title: str
    largest: int
    read: Callable[[Mapping[str, str], bytes, datetime], Report]


@dataclass(frozen=True, slots=True)
class Presumed:
    """What a journal that is lost may have said of a piece: `taken` at that moment, as the ledger has it, or
    None where it may have gone since the ledger's copy was made.
    """

    send_key: str
    label: str
    campaign: str
    provider_id: str = ""
    taken: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnJournal:
    """What tells of a service that can't be asked what went: a `file` beside mailer.toml. `again` begins it
    anew where it is lost; of what is presumed and was not taken it then knows that it may have gone.
    """

    file: str
    again: Callable[[MailFolder, Sequence[Presumed]], None]


@dataclass(frozen=True, slots=True)
class Provider:
    """A print-and-mail service as the house knows it: all that its folder gives.

    `title` is for people; it may need its table in mailer.toml to be used at all;
    `address_limits` is what it takes of an address, None where it sets no limit. `has_key`, `connect`, `hook`
    and `postal_data` raise MailerError where a secret is missing or may be read by others; `keyless` judges
    by the published limits and sends nothing. `hook` and `postal_data` are None where it has no webhooks, or
    looks up no addresses. `meaning_of` reads the service's names of events. `journal` is None where it tells
    itself what it has; `sample` shows what it would send of a piece and its words, as files by their names,
    and is None where it prints.
    """

    name: str
    title: str
    needs_table: bool
    address_limits: AddressLimits | None
    has_key: Callable[[MailFolder], bool]
    connect: Callable[[MailFolder], Service]
    keyless: Callable[[], Service]
    terms: Callable[[MailFolder, date], Terms]
    hook: Callable[[MailFolder], Hook] | None
    postal_data: Callable[[MailFolder], PostalData] | None
    meaning_of: Callable[[str], Meaning]
    journal: OwnJournal | None = None
    sample: Callable[[MailFolder, Consignment, str], dict[str, str]] | None = None
