"""The tables. A piece's status and a mailing's approval are copies of what the events say, written
in the same transaction; `mailer ledger verify` refolds the events and compares.

Page numbers are 1-based and inclusive. The annotations are not put off (`from __future__`):
SQLAlchemy would evaluate each from its text again, at every start.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mailer.ledger.kinds import JobState, Medium, ReturnReason, Status
from mailer.ledger.stated import KnownClosings, Stated
from mailer.store.tablebase import Base as Base  # noqa: PLC0414 (who takes it here has every table)
from mailer.store.types import ClosingsKnown, StatedFacts, word


class ClientRow(Base):
    """One client of the list. `email_key` and `name_key` find one that a list names differently.

    The agreement, from `contract` to `last_raised`, holds from `terms_from` on; None: from the beginning.
    """

    __tablename__ = "client"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str]
    company: Mapped[str]
    contact: Mapped[str]
    salutation: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    line1: Mapped[str]
    line2: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    country: Mapped[str] = mapped_column(String(2))
    notice_address: Mapped[dict[str, Any] | None]
    contract: Mapped[str] = mapped_column(String(20))
    notice_term: Mapped[str]
    rate_locked_until: Mapped[date | None]
    max_raise: Mapped[Decimal | None]
    min_months_between: Mapped[int | None]
    only_at_renewal: Mapped[bool]
    renewal: Mapped[date | None]
    last_raised: Mapped[date | None]
    terms_from: Mapped[date | None]
    tags: Mapped[tuple[str, ...]]
    active: Mapped[bool]
    newsletter: Mapped[bool]
    since: Mapped[date | None]
    email_key: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str] = mapped_column(index=True)
    # of the hashes that bind its terms and rates (mailer.store.record.binding)
    salt: Mapped[str] = mapped_column(server_default=text("''"))
    first_imported: Mapped[date]
    updated_at: Mapped[datetime]
    listed: Mapped[str] = mapped_column(server_default=text("''"))  # mailer.store.listed.listedrows
    notice_to: Mapped[str] = mapped_column(server_default=text("''"))


ClientBefore: Final = Table(
    "client_before",
    Base.metadata,
    *(
        Column(one.name, one.type, primary_key=one.primary_key, nullable=one.nullable, server_default=blank)
        for one in ClientRow.__table__.columns
        for blank in [text("''") if one.name in ("listed", "notice_to") else None]
    ),
)
"""Clients as they were before the last import (mailer.store.listed.lastimport)."""


class LastImportRow(Base):
    """The last import that changed the list: when it was written, and the last rate and former terms that
    were there before it.
    """

    __tablename__ = "last_import"

    written_at: Mapped[datetime] = mapped_column(primary_key=True)
    last_rate: Mapped[int]
    last_former: Mapped[int]


class FormerTermsRow(Base):
    """An agreement that held before another one: from `valid_from`, None from the beginning."""

    __tablename__ = "former_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    valid_from: Mapped[date | None]
    contract: Mapped[str] = mapped_column(String(20))
    notice_term: Mapped[str]
    rate_locked_until: Mapped[date | None]
    max_raise: Mapped[Decimal | None]
    min_months_between: Mapped[int | None]
    only_at_renewal: Mapped[bool]
    renewal: Mapped[date | None]
    last_raised: Mapped[date | None]


class RateRow(Base):
    """What one service costs one client from a day on; `id` gives the order of entry."""

    __tablename__ = "client_rate"
    __table_args__ = (Index(None, "client_id", "service"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"))
    service: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Decimal]
    valid_from: Mapped[date]
    is_rise: Mapped[bool]
    source: Mapped[str]


class MailingRow(Base):
    """One medium of a campaign. `subject` names it in events: "2027-rates/letter"."""

    __tablename__ = "mailing"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(String(40), index=True)
    medium: Mapped[Medium] = mapped_column(word(Medium))
    subject: Mapped[str] = mapped_column(unique=True)
    next_number: Mapped[int]
    dated: Mapped[date | None]
    inputs_digest: Mapped[str | None]
    output_digest: Mapped[str | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    approved_on: Mapped[date | None]
    not_after: Mapped[date | None]


class PieceRow(Base):
    """One document to one recipient. `facts` are the changes it states, frozen as printed.

    `salt` keeps what the ledger has of the recipient from being guessed; dropping salt and snapshot forgets
    the person and leaves the proof standing.
    """

    __tablename__ = "piece"
    __table_args__ = (UniqueConstraint("mailing_id", "number"), Index(None, "mailing_id", "status"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"))
    number: Mapped[int]
    status: Mapped[Status] = mapped_column(word(Status))
    recipient_name: Mapped[str]
    recipient: Mapped[list[str]]
    zip: Mapped[str]
    salt: Mapped[str]
    facts: Mapped[Stated] = mapped_column(StatedFacts)
    recipient_digest: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(String(64))
    first_page: Mapped[int]
    last_page: Mapped[int]
    sha256: Mapped[str] = mapped_column(String())  # after its kind (mailer.pages.pagehash)
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("job.id"), index=True)
    drop_id: Mapped[UUID | None] = mapped_column(ForeignKey("mail_drop.id"))
    counts_on: Mapped[date | None]
    dropped_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    received_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    rehearsed: Mapped[bool] = mapped_column(default=False)  # its drop was recorded under a fixed day
    address: Mapped[dict[str, Any] | None]  # the parts of `recipient`, for a service that prints it itself
    certified: Mapped[str | None]  # the post's number, once it is entered
    again_of: Mapped[int | None]  # the number of the piece whose pages it repeats
    return_reason: Mapped[ReturnReason | None] = mapped_column(word(ReturnReason))
    of_record: Mapped[bool | None]  # that address was the last one that the client had given
    misaddressed_on: Mapped[date | None]  # the day on which its address was found to have been wrong


class PieceClientRow(Base):
    """Which clients a piece covers: one for a notice, one or more for a newsletter."""

    __tablename__ = "piece_client"

    piece_id: Mapped[UUID] = mapped_column(ForeignKey("piece.id"), primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True, index=True)


class CarriedRow(Base):
    """An article that an approved issue carries, as it was then."""

    __tablename__ = "carried"

    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(40), primary_key=True)
    article_digest: Mapped[str] = mapped_column(String(64))


class JobRow(Base):
    """The print room's production of pieces: a folder (relative to the mail folder)."""

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("mailing_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"))
    number: Mapped[int]
    state: Mapped[JobState] = mapped_column(word(JobState))
    folder: Mapped[str]
    manifest: Mapped[str | None] = mapped_column(String(64))


