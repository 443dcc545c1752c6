"""What any print-and-mail service does with a piece: check it, take it, find it, cancel it, tell where it is.

No word here belongs to one provider. Every call ends in a value, never in an exception of the provider's
library: a piece whose outcome is not known must be told apart from one that was not sent, because the
second may be sent again and the first may not. `Unreachable`, `Throttled`, `Denied` and `Rejected` are
certain: nothing was taken. `Unknown` is not: look for the piece with `find` before any other try.
All datetimes are aware and in UTC; sizes are bytes; prices are US dollars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from mailer.mailservice.transit import Report


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a piece goes, or comes from. `name` is the person; it or `company` may be "", not both.

    `state` is two letters and `zip` NNNNN or NNNNN-NNNN for the US, free text elsewhere; `country` is ISO
    3166 alpha-2.
    """

    name: str
    company: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str
    country: str = "US"


@dataclass(frozen=True, slots=True)
class Consignment:
    """One piece as it is handed over.

    `send_key` is the same on every try of this piece and no other's. `pdf` is the piece's own pages alone,
    as bytes or as the file that holds them; `pages` and `size` (bytes) are theirs. `subject` is for the
    people who look at the service's own list. `lines` is the address block as it was approved. With
    `send_date` the service keeps the piece until that day; after `not_after` it would be too late. `email` is
    the address of a piece that was approved to go by e-mail.
    """

    send_key: str
    label: str
    campaign: str
    subject: str
    pdf: Path | bytes
    pages: int
    size: int
    to: PostalAddress
    sender: PostalAddress
    notice: bool  # False: marketing, a newsletter
    color: bool = False
    double_sided: bool = True
    certified: bool = False
    insert_address_page: bool = False  # the service prints the address on a page of its own before ours
    send_date: date | None = None
    lines: tuple[str, ...] = ()
    not_after: date | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service has the piece. That is not mailing: see `mailer.notice.deliveries`.

    `cancel_until` is the last moment at which `cancel` may still work; `price` is None where the service
    does not tell one; `tracking_number` is "" until it has one. `told` is what it tells of the piece at
    once, as `reports` would: where taking it is sending it.
    """

    provider_id: str
    expected_delivery: date | None = None
    send_date: datetime | None = None
    cancel_until: datetime | None = None
    tracking_number: str = ""
    price: Decimal | None = None
    told: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """This piece (or this id) is refused and was not taken; others may still go."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Denied:
    """Nothing will be taken: the key, the account or its payment. Stop the run."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """Not now, and this one was not taken. Wait `retry_after` seconds; `message` says why, "" for too many
    requests.
    """

    retry_after: float
    message: str = ""


@dataclass(frozen=True, slots=True)
class Enough:
    """As much as may go for now went before; this one was not taken. Stop the run."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The service may have taken the piece and may not. Never treat it as not sent.

    `again` is False where asking once more in this run would tell no more.
    """

    reason: str
    again: bool = True


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No connection was made, so certainly nothing was sent."""

    reason: str


Trouble = Rejected | Denied | Throttled | Enough | Unknown | Unreachable
Outcome = Accepted | Trouble


def why(trouble: Trouble) -> str:
    """What the service said, or what happened instead, in words."""
    match trouble:
        case Rejected(_, message) | Denied(_, message):
            return message
        case Throttled(seconds, message):
            return message or f"the service takes no more requests; wait {seconds:g} seconds"
        case Unknown(reason) | Unreachable(reason) | Enough(reason):
            return reason


def ending(trouble: Trouble) -> str:
    """Why nothing more can be asked of the service for now, in words; "" where the next request may go."""
    match trouble:
        case Denied():
            return f"the service refuses the account: {why(trouble).rstrip('.')}"
        case Unreachable():
            return f"the service can't be reached: {why(trouble)}"
        case Throttled() | Enough():
            return why(trouble)
        case Rejected() | Unknown():
            return ""


