"""What the record knows, as frozen records: mailings, pieces, jobs, hand-overs, submissions. Pure.

Days are the firm's local days, moments are aware and in UTC. Page numbers are 1-based and inclusive.
`mailer.store` reads them; nobody else sees a row of a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from mailer.ledger.kinds import JobState, Medium, ReturnReason, Status
from mailer.ledger.numbers import label
from mailer.ledger.stated import KnownClosings, Stated


@dataclass(frozen=True, slots=True)
class Mailing:
    """One medium of a campaign. `subject` names it in events: "2027-rates/letter"."""

    id: UUID
    campaign: str
    medium: Medium
    subject: str
    dated: date | None
    inputs_digest: str | None
    output_digest: str | None
    approved_by: str | None
    approved_at: datetime | None
    approved_on: date | None
    not_after: date | None

    @property
    def is_newsletter(self) -> bool:
        return self.medium is Medium.NEWSLETTER

    def label(self, number: int) -> str:
        """What people call a piece of it: 2027-rates-L-0042."""
        return label(self.campaign, self.medium.initial, number)


@dataclass(frozen=True, slots=True)
class Piece:
    """One document to one recipient. `facts` are the changes that it states, frozen as printed.

    `address` is the parts of `recipient`, None where an older mailer did not keep them; `certified` the
    post's number, `again_of` the number of the piece whose pages it repeats.
    """

    id: UUID
    mailing_id: UUID
    number: int
    status: Status
    recipient_name: str
    recipient: tuple[str, ...]
    zip: str
    salt: str
    facts: Stated
    recipient_digest: str
    file: str
    first_page: int
    last_page: int
    sha256: str
    job_id: UUID | None
    drop_id: UUID | None
    counts_on: date | None
    dropped_on: date | None
    returned_on: date | None
    received_on: date | None
    delivered_on: date | None
    rehearsed: bool
    address: dict[str, str] | None
    certified: str | None
    again_of: int | None
    return_reason: ReturnReason | None = None
    misaddressed_on: date | None = None
    of_record: bool | None = None

    @property
    def pages(self) -> int:
        return self.last_page - self.first_page + 1


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The print room's production of pieces: a folder, relative to the mail folder."""

    id: UUID
    mailing_id: UUID
    number: int
    state: JobState
    folder: str
    manifest: str | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What the firm handed to the post. `counts_on` is the mailing day after cut-off and closed days."""

    id: UUID
    mailing_id: UUID
    job_id: UUID
    pieces: str
    dropped_at: datetime
    counts_on: date
    dropped_by: str
    place: str
    mail_class: str
    receipt: str | None
    receipt_name: str | None
    closings: KnownClosings


@dataclass(frozen=True, slots=True)
class Submission:
    """What a mail service was asked for one piece. `send_key` is the idempotency key, `account` the service's
    account, None where an older mailer asked; `sender` the process that works on it.
    """

    piece_id: UUID
    mailing_id: UUID
    service: str
    send_key: str
    sha256: str
    live: bool
    certified: bool
    send_date: date | None
    cost: Decimal | None
    sender: int | None
    first_tried: datetime
    last_tried: datetime
    problem: str
    provider_id: str | None
    accepted_at: datetime | None
    cancel_until: datetime | None
    expected: date | None
    account: str | None
