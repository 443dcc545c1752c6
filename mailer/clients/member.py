"""A client as planning and checking see it: the little they look at, frozen but for its services. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from mailer.agreement import ContractKind
from mailer.clients.record import Client, Contract
from mailer.money import from_stored

BaseRate = tuple[str, int, date, bool, str]
"""service, whole ten-thousandths, valid from, is a rise, source"""

LISTED: Final = "client list: "
"""What the stored source of a rate begins with where an import of the client list set it."""


@dataclass(slots=True)
class Member:
    """One client. `services` are those it has a rate for, filled in once they are known; `salt` is of what
    binds its terms and rates (mailer.store.record.binding), "" once it was forgotten.
    """

    id: UUID
    key: str
    number: str
    name: str
    email: str
    state: str
    tags: frozenset[str]
    contract: Contract
    newsletter: bool
    since: date | None
    active: bool
    country: str
    mail_state: str
    mail_country: str
    terms_from: date | None = None  # the agreement holds from then on; None: from the beginning
    salt: str = ""
    services: frozenset[str] = frozenset()

    @property
    def kind(self) -> ContractKind:
        return self.contract.kind


amount_of = lru_cache(maxsize=4_096)(from_stored)


def member_of(client: Client, services: Iterable[str] = ()) -> Member:
    """The little of a client. `services` are those it has a rate for."""
    notice = client.notice_goes_to
    return Member(
        id=client.id,
        key=client.key,
        number=client.number,
        name=client.name,
        email=client.email,
        state=client.address.state,
        tags=client.tags,
        contract=client.contract,
        newsletter=client.newsletter,
        since=client.since,
        active=client.active,
        country=client.address.country,
        mail_state=notice.state,
        mail_country=notice.country,
        services=frozenset(services),
    )