@dataclass(frozen=True, slots=True)
class Found:
    """The piece with that send key. `cancelled`: it was taken and then cancelled, so it will not be mailed.

    `others` are the ids of further pieces with the same key, which there must never be.
    """

    accepted: Accepted
    cancelled: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLetter:
    """One of our letters as the service lists it: `send_key`, `label` and `campaign` are the Consignment's.

    `send_date` is the day that was asked for; `name`, `company` and `zip` are of where it goes, as the
    service writes them.
    """

    send_key: str
    label: str
    campaign: str
    accepted: Accepted
    created: datetime
    cancelled: bool
    certified: bool
    send_date: date | None
    name: str
    company: str
    zip: str


ListOutcome = tuple[ServiceLetter, ...] | Trouble


@dataclass(frozen=True, slots=True)
class Absent:
    """The service lists no piece with that send key, or knows none of that id."""


FindOutcome = Found | Absent | Trouble


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It will not be printed, and is not charged."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """It is in production and will be mailed."""

    message: str


CancelOutcome = Cancelled | TooLate | Absent | Trouble


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """Something that happened to a piece. `provider_type` is the provider's own word, "mailed"."""

    event_id: str
    provider_type: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Tracking:
    """What the service tells about a piece: its events, oldest first, and its own `status` ("" if none).

    `send_date` and `expected_delivery` are as the service has them now; `remark` is for people, once the
    piece moves on. `contradicts`, in words: it is said to be mailed and to be rejected, so that there are no
    events.
    """

    events: tuple[TrackingEvent, ...]
    status: str = ""
    cancelled: bool = False
    send_date: datetime | None = None
    expected_delivery: date | None = None
    tracking_number: str = ""
    remark: str = ""
    contradicts: str = ""


TrackingOutcome = Tracking | Absent | Trouble


@dataclass(frozen=True, slots=True)
class Verification:
    """What the postal data say about a US address, in the service's words, and the address as they write it.

    `dpv_confirmation` is the USPS's delivery point validation: Y, S, D, N or "".
    """

    deliverability: str
    dpv_confirmation: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str


VerifyOutcome = Verification | Trouble


class Service(Protocol):
    """A print-and-mail service. Safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """What the records call it."""

    @property
    def live(self) -> bool:
        """Pieces are printed, mailed and charged; else the service only pretends."""

    @property
    def account(self) -> str:
        """Tells this account from any other, as a hash of 12 characters that gives away neither key nor name.

        One account cannot find what another was asked for.
        """

    def problems(self, piece: Consignment, today: date) -> tuple[str, ...]:
        """What the service's published limits forbid, in words to act on. Pure; () where it may be sent."""

    @property
    def at_once(self) -> int:
        """How many pieces it takes together, as one job; 1 where each goes by itself."""

    def hand_over(self, pieces: Sequence[Consignment]) -> Sequence[Outcome]:
        """Hand over at most `at_once` pieces of one campaign; what came of each, in their order.

        Raises MailerError where their own pages cannot be read.
        """

    def find(self, send_key: str) -> FindOutcome:
        """The piece with that send key, cancelled ones too."""

    def settle(self, send_key: str, by: str, *, taken: bool) -> bool:
        """Take a person's word on a piece that nobody can look up; False where `find` tells by itself."""

    def listed(self, since: datetime | None) -> ListOutcome:
        """Every letter of ours that it took since that moment, of any mail folder, cancelled ones too."""

    def cancel(self, provider_id: str) -> CancelOutcome:
        """Stop a piece, if it is not too late. Cancelling it again is `Cancelled` too."""

    def events(self, provider_id: str) -> TrackingOutcome:
        """Where a piece is."""

    def reports(self, provider_id: str, tracking: Tracking, now: datetime) -> tuple[Report, ...]:
        """What `events` told of that piece, as its webhooks would tell it."""

    def findings(self) -> tuple[str, ...]:
        """What it was told since and belongs to no piece, for people."""


class PostalData(Protocol):
    """What looks addresses up. Safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """What the records call it."""

    @property
    def live(self) -> bool:
        """Its answers are the post's; else they only pretend."""

    def verify(self, address: PostalAddress) -> VerifyOutcome:
        """What the postal data say about a US address."""