class DropRow(Base):
    """A hand-over to the post. `counts_on` is the mailing day after cut-off and closed days."""

    __tablename__ = "mail_drop"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"))
    job_id: Mapped[UUID] = mapped_column(ForeignKey("job.id"))
    pieces: Mapped[str]
    dropped_at: Mapped[datetime]
    counts_on: Mapped[date]
    dropped_by: Mapped[str]
    place: Mapped[str]
    mail_class: Mapped[str] = mapped_column(String(20))
    receipt: Mapped[str | None] = mapped_column(String(64))
    receipt_name: Mapped[str | None]
    closings: Mapped[KnownClosings] = mapped_column(ClosingsKnown(), nullable=True)


class SubmissionRow(Base):
    """What a mail service was asked for one piece: the outbox. `send_key` is the idempotency key.

    `sender` is the process that works on it (mailer.store.outbox); `sha256` is of the bytes that were sent.
    `account` is Service.account, None where an older mailer asked.
    """

    __tablename__ = "submission"
    __table_args__ = (Index(None, "mailing_id", "accepted_at"),)

    piece_id: Mapped[UUID] = mapped_column(ForeignKey("piece.id"), primary_key=True)
    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("mailing.id"))
    service: Mapped[str] = mapped_column(String(20))
    send_key: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(String())  # after its kind (mailer.pages.pagehash)
    live: Mapped[bool]
    certified: Mapped[bool]
    send_date: Mapped[date | None]
    cost: Mapped[Decimal | None]
    sender: Mapped[int | None] = mapped_column(BigInteger)
    first_tried: Mapped[datetime]
    last_tried: Mapped[datetime]
    problem: Mapped[str]
    provider_id: Mapped[str | None] = mapped_column(unique=True)
    accepted_at: Mapped[datetime | None]
    cancel_until: Mapped[datetime | None]
    expected: Mapped[date | None]
    account: Mapped[str | None] = mapped_column(String(12))


class TrackingRow(Base):
    """One thing a mail service told of a piece, by polling or webhook, once however often it is told.

    `piece_id` is None until the piece's acceptance is known here; `kind` is ours, "unknown" for a new name.
    """

    __tablename__ = "tracking"

    id: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(index=True)
    piece_id: Mapped[UUID | None] = mapped_column(ForeignKey("piece.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    provider_kind: Mapped[str]
    occurred_at: Mapped[datetime]
    told_at: Mapped[datetime]
    told_by: Mapped[str] = mapped_column(String(20))


class AddressCheckRow(Base):
    """What a service's verification said of an address, and when. `address` is the hash of what was asked:
    a corrected address was not checked.
    """

    __tablename__ = "address_check"

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    checked_on: Mapped[date]
    service: Mapped[str] = mapped_column(String(20))
    deliverability: Mapped[str]
    dpv: Mapped[str]
    suggestion: Mapped[dict[str, Any] | None]


class GivenFormRow(Base):
    """An address that stays as it was given, whatever form the post has for it. `address` is its hash: a
    corrected one has its form again.
    """

    __tablename__ = "given_form"

    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str]
    kept_by: Mapped[str]
    kept_on: Mapped[date]


class CorrectionRow(Base):
    """A client's address before and after it was corrected by hand: evidence keeps both."""

    __tablename__ = "correction"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    notice: Mapped[bool]  # the notice address, not the mailing address
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str]
    corrected_by: Mapped[str]
    corrected_on: Mapped[date]
    salt: Mapped[str]
    wrong_since: Mapped[date | None]  # our mistake: what went there since was not correctly addressed


class CareRow(Base):
    """How a client is treated whatever a list says (mailer.store.listed.care). `kept_id` is the client that a
    merged one is.
    """

    __tablename__ = "care"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    mark: Mapped[str] = mapped_column(String(20))
    kept_id: Mapped[UUID | None] = mapped_column(ForeignKey("client.id"))
    reason: Mapped[str]
    marked_by: Mapped[str]
    marked_on: Mapped[date]
    salt: Mapped[str]


class ExceptionRow(Base):
    """A recorded deviation from one of the firm's own policies for one client. `until` is included."""

    __tablename__ = "exception"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("client.id"), index=True)
    policy: Mapped[str]
    reason: Mapped[str]
    recorded_by: Mapped[str]
    recorded_on: Mapped[date]
    until: Mapped[date | None]
    salt: Mapped[str]


class EventRow(Base):
    """The append-only chain (mailer.ledger.chain). Triggers refuse every change."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str]
    recorded_at: Mapped[datetime]
    occurred_on: Mapped[date]
    rehearsal: Mapped[bool]
    payload: Mapped[str]
    prev: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
