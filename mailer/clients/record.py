"""What a client is: frozen records without a database.

Dates are inclusive unless stated. Text fields are stripped; an absent one is "" (not None).
Fractions are Decimal ("8%" is Decimal("0.08")).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from mailer.agreement import ContractKind
from mailer.clients.abroad import below_the_name


@dataclass(frozen=True, slots=True)
class Address:
    """A mailing address as it is to be printed. `state` is two letters for a US address.

    `zip` is NNNNN or NNNNN-NNNN for the US and free text elsewhere; `country` is ISO 3166 alpha-2.
    """

    line1: str
    line2: str
    city: str
    state: str
    zip: str
    country: str = "US"

    def lines(self) -> tuple[str, ...]:
        """The lines below the name, as printed on the envelope."""
        if self.country != "US":
            return tuple(
                below_the_name(self.line1, self.line2, self.city, self.state, self.zip, self.country)
            )
        last = " ".join(f"{self.city} {self.state} {self.zip}".split())
        return tuple(line for line in (self.line1, self.line2, last) if line)


@dataclass(frozen=True, slots=True)
class Contract:
    """The client's agreement as far as notice and rates depend on it.

    `notice` is the term as given: a preset's id ("contract-30-deposit") or words such as
    "45 days from receipt"; "" where the client list does not say. It is checked when it is imported.
    """

    kind: ContractKind = ContractKind.NONE
    notice: str = ""
    rate_locked_until: date | None = None  # the last day of the lock
    max_raise: Decimal | None = None  # the largest rise at one time, as a fraction
    min_months_between: int | None = None  # months from one rise to the next
    only_at_renewal: bool = False
    renewal: date | None = None  # one renewal day; the others are its anniversaries
    last_raised: date | None = None  # the last rise that this product did not make


@dataclass(frozen=True, slots=True)
class Client:
    """One row of the client list.

    `key` is its identity within the list: "id:…" the mapped id column, else "email:…", else
    "name:…|zip". `number` is what people call it: the mapped id, or "".
    `name` is what is printed first on the envelope: the company, or the contact without one.
    `since` is the first day of the engagement where known.
    """

    id: UUID
    key: str
    number: str
    company: str
    contact: str
    salutation: str
    email: str
    phone: str
    address: Address
    notice_address: Address | None = None
    contract: Contract = field(default_factory=Contract)
    tags: frozenset[str] = frozenset()
    active: bool = True
    newsletter: bool = True  # False: opted out of marketing mail; contractual mail ignores it
    since: date | None = None
    notice_to: str = ""  # for whose attention a notice is, where that is not the contact

    @property
    def name(self) -> str:
        return self.company or self.contact

    @property
    def has_two_addresses(self) -> bool:
        return self.notice_address is not None and self.notice_address != self.address

    @property
    def notice_goes_to(self) -> Address:
        """Where a notice is sent: the notice address where the contract names one."""
        return self.notice_address or self.address

    def place(self, *, second: bool) -> Address:
        """Where a notice goes, and where the second one does where a contract asks for both addresses."""
        return self.address if second else self.notice_goes_to
